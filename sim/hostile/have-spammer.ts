/** Says the same haves over and over. */
import { PieceIndex } from '../../core/torrent/ids.ts';
import type { Trick } from './trick.ts';

/** Far more than any torrent of ours has pieces. */
const haves = 20_000;

export const haveSpammer = (): Trick => ({
  opened: (line) => {
    for (let i = 0; i < haves; i += 1)
      line.say({ type: 'have', piece: PieceIndex(i % line.pieces.count) });
  },
});
