import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Copies } from './copies.ts';

const pieceCount = 5;
const names = ['seed', 'a', 'b', 'c'];

type Step =
  | { readonly type: 'open'; readonly peer: string; readonly pieces: readonly number[] }
  | { readonly type: 'add'; readonly peer: string; readonly piece: number }
  | { readonly type: 'gone'; readonly peer: string };

const peer = fc.constantFrom(...names);
const piece = fc.nat(pieceCount - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ type: fc.constant('open'), peer, pieces: fc.uniqueArray(piece) }),
  fc.record({ type: fc.constant('add'), peer, piece }),
  fc.record({ type: fc.constant('gone'), peer }),
);

/** The same, counted anew each time. */
class Naive {
  readonly held = new Map<string, Set<number>>();
  readonly out = new Set<number>();
  allOutMs: number | undefined;

  take(one: Step, atMs: number): void {
    if (one.type === 'open') this.held.set(one.peer, new Set(one.pieces));
    else if (one.type === 'add') this.held.get(one.peer)?.add(one.piece);
    else this.held.delete(one.peer);
    for (const [name, pieces] of this.held)
      if (name !== 'seed') for (const each of pieces) this.out.add(each);
    if (this.out.size === pieceCount) this.allOutMs ??= atMs;
  }

  get state(): Copies['state'] {
    const counts = Array.from({ length: pieceCount }, (_, index) =>
      [...this.held.values()].reduce((sum, pieces) => sum + Number(pieces.has(index)), 0),
    );
    const rarestCount = Math.min(...counts);
    return {
      rarestCount,
      rarestPieces: counts.filter((count) => count === rarestCount).length,
      meanCount: counts.reduce((sum, count) => sum + count, 0) / pieceCount,
      peers: this.held.size,
    };
  }
}

describe('the copies of pieces', () => {
  it('are counted as by somebody who counts them anew each time', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const copies = new Copies(pieceCount, new Set(['seed']));
        const naive = new Naive();
        for (const [atMs, one] of steps.entries()) {
          if (one.type === 'open') copies.open(one.peer, one.pieces, atMs);
          else if (one.type === 'add') copies.add(one.peer, one.piece, atMs);
          else copies.gone(one.peer);
          naive.take(one, atMs);
          expect(copies.state).toEqual(naive.state);
          expect(copies.allOutMs).toBe(naive.allOutMs);
        }
      }),
    );
  });

  it('say once that something changed', () => {
    const copies = new Copies(pieceCount, new Set());
    expect(copies.takeChanged()).toBe(false);
    copies.open('a', [], 0);
    expect(copies.takeChanged()).toBe(true);
    copies.add('a', 1, 1);
    copies.add('a', 1, 2);
    expect(copies.takeChanged()).toBe(true);
    copies.add('a', 1, 3);
    copies.add('a', pieceCount, 3);
    copies.gone('b');
    expect(copies.takeChanged()).toBe(false);
  });
});
