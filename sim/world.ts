/** The surroundings of one run: real sockets on loopback, or virtual time. The runner feels no other difference than this. */
import type { SwarmEvent } from '../core/swarm/event.ts';
import type { InfoHash } from '../core/torrent/ids.ts';
import type { Instant } from '../core/time.ts';
import type { Capability } from './capability.ts';
import type { CheckResult } from './check-result.ts';
import type { Plan } from './plan.ts';
import type { Action } from './action.ts';
import type { Observation } from './observation.ts';

export type { Action, Sides } from './action.ts';
export type { Observation, PeerObservation, TorrentWord, TrackerWord } from './observation.ts';

export interface World extends AsyncDisposable {
  readonly name: 'loopback' | 'virtual';
  /** What it can do; a plan that needs more (`needsOf`) is not started. */
  readonly supports: ReadonlySet<Capability>;
  /** The run's own clock: 0 when `start` was done. */
  readonly now: Instant;
  /** Called once, first: makes the contents, starts the tracker, publishes nothing yet, and sets the clock to 0. */
  start(plan: Plan, signal: StopSignal): Promise<Started>;
  /** May be called while earlier ones are under way, but never twice at once for the same peer (or the tracker). Rejects when it cannot. */
  perform(action: Action): Promise<void> | void;
  /**
   * Lets the clock reach `until`: at once in virtual time, by waiting in real time. Resolves early when the signal is
   * aborted, and when a peer has told news (`isNews`), at the very moment of it where the world can.
   */
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

/** What is found when everything has ended. */
export type Ending = {
  readonly files: readonly FileFound[];
  readonly pairs: readonly PairBytes[];
  readonly leaks: readonly Leak[];
  /** Claims about pieces that the peers of a lean record found true themselves and told nobody of; left out: none. */
  readonly claimsHeld?: number;
  /** Left out by a world in real time. */
  readonly simulated?: Simulated;
  /** What a witness found while it played, if there was one. */
  readonly checks?: readonly CheckResult[];
};

/** How a world in virtual time played. */
export type Simulated = {
  /** Whether the bytes of the wire were made and hashed, or blocks stood for by their lengths. */
  readonly fidelity: 'byte-exact' | 'elided';
  /** What the scheduler fired, from the start to the end. */
  readonly events: number;
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
