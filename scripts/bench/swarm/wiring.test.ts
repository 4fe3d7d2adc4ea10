import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spread } from './crowd.ts';
import { addressesIn, fullMesh, randomGraph } from './wiring.ts';

/** Every connection by its two ends, the smaller number first. */
const pairsIn = (wiring: readonly (readonly number[])[]): readonly string[] =>
  wiring.flatMap((others, i) => others.map((j) => `${Math.min(i, j)}-${Math.max(i, j)}`));

describe('wiring', () => {
  it('connects all with all, once', () => {
    const pairs = pairsIn(fullMesh(5));
    expect(new Set(pairs).size).toBe(10);
    expect(pairs).toHaveLength(10);
  });

  it('draws a graph of a degree, in which nobody dials himself or the same one twice', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.integer({ min: 2, max: 70 }), (n, degree) => {
        const pairs = pairsIn(randomGraph(n, degree));
        expect(new Set(pairs).size).toBe(pairs.length);
        expect(pairs.every((pair) => pair.split('-')[0] !== pair.split('-')[1])).toBe(true);
        expect(pairs.length).toBeLessThanOrEqual((n * (n - 1)) / 2);
        if (degree % 2 === 0 && degree * 4 < n) expect(pairs).toHaveLength((n * degree) / 2);
      }),
    );
  });

  it('draws the same graph each time', () => {
    expect(randomGraph(50, 8)).toEqual(randomGraph(50, 8));
  });

  it('gives each peer an address and a port of its own', () => {
    const addresses = addressesIn('127.83', 1_000);
    expect(new Set(addresses.map(({ ip }) => ip)).size).toBe(1_000);
    expect(new Set(addresses.map(({ port }) => port)).size).toBe(1_000);
    const again = addressesIn('127.83', 1);
    expect(addresses.map(({ port }) => port)).not.toContain(again[0]?.port);
  });

  it('spreads a crowd evenly over processes, with one seed in it', () => {
    const roles = spread(101, 4).map((each) => each.roles);
    expect(roles.map(({ length }) => length)).toEqual([26, 25, 25, 25]);
    expect(roles.flat().filter((role) => role === 'seed')).toHaveLength(1);
  });
});
