/** One host that comes under a hundred names, to have all the places that others want. */
import { toHex } from '../../core/bytes/hex.ts';
import { randomBytes } from '../../core/random.ts';
import { seconds } from '../../core/time.ts';
import { PeerId } from '../../core/torrent/ids.ts';
import { reservedBits } from '../../core/wire/handshake.ts';
import type { Intrusion, IntrusionParts } from './intrusion.ts';

const reserved = reservedBits({ fast: true, extension: false });

export const sybilById = ({ random, self }: IntrusionParts): Intrusion => ({
  connections: 60,
  beatEvery: seconds(1),
  opened: (line) => {
    const peerId = PeerId(toHex(randomBytes(random, 20)));
    line.say({ type: 'handshake', handshake: { ...self(), peerId, reserved } });
    line.say({ type: 'have-none' });
    line.say({ type: 'interested' });
  },
});
