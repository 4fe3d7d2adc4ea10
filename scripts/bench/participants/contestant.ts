/** A program that takes part in a bench: how it is told to seed one file, and to fetch it. */
import type { Endpoint } from '../../../core/torrent/ids.ts';
import type { Program } from './programs.ts';

export type Role = 'seed' | 'leech';

/** One peer, in whatever process. */
export type PeerOrder = {
  readonly role: Role;
  /** Where the file lies, or where it shall go. */
  readonly dir: string;
  /** Where it listens. */
  readonly address: Endpoint;
  /** Whom it dials once it is told to begin: every connection is dialled by one of its ends. */
  readonly meets: readonly Endpoint[];
};

/** What one process is told. */
export type ProcessOrder = {
  readonly torrentPath: string;
  /** The file's, in every peer's directory. */
  readonly fileName: string;
  /** A directory of its own for whatever else it writes. */
  readonly home: string;
  /** How many cores are its own, where it can choose. */
  readonly cores: number;
  readonly peers: readonly PeerOrder[];
};

export type Contestant = Program & {
  /** Several peers in one process, each as it is alone. */
  readonly holdsMany: boolean;
  /** Does not dial 127.x.y.z, and so needs a network of its own. */
  readonly refusesLoopback?: boolean;
  /** Resolves when it seeds, or waits to be told to begin. */
  readonly start: (order: ProcessOrder) => Promise<Running>;
};

/** A process that takes part. */
export type Running = {
  readonly pid: number;
  /** Dials whom it was told to meet. */
  readonly go: () => void;
  /** Resolves when all that it fetches is whole; rejects when it ends before. */
  readonly done: () => Promise<void>;
  /** Ends it at once. */
  readonly stop: () => Promise<void>;
};
