/**
 * Lives on slots that are given by chance, and more often to newcomers: it gives nothing, and when it is choked it goes
 * and comes back as somebody else.
 */
import { randomBytes } from '../../core/random.ts';
import { toHex } from '../../core/bytes/hex.ts';
import { PeerId } from '../../core/torrent/ids.ts';
import { freeRider } from './free-rider.ts';
import type { Trick, TrickParts } from './trick.ts';

export const slotThief = ({ random }: TrickParts): Trick => {
  const { said } = freeRider();
  const newName = (): PeerId => PeerId(toHex(randomBytes(random, 20)));
  return {
    said: (saying, line) =>
      saying.type === 'handshake'
        ? [{ ...saying, handshake: { ...saying.handshake, peerId: newName() } }]
        : (said?.(saying, line) ?? [saying]),
    heard: (saying, line) => {
      if (saying.type === 'choke') line.hangUp();
      return [saying];
    },
  };
};
