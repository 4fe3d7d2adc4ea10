/**
 * Resume state over time. It claims a piece only after the piece is synced, and is clean only while
 * nothing is being written:
 *
 *   clean ──first write──▶ unclean ──every few seconds of writing──▶ unclean ──close, or all whole──▶ clean
 *
 * A process that dies leaves it unclean (or absent), and then every byte there is hashed at the next start.
 */
import type { Metainfo } from '../../torrent/metainfo.ts';
import type { Disk } from '../disk.ts';
import type { DiskError } from '../disk-error.ts';
import { toDiskError } from '../disk-error.ts';
import type { Ledger } from './ledger.ts';
import { saveResume, wholeMillis } from './resume-file.ts';
import type { TorrentFiles } from './torrent-files.ts';

/** What users lose without noticing; others save every minute or so. Syncing more often slows the disk down. */
export const defaultCheckpointEveryMs = 5_000;

export type CheckpointsOptions = {
  readonly metainfo: Metainfo;
  readonly disk: Disk;
  readonly files: TorrentFiles;
  readonly ledger: Ledger;
  /** Where the state goes; undefined: data is synced and no state is kept. */
  readonly path: string | undefined;
  readonly durable: boolean;
  /** From a write to the saving of what was written since the last one. */
  readonly everyMs: number;
};

/** Saves one at a time. A failed one is sticky: what it could not sync is in doubt until a recheck. */
export class Checkpoints {
  readonly #options: CheckpointsOptions;
  #last: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #failure: DiskError | undefined;
  #isClean = false;

  constructor(options: CheckpointsOptions) {
    this.#options = options;
  }

  /** The state on disk was found clean and trusted. */
  foundClean(): void {
    this.#isClean = true;
  }

  /** After a recheck: a clean state would be believed the next time, so it is taken back. */
  async rechecked(): Promise<void> {
    this.#failure = undefined;
    if (this.#isClean) await this.save({ clean: false });
  }

  /** Call before each write: rejects after a failure, and takes a clean state back. */
  async beforeWrite(): Promise<void> {
    this.#timer ??= setTimeout(() => this.#inBackground(), this.#options.everyMs).unref();
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#isClean) await this.save({ clean: false });
  }

  /** Syncs what was written so far, then claims it. */
  save({ clean }: { readonly clean: boolean }): Promise<void> {
    const saved = this.#last.then(() => this.#save(clean));
    this.#last = saved.catch(() => undefined);
    return saved;
  }

  /** A sync elsewhere failed. */
  fail(error: unknown): DiskError {
    this.#options.ledger.doubt();
    this.#failure = toDiskError(error, this.#options.path ?? '');
    return this.#failure;
  }

  /** Ends the background saving and waits for one under way. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#last;
  }

  #inBackground(): void {
    this.#timer = undefined;
    // The next write reports it.
    this.save({ clean: false }).catch(() => undefined);
  }

  async #save(clean: boolean): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (clean && this.#isClean) return;
    const { metainfo, disk, files, ledger, path, durable } = this.#options;
    const have = ledger.have.clone();
    const unsynced = ledger.unsynced();
    try {
      await files.sync();
      ledger.synced(unsynced);
      if (path === undefined) return;
      const { infoHash, pieceLength } = metainfo;
      const stamps = (await files.stamps()).map(wholeMillis);
      const state = { infoHash, pieceLength, have, files: stamps, clean };
      await saveResume(disk, path, { state, durable });
      this.#isClean = clean;
    } catch (error) {
      throw this.fail(error);
    }
  }
}
