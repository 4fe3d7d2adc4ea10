/** Begins its handshake and never ends it: a byte now and then holds a place that others want. */
import { seconds } from '../../core/time.ts';
import { encodeHandshake, reservedBits } from '../../core/wire/handshake.ts';
import type { Intrusion, IntrusionParts } from './intrusion.ts';

const reserved = reservedBits({ fast: true, extension: true });

export const slowLoris = ({ self }: IntrusionParts): Intrusion => ({
  connections: 4,
  beatEvery: seconds(1),
  beat: (line) => {
    const handshake = encodeHandshake({ ...self(), reserved });
    // Whose address has changed is not hung up on: it has all the time there is, and still does not come to the end.
    if (line.beats < handshake.length - 1)
      line.drip(handshake.subarray(line.beats, line.beats + 1));
  },
});
