/** From the common options to a peer's. */
import type { SharingOptions } from '../sharing/sharing.ts';
import { ipAddress, portNumber } from './ports.ts';
import type { TrackerPlace } from './tracker-url.ts';

/** What `peerFlags`, `placeFlags` and `rateFlags` turn into. */
export type SharingFlags = {
  readonly ip: string;
  readonly port: number;
  readonly out: string;
  readonly 'announce-ip': string | undefined;
  readonly up: number | undefined;
  readonly down: number | undefined;
};

/** Throws a usage error for what is no address or port. */
export const sharingOptions = (flags: SharingFlags, tracker: TrackerPlace): SharingOptions => ({
  ip: ipAddress(flags.ip),
  port: portNumber(flags.port),
  tracker,
  outDir: flags.out,
  announceIp: flags['announce-ip'],
  upBytesPerSec: flags.up,
  downBytesPerSec: flags.down,
});
