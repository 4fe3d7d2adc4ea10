/** Sends blocks that nobody asked for. */
import { PieceIndex } from '../../core/torrent/ids.ts';
import { blockBytes } from '../../core/torrent/pieces.ts';
import { randomBelow } from '../../core/random.ts';
import type { Trick, TrickParts } from './trick.ts';

/** 16 MiB on each connection, if they are let in. */
const blocks = 1_000;
const zeros = new Uint8Array(blockBytes);

export const unrequestedBlocks = ({ random }: TrickParts): Trick => ({
  opened: (line) => {
    for (let i = 0; i < blocks; i += 1) {
      const piece = PieceIndex(randomBelow(random, line.pieces.count));
      const index = randomBelow(random, line.pieces.blockCount(piece));
      const { begin, length } = line.pieces.blockRef(piece, index);
      line.say({ type: 'piece', piece, begin, block: zeros.subarray(0, length) });
    }
  },
});
