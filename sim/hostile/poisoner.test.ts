import fc from 'fast-check';
import { expect, it } from 'vitest';
import { randomStream } from '../../core/random.ts';
import { PieceIndex } from '../../core/torrent/ids.ts';
import type { Saying } from '../../core/wire/saying.ts';
import { rarePoisoner } from './poisoner.ts';
import type { Line } from './trick.ts';

it('spoils one block of every hundred that it serves, wherever it begins, and nothing else that it says', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const random = randomStream(seed, 'poisoner');
      const trick = rarePoisoner({ random, spoil: () => Uint8Array.of(255) });
      const served = Array.from({ length: 300 }, (): Saying => {
        trick.said?.({ type: 'keep-alive' }, line);
        const [saying] = trick.said?.(good, line) ?? [];
        return saying ?? good;
      });
      const spoilt = served.flatMap((saying, index) => (saying === good ? [] : [index]));
      expect(spoilt.map((index) => Math.floor(index / 100))).toEqual([0, 1, 2]);
    }),
  );
});

const good: Saying = { type: 'piece', piece: PieceIndex(0), begin: 0, block: Uint8Array.of(0) };

/** Of no use to whoever only changes what passes. */
const line = {} as Line;
