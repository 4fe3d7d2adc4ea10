/** Sends messages that are too long, too short or about no bytes at all, another one on each connection. */
import { PieceIndex } from '../../core/torrent/ids.ts';
import type { Saying } from '../../core/wire/saying.ts';
import type { Trick } from './trick.ts';

/** `unknown` writes whatever number and payload it is given. */
const wrong: readonly Saying[] = [
  { type: 'unknown', id: 0, payload: new Uint8Array(1) }, // A choke with a payload.
  { type: 'unknown', id: 4, payload: new Uint8Array(3) }, // Three bytes of a have.
  { type: 'unknown', id: 6, payload: new Uint8Array(11) }, // A request that is cut short.
  { type: 'unknown', id: 7, payload: new Uint8Array(7) }, // A piece without a whole place.
  { type: 'request', piece: PieceIndex(0), begin: 0, length: 0 },
  { type: 'piece', piece: PieceIndex(0), begin: 0, block: new Uint8Array() },
];

export const wrongLengths = (): Trick => {
  let count = 0;
  return {
    opened: (line) => {
      line.say(wrong[count % wrong.length] ?? { type: 'keep-alive' });
      count += 1;
    },
  };
};
