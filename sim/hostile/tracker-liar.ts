/** Tells the tracker of completions that never were, and that others have stopped. */
import { toHex } from '../../core/bytes/hex.ts';
import { randomBytes } from '../../core/random.ts';
import { PeerId } from '../../core/torrent/ids.ts';
import type { Trick, TrickParts } from './trick.ts';

/** Each time that an honest peer announces once. */
const completions = 20;

export const trackerLiar = ({ random }: TrickParts): Trick => {
  const met = new Set<PeerId>();
  return {
    heard: (saying) => {
      if (saying.type === 'handshake') met.add(saying.handshake.peerId);
      return [saying];
    },
    announced: (request) => {
      const { event: _, ...regular } = request;
      const lie = { ...regular, numwant: 0 };
      return [
        ...Array.from({ length: completions }, () => ({
          ...lie,
          left: 0,
          event: 'completed' as const,
        })),
        ...[...met].map((peerId) => ({ ...lie, peerId, event: 'stopped' as const })),
        // Somebody nobody has ever met has completed, too.
        { ...lie, peerId: PeerId(toHex(randomBytes(random, 20))), left: 0, event: 'completed' },
      ];
    },
  };
};
