/** What the world tells a peer to do and what it hears of it: plain data, the same in one process and between two. */
import type { SwarmEvent } from '../../core/swarm/event.ts';
import type { TorrentOptions } from '../../core/swarm/options.ts';
import type { Endpoint, InfoHash, PeerId } from '../../core/torrent/ids.ts';
import type { TorrentStats } from '../../core/swarm/stats.ts';
import type { PeerSpec } from '../plan.ts';
import type { Corruption, RecordMode } from '../scenario.ts';
import type { Resume } from '../timeline.ts';

/** Everything a peer needs to begin a life. */
export type PeerOrder = {
  readonly name: string;
  readonly peerId: PeerId;
  /** Which program plays the peer. */
  readonly client: string;
  readonly ip: string;
  /** 0: whichever is free. */
  readonly port: number;
  /** The run's; the peer's own streams are named after it. */
  readonly seed: number;
  readonly dir: string;
  readonly link: PeerSpec['link'];
  readonly options: Partial<TorrentOptions>;
  readonly corrupt: Corruption;
  /** Cut off from these from the first moment on. */
  readonly blockedIps: readonly string[];
  readonly torrents: readonly TorrentOrder[];
  /** How much of what happens it tells. */
  readonly record: RecordMode;
};

export type TorrentOrder = {
  readonly torrentPath: string;
  /** The parent of the torrent's top-level name. */
  readonly dir: string;
  /** The files are whole and somebody's own; otherwise they are downloaded. */
  readonly isOwner: boolean;
  /** As in `ContentFacts.files`; everything when undefined. */
  readonly wants?: readonly string[];
  readonly resume: Resume;
};

/** One thing to do. `stop` ends the life gracefully; nothing may follow it. */
export type PeerCommand =
  | { readonly type: 'observe' }
  | { readonly type: 'freeze' }
  | { readonly type: 'thaw' }
  | ({ readonly type: 'limit' } & LinkRates)
  | { readonly type: 'block'; readonly ips: readonly string[] }
  | { readonly type: 'disconnect'; readonly ips: readonly string[] }
  | { readonly type: 'corrupt'; readonly blocks: Corruption }
  | { readonly type: 'disk-full'; readonly afterBytes: number }
  | { readonly type: 'disk-error' }
  | { readonly type: 'disk-heal' }
  | { readonly type: 'stop' };

/** Undefined is unlimited. */
export type LinkRates = { readonly upBytesPerSec?: number; readonly downBytesPerSec?: number };

/** How a peer is doing, in this life. */
export type PeerFigures = {
  readonly address: Endpoint;
  readonly torrents: readonly TorrentFigures[];
  /** See `Ending.claimsHeld`. */
  readonly claimsHeld: number;
};

/** `isComplete`: it holds everything it wants, also while it stands still or when it has stopped. */
export type TorrentFigures = {
  readonly infoHash: InfoHash;
  readonly stats: TorrentStats;
  readonly isComplete: boolean;
};

/** `at` is in milliseconds on the system's clock, so that it means the same in every process. */
export type PeerEvent = { readonly at: number; readonly event: SwarmEvent };

/** The life of one peer, wherever it is lived. */
export interface PeerLife {
  /** Does one thing and says how the peer is after it. Rejects when it cannot. */
  perform(command: PeerCommand): Promise<PeerFigures>;
  /**
   * Ends it without a word to anybody; resolves when it is gone, with the figures of the very last moment where those
   * could be had. Harmless after the end.
   */
  kill(): Promise<PeerFigures | undefined>;
}

/** Milliseconds on the system's clock, never going back within a process. */
export const systemNow = (): number => performance.timeOrigin + performance.now();
