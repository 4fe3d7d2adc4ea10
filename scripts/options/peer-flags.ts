/** The options that `seed`, `download` and `peer` have in common. */
import { parseRate } from '../../sim/quantity.ts';
import { usageError } from '../command-line/command-error.ts';

export const rateFlags = {
  up: {
    type: 'string',
    requiresArg: true,
    describe: 'limit of what is sent, 2MB/s',
    coerce: (written: string | undefined): number | undefined => rate(written),
  },
  down: {
    type: 'string',
    requiresArg: true,
    describe: 'limit of what is received',
    coerce: (written: string | undefined): number | undefined => rate(written),
  },
} as const;

export const placeFlags = {
  out: { type: 'string', default: 'output', requiresArg: true, describe: 'where downloads go' },
  'announce-ip': {
    type: 'string',
    requiresArg: true,
    describe: 'address to tell the tracker, for hosts behind port forwarding',
  },
} as const;

export const peerFlags = {
  ip: {
    type: 'string',
    default: '127.0.0.1',
    requiresArg: true,
    describe:
      'address to listen at and to dial from; any other than loopback opens the peer to the network',
  },
  port: {
    type: 'number',
    default: 0,
    requiresArg: true,
    describe: 'port to listen at; 0: any free one',
  },
  tracker: {
    type: 'string',
    requiresArg: true,
    describe: 'HOST:PORT or URL (default: 127.0.0.1:8888, or what the torrent says)',
  },
  seed: {
    type: 'boolean',
    default: true,
    describe: 'go on seeding; --no-seed: leave when complete',
  },
} as const;

function rate(written: string | undefined): number | undefined {
  if (written === undefined) return undefined;
  const bytesPerSec = parseRate(written);
  if (bytesPerSec === undefined) throw usageError(`not a rate: ${written} (say 500kB/s or 2MB/s)`);
  return bytesPerSec;
}
