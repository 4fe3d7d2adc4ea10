import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../random.ts';
import { Bitfield } from '../../torrent/bitfield.ts';
import { PieceIndex } from '../../torrent/ids.ts';
import { Candidates } from './candidates.ts';

const count = 40;

describe('Candidates', () => {
  it('finds what sorting all pieces would find, for peers with few pieces and with many', () => {
    const piece = fc.nat({ max: count - 1 });
    const change = fc.oneof(
      fc.record({ type: fc.constant('add'), piece, n: fc.integer({ min: 1, max: 7 }) }),
      fc.record({ type: fc.constant('remove'), piece, n: fc.constant(0) }),
      fc.record({ type: fc.constant('rerank'), piece, n: fc.nat({ max: 50 }) }),
    );
    const input = fc.record({
      changes: fc.array(change, { maxLength: 200, size: 'max' }),
      has: fc.subarray(Array.from({ length: count }, (_, i) => i)),
      allowed: fc.option(fc.uniqueArray(piece), { nil: undefined }),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(input, ({ changes, has, allowed, seed }) => {
        const ranks = new Map<number, number>();
        const levels = new Map<number, number>();
        const rank = (p: number): number => ranks.get(p) ?? 0;
        const candidates = new Candidates(count, { rank, random: randomStream(seed, 'test') });
        for (const { type, piece: p, n } of changes) {
          if (type === 'add' && !levels.has(p)) {
            candidates.add(p, n);
            levels.set(p, n);
          } else if (type === 'remove') {
            candidates.remove(p);
            levels.delete(p);
          } else if (type === 'rerank') {
            ranks.set(p, n);
            candidates.rerank(p);
          }
          // A search moves the start of the next one.
          candidates.first(bits(has));
        }
        const only = allowed === undefined ? undefined : new Set(allowed.map(PieceIndex));
        const usable = has.filter((p) => levels.has(p) && only?.has(PieceIndex(p)) !== false);
        const sortKey = (p: number): number => rank(p) - 1_000 * (levels.get(p) ?? 0);
        const best = Math.min(...usable.map(sortKey));
        const found = candidates.first(bits(has), only);
        expect(candidates.size).toBe(levels.size);
        if (usable.length === 0) expect(found).toBeUndefined();
        else expect(usable.filter((p) => sortKey(p) === best)).toContain(found);
      }),
      { numRuns: 1_000 },
    );
  });

  it('says when a search that found nothing is worth repeating', () => {
    const candidates = new Candidates(2, { rank: () => 0, random: randomStream(1, 'test') });
    candidates.add(0, 1);
    const before = candidates.additions;
    candidates.rerank(0);
    candidates.remove(0);
    expect(candidates.additions).toBe(before);
    candidates.add(1, 1);
    expect(candidates.additions).toBeGreaterThan(before);
  });

  it('refuses a priority that does not exist', () => {
    const candidates = new Candidates(1, { rank: () => 0, random: randomStream(1, 'test') });
    expect(() => candidates.add(0, 8)).toThrow(RangeError);
  });
});

function bits(pieces: readonly number[]): Bitfield {
  const has = new Bitfield(count);
  for (const piece of pieces) has.set(piece);
  return has;
}
