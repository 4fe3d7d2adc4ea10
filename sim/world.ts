/** The surroundings of one run: real sockets on loopback, or virtual time. The runner feels no other difference than this. */
import type { PauseReason, SwarmEvent } from '../core/swarm/event.ts';
import type { Endpoint, InfoHash, PeerId } from '../core/torrent/ids.ts';
import type { Instant } from '../core/time.ts';
import type { Plan } from './plan.ts';
import type { Corruption } from './scenario.ts';
import type { Resume } from './timeline.ts';

/** One thing a world can be told to do. Peers are called by their names (`leecher-3`); who they are stands in the plan. */
export type Action =
  | { readonly type: 'join'; readonly peer: string }
  /** Graceful stop: done when the farewell was delivered or given up. */
  | { readonly type: 'leave'; readonly peer: string }
  /** RST or SIGKILL, nothing announced. */
  | { readonly type: 'crash'; readonly peer: string }
  /** Alive but silent, until `thaw`. */
  | { readonly type: 'freeze'; readonly peer: string }
  | { readonly type: 'thaw'; readonly peer: string }
  /** Nothing passes between the two sides any more, in both directions. */
  | { readonly type: 'cut'; readonly between: Sides }
  /** Undoes the cut between these two sides, or every cut. */
  | { readonly type: 'heal'; readonly between?: Sides }
  /** Breaks what connects the two sides now; they may dial again. */
  | { readonly type: 'disconnect'; readonly between: Sides }
  /** New rates of the peer's link; undefined is unlimited. */
  | {
      readonly type: 'limit';
      readonly peer: string;
      readonly upBytesPerSec?: number;
      readonly downBytesPerSec?: number;
    }
  | { readonly type: 'corrupt'; readonly peer: string; readonly blocks: Corruption }
  /** Starts a peer that left or crashed again, with its address, its id and the data it left; one that is up is stopped first. */
  | { readonly type: 'restart'; readonly peer: string; readonly resume: Resume }
  /** The peer's disk refuses writes once it has taken so many bytes more. */
  | { readonly type: 'disk-full'; readonly peer: string; readonly afterBytes: number }
  /** There is room again, and the peer is told to go on. */
  | { readonly type: 'disk-heal'; readonly peer: string }
  | { readonly type: 'tracker-stop' }
  | { readonly type: 'tracker-restart' }
  /** The tracker loses every peer it knows but goes on answering. */
  | { readonly type: 'tracker-forget' };

/** Names of peers on either side. */
export type Sides = readonly [a: readonly string[], b: readonly string[]];

export interface World extends AsyncDisposable {
  readonly name: 'loopback' | 'virtual';
  readonly supports: ReadonlySet<Action['type']>;
  /** The run's own clock: 0 when `start` was done. */
  readonly now: Instant;
  /** Called once, first: makes the contents, starts the tracker, publishes nothing yet, and sets the clock to 0. */
  start(plan: Plan, signal: StopSignal): Promise<Started>;
  /** May be called while earlier ones are under way, but never twice at once for the same peer (or the tracker). Rejects when it cannot. */
  perform(action: Action): Promise<void> | void;
  /** Lets the clock reach `until`: at once in virtual time, by waiting in real time. Resolves early when the signal is aborted. */
  advance(until: Instant, signal: StopSignal): Promise<void>;
  observe(): Observation | Promise<Observation>;
  /** Everything the peers told since the last call, in order of time. */
  drain(): readonly RecordedEvent[];
  /** Called once, last: ends every peer and the tracker, hashes what they wrote, and counts what was left behind. */
  finish(): Promise<Ending>;
}

/** What the runner needs of an `AbortSignal`, which sim itself does not know. */
export type StopSignal = {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
};

/** What a world knows once it has begun. */
export type Started = {
  /** In the order of `plan.contents`. */
  readonly contents: readonly ContentFacts[];
  readonly environment: Environment;
};

export type ContentFacts = {
  readonly infoHash: InfoHash;
  readonly name: string;
  readonly length: number;
  readonly pieceLength: number;
  readonly pieceCount: number;
  /** As in the torrent, in its order; a single file has one entry, with the torrent's name as its path. */
  readonly files: readonly {
    readonly path: string;
    readonly length: number;
    /** Of the source, 64 hex digits. */
    readonly sha256: string;
  }[];
};

/** Host facts, since a number without them means little: `kernel`, `cpu`, `cores`, `node`, `congestionControl`, `backend`, `startedAt`, `swarmproof` ... */
export type Environment = Readonly<Record<string, string | number>>;

/** One event of a peer: who, and when on the run's clock. */
export type RecordedEvent = { readonly at: Instant; readonly peer: string } & SwarmEvent;

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

/** What is found when everything has ended. */
export type Ending = {
  readonly files: readonly FileFound[];
  readonly pairs: readonly PairBytes[];
  readonly leaks: readonly Leak[];
};

/** A file of a content at a peer, under its final name or still under its partial one. */
export type FileFound = {
  readonly peer: string;
  /** Index into `plan.contents`. */
  readonly content: number;
  /** As in `ContentFacts.files`. */
  readonly path: string;
  readonly isPartial: boolean;
  readonly bytes: number;
  readonly sha256: string;
};

/** What one peer says of another: payload bytes over all their connections, broken ones included. */
export type PairBytes = {
  readonly peer: string;
  readonly other: string;
  readonly content: number;
  readonly bytesDown: number;
  readonly bytesUp: number;
};

export type Leak = {
  readonly kind: 'socket' | 'timer' | 'file-handle' | 'child' | 'temporary-file' | 'other';
  readonly what: string;
};
