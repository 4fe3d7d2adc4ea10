/** What a torrent's storage is asked to do, and what it answers. */
import type { Bitfield } from '../../torrent/bitfield.ts';
import type { Metainfo } from '../../torrent/metainfo.ts';
import type { Disk, DiskSpace } from '../disk.ts';
import type { ReadCache } from './read-cache.ts';

export type StorageOptions = {
  readonly metainfo: Metainfo;
  /** Where the files go or lie: the parent of the torrent's top-level name. */
  readonly dir: string;
  /** Instead of the torrent's own top-level name: one path component. */
  readonly name?: string;
  /** Default: nodeDisk. */
  readonly disk?: Disk;
  /**
   * `seed`: the files are somebody's: opened where they are, never written, renamed or made, and
   * nothing is put beside them. Missing or short files are missing pieces.
   * `download` (default): files are made as `name.part` and renamed once whole.
   */
  readonly existing?: 'seed' | 'download';
  /**
   * `trust` (default): a clean state whose sizes and mtimes agree spares the hashing.
   * `check`: hashes whatever is there. `none`: as `check`, and no state is kept either.
   */
  readonly resume?: 'trust' | 'check' | 'none';
  /** Where resume state is kept. Default: `dir` when downloading, nowhere when seeding. */
  readonly stateDir?: string;
  /** See `FsyncPolicy`. Default `on-complete`. */
  readonly fsync?: FsyncPolicy;
  /** How much work a power cut may cost at most, while `fsync` is not `never`. Default: 5 s. */
  readonly checkpointEveryMs?: number;
  /** Pieces nobody wants: they do not count as needed space. */
  readonly skip?: Bitfield;
  /** Shared by all storages of a process, so that its limit is the process's. Default: one of its own. */
  readonly cache?: ReadCache;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
};

/**
 * - `on-complete`: a file is synced before it gets its final name, and data before resume state claims it.
 * - `always`: also after each piece.
 * - `never`: the system decides; a power cut may cost anything, a killed process nothing.
 */
export type FsyncPolicy = 'on-complete' | 'always' | 'never';

/** How far a check or creation is; `totalBytes` may be 0. */
export type OnProgress = (doneBytes: number, totalBytes: number) => void;

export type RecheckOptions = { readonly onProgress?: OnProgress; readonly signal?: AbortSignal };

/** `resume`: a trusted state spared the check. `checked`: every byte there was hashed. `new`: nothing was there. */
export type StorageSource = 'resume' | 'checked' | 'new';

/** What is there, and whether the rest will fit: less free than needed is a warning, not an error. */
export type OpenReport = {
  readonly have: Bitfield;
  readonly source: StorageSource;
  readonly space: DiskSpace & { readonly neededBytes: number };
};
