/** What a world shows of itself at one moment: its peers, and its tracker's word. */
import type { PauseReason } from '../core/swarm/event.ts';
import type { Endpoint, InfoHash, PeerId } from '../core/torrent/ids.ts';
import type { Instant } from '../core/time.ts';

export type Observation = {
  readonly at: Instant;
  /** Every peer that ever joined, by name; also those that are gone, with their last figures. */
  readonly peers: ReadonlyMap<string, PeerObservation>;
  /** What the tracker last said; undefined before anyone asked. */
  readonly tracker: TrackerWord | undefined;
};

/** One peer, its torrents summed. Bytes are payload and count over all its lives: a restart does not set them back. */
export type PeerObservation = {
  readonly role: string;
  readonly isUp: boolean;
  readonly address: Endpoint | undefined;
  /** Where it was before it moved, the earliest first. */
  readonly movedFrom?: readonly Endpoint[];
  readonly peerId: PeerId;
  readonly piecesHave: number;
  readonly pieceCount: number;
  /** Holds everything it wants. */
  readonly isComplete: boolean;
  readonly bytesDown: number;
  readonly bytesUp: number;
  readonly bytesWasted: number;
  readonly downBytesPerSec: number;
  readonly upBytesPerSec: number;
  readonly connections: number;
  readonly pauseReason?: PauseReason;
};

/** One round of questions to the tracker by the world's own observer, which is not counted in any answer. */
export type TrackerWord = {
  readonly askedAt: Instant;
  readonly answeredAt: Instant;
  /** Why there was no answer; then `torrents` is empty. */
  readonly failure?: string;
  readonly torrents: readonly TorrentWord[];
};

export type TorrentWord = {
  readonly infoHash: InfoHash;
  /** The catalogue's entry; undefined while the list does not show the torrent. */
  readonly catalogue?: {
    readonly id: number;
    readonly seeders: readonly PeerId[];
    readonly leechers: readonly PeerId[];
  };
  readonly scrape?: { readonly seeders: number; readonly leechers: number };
  readonly announce?: {
    readonly seeders: number;
    readonly leechers: number;
    readonly peers: readonly Endpoint[];
  };
};
