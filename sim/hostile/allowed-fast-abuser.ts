/** Asks for the pieces that a choked newcomer may have (BEP 6), and asks for the same ones a hundred times. */
import type { Trick } from './trick.ts';

const times = 100;

export const allowedFastAbuser = (): Trick => ({
  // Nobody unchokes who is not interested.
  said: (saying) => (saying.type === 'interested' ? [] : [saying]),
  heard: (saying, line) => {
    if (saying.type !== 'allowed-fast') return [saying];
    const { piece } = saying;
    for (let time = 0; time < times; time += 1)
      for (let block = 0; block < line.pieces.blockCount(piece); block += 1)
        line.say({ type: 'request', ...line.pieces.blockRef(piece, block) });
    return [saying];
  },
});
