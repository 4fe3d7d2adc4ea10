import { describe, expect, it } from 'vitest';
import { maxSeeds, parseSeeds } from './seeds.ts';

describe('--seeds', () => {
  it.each([
    ['7', [7]],
    ['3..6', [3, 4, 5, 6]],
    ['9,1..3, 2,5', [9, 1, 2, 3, 5]],
    ['0..0', [0]],
  ])('reads %s', (text, seeds) => {
    expect(parseSeeds(text)).toEqual(seeds);
  });

  it.each(['', 'x', '1..', '..3', '5..1', '1...3', '-1', '1,,2', '99999999999999999999'])(
    "refuses '%s'",
    (text) => {
      expect(() => parseSeeds(text)).toThrow(/--seeds is like 1\.\.1000/);
    },
  );

  it('refuses more than anybody could keep account of', () => {
    expect(parseSeeds(`1..${maxSeeds}`)).toHaveLength(maxSeeds);
    expect(() => parseSeeds(`0..${maxSeeds}`)).toThrow(/at most/);
    expect(() => parseSeeds(`1..${maxSeeds},7000000`)).toThrow(/at most/);
  });
});
