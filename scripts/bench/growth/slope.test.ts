import { describe, expect, it } from 'vitest';
import { slopeOf } from './slope.ts';

const along = (costOf: (size: number) => number): number =>
  slopeOf([1, 2, 4, 8, 16].map((size) => ({ size, cost: costOf(size) })));

describe('a slope', () => {
  it('is the exponent of the growth', () => {
    expect(along((size) => 7 * size)).toBeCloseTo(1);
    expect(along((size) => size ** 2 / 100)).toBeCloseTo(2);
    expect(along(() => 5)).toBeCloseTo(0);
  });

  it('is a little above 1 for n log n', () => {
    const slope = along((size) => 1_000 * size * Math.log(1_000 * size));
    expect(slope).toBeGreaterThan(1.05);
    expect(slope).toBeLessThan(1.2);
  });
});
