import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipOf, numberAt } from './addresses.ts';

const numbers = fc.integer({ min: 1, max: 2 ** 24 - 1 });

describe('addresses', () => {
  it('tell whose they are, wherever the peer has moved', () => {
    fc.assert(
      fc.property(numbers, fc.nat({ max: 89 }), (number, moves) => {
        expect(numberAt(ipOf(number, moves))).toBe(number);
      }),
    );
  });

  it('put peers with numbers that are close into different /24s', () => {
    const blocks = Array.from({ length: 60_000 }, (_, i) => ipOf(i + 1, 0).replace(/\.\d+$/, ''));
    expect(new Set(blocks).size).toBe(60_000);
  });
});
