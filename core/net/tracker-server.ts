/** A running tracker: the registry behind a real HTTP server (BEP 3, 48 and the catalogue). */
import type { Duration } from '../time.ts';
import type { Endpoint } from '../torrent/ids.ts';
import type { RegistryOptions } from '../tracker/registry-options.ts';
import type { Logger } from './log.ts';

/** Everything a tracker knows, as plain data: hand it to `startTracker` to go on where another stopped. */
export type RegistrySnapshot = { readonly todo?: never };

export type TrackerOptions = {
  /** The address to listen on. Default 127.0.0.1; `0.0.0.0` or `::` for all. */
  readonly ip?: string;
  /** Default 8888; 0 takes any that is free. */
  readonly port?: number;
  /** Where the catalogue is kept, so that it survives a restart. Undefined: only in memory. */
  readonly state?: string;
  readonly registry?: Partial<RegistryOptions>;
  /** What an earlier tracker knew (`RunningTracker.snapshot`): catalogue and swarms. */
  readonly restore?: RegistrySnapshot;
  /** Of the random choice of peers. Undefined: drawn. */
  readonly seed?: number;
  /** Believe the last address in X-Forwarded-For: only behind a proxy that sets it. */
  readonly trustProxy?: boolean;
  readonly log?: Logger;
};

export interface RunningTracker extends AsyncDisposable {
  /** Where it listens. */
  readonly address: Endpoint;
  /** Every address it serves, like `http://127.0.0.1:8888`. */
  readonly urls: readonly string[];
  /** For .torrent files and for `announce`. */
  readonly announceUrl: string;
  /** How stale the lists can be after a crash: the registry's `expireAfter`. A peer that says `stopped` leaves at once. */
  readonly expireAfter: Duration;
  /** Everything it knows now. */
  snapshot(): RegistrySnapshot;
  /** Loses every peer, but not the catalogue, and goes on answering. */
  forget(): void;
  /** Ends at once; nothing is left behind. */
  stop(): Promise<void>;
}

export declare function startTracker(options?: TrackerOptions): Promise<RunningTracker>;
