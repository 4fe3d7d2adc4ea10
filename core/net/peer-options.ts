/** How a peer is started. */
import type { PeerId } from '../torrent/ids.ts';
import type { Instant } from '../time.ts';
import type { SwarmEvent } from '../swarm/event.ts';
import type { Session } from '../swarm/session.ts';
import type { SessionMachine } from '../swarm/session-machine.ts';
import type { TorrentOptions } from '../swarm/options.ts';
import type { Disk } from './disk.ts';
import type { FsyncPolicy } from './storage/options.ts';
import type { ReadCache } from './storage/read-cache.ts';
import type { Tamper } from './torrent-jobs.ts';

export type PeerOptions = {
  /** The address to listen at and to dial from. Default: 127.0.0.1, so that nothing leaves the machine unasked. */
  readonly ip?: string;
  /** Default: 0, any free port. */
  readonly port?: number;
  /** Told to trackers instead of the address they see, for hosts behind port forwarding. */
  readonly announceIp?: string;
  /** Default: drawn from the seed. */
  readonly peerId?: PeerId;
  /** Of every random stream of this peer. Default: from the system's entropy. */
  readonly seed?: number | string;
  /** Where downloads go. Default: `output`. */
  readonly outDir?: string;
  /** What each torrent starts with; `add` may say otherwise for one. */
  readonly torrent?: Partial<TorrentOptions>;
  /** Limits of the whole peer in bytes/s. */
  readonly upBytesPerSec?: number;
  readonly downBytesPerSec?: number;
  /** Added to everything sent, in milliseconds: a longer link for a bench. */
  readonly delayMs?: number;
  /** Default: `nodeDisk`, which works in the thread pool. Many peers in one process are better off with `inlineDisk`. */
  readonly disk?: Disk;
  /** See `FsyncPolicy`. Default `on-complete`. */
  readonly fsync?: FsyncPolicy;
  /** Shared by peers of one thread, so that its limit holds for all of them. Default: one of its own. */
  readonly readCache?: ReadCache;
  readonly tamper?: Tamper;
  /** Puts another machine between the sockets and the session, which then speaks in values: for bench peers that break the rules. */
  readonly disguise?: (session: Session) => SessionMachine;
  /** Everything worth telling, with milliseconds since the peer started. */
  readonly onEvent?: (event: SwarmEvent, at: Instant) => void;
};
