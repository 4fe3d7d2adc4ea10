/** What a tracker knows and what it counts, as plain data: to go on elsewhere, and to be shown (BEP 3, BEP 48). */
import type { Duration } from '../time.ts';
import type { Endpoint, InfoHash, PeerId } from '../torrent/ids.ts';
import type { PublicationsSnapshot } from './publications.ts';

/** A peer as it was; `silentFor` is how long ago it was last heard. */
export type KeptPeer = Endpoint & {
  readonly infoHash: InfoHash;
  readonly peerId: PeerId;
  /** 0: none. See `keyNumber`. */
  readonly key: number;
  readonly isSeeder: boolean;
  readonly isPaused: boolean;
  readonly hasCompleted: boolean;
  readonly silentFor: Duration;
};

export type SwarmsSnapshot = {
  /** Of the swarms in which anybody completed. */
  readonly downloaded: readonly { readonly infoHash: InfoHash; readonly count: number }[];
  /** Of all swarms, in the order in which they were last heard. */
  readonly peers: readonly KeptPeer[];
};

/** Everything a tracker knows: hand it to a new one. */
export type RegistrySnapshot = {
  readonly catalogue: PublicationsSnapshot;
  readonly swarms: SwarmsSnapshot;
};

/** Counts since the tracker started, and what it holds now. */
export type Stats = {
  /** Published torrents, with or without a seeder. */
  readonly torrents: number;
  readonly swarms: number;
  readonly peers: number;
  readonly seeders: number;
  readonly leechers: number;
  readonly announces: number;
  /** Announces that were answered with a failure. */
  readonly refusals: number;
  readonly scrapes: number;
  /** Peers that left without a word. */
  readonly expired: number;
};
