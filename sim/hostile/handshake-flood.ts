/** Connects as often as it can: half of its connections say nothing, half ask for a torrent that nobody has. */
import { toHex } from '../../core/bytes/hex.ts';
import { randomBytes } from '../../core/random.ts';
import { millis } from '../../core/time.ts';
import { InfoHash } from '../../core/torrent/ids.ts';
import { reservedBits } from '../../core/wire/handshake.ts';
import type { Intrusion, IntrusionParts } from './intrusion.ts';

const reserved = reservedBits({ fast: true, extension: true });

export const handshakeFlood = ({ random, self }: IntrusionParts): Intrusion => ({
  connections: 60,
  beatEvery: millis(200),
  opened: (line) => {
    if (line.index % 2 === 0) return;
    const infoHash = InfoHash(toHex(randomBytes(random, 20)));
    line.say({ type: 'handshake', handshake: { ...self(), infoHash, reserved } });
  },
});
