/** Asks for everything a thousand times: while it is choked, and again when it is served. */
import { PieceIndex } from '../../core/torrent/ids.ts';
import { randomBelow } from '../../core/random.ts';
import type { Line, Trick, TrickParts } from './trick.ts';

const requests = 5_000;

export const requestFlooder = ({ random }: TrickParts): Trick => {
  const flood = (line: Line): void => {
    for (let i = 0; i < requests; i += 1) {
      const piece = PieceIndex(randomBelow(random, line.pieces.count));
      const block = randomBelow(random, line.pieces.blockCount(piece));
      line.say({ type: 'request', ...line.pieces.blockRef(piece, block) });
    }
  };
  return {
    opened: flood,
    heard: (saying, line) => {
      if (saying.type === 'unchoke') flood(line);
      return [saying];
    },
  };
};
