/** Carries out what a torrent asks of disk and hasher, and hands the results back as inputs. */
import type { Metainfo } from '../torrent/metainfo.ts';
import type { InfoHash, PieceIndex } from '../torrent/ids.ts';
import type { JobInput, JobOutput } from '../swarm/jobs.ts';
import { hashOf } from '../torrent/metainfo.ts';
import { toDiskError } from './disk-error.ts';
import type { PieceBuffers } from './piece-buffers.ts';
import type { Storage } from './storage/storage.ts';

/** Changes a block on its way out: for bench peers that serve what is not so. */
export type Tamper = (piece: PieceIndex, begin: number, block: Uint8Array) => Uint8Array;

export type TorrentJobsOptions = {
  readonly metainfo: Metainfo;
  readonly storage: Storage;
  readonly buffers: PieceBuffers;
  readonly tamper: Tamper | undefined;
  readonly feed: (input: JobInput & { readonly infoHash: InfoHash }) => void;
};

type DiskJob = Exclude<JobOutput, { readonly type: 'announce' | 'event' }>;
type Job<Type extends DiskJob['type']> = Extract<DiskJob, { readonly type: Type }>;

export class TorrentJobs {
  readonly #options: TorrentJobsOptions;
  /** Pieces whose buffers the disk is reading from: they must not be used again yet. */
  readonly #writing = new Set<PieceIndex>();
  /** Requests that are answered in the next turn of the event loop, from a disk that answers at once. */
  #soon: Job<'read'>[] = [];
  /** Requests that wait for one window of the disk, by its number. */
  readonly #waiting = new Map<number, Job<'read'>[]>();

  constructor(options: TorrentJobsOptions) {
    this.#options = options;
  }

  /** Lets go of the disk and saves nothing, as when a process is killed. */
  async abandon(): Promise<void> {
    this.#soon = [];
    await this.#options.storage.abandon();
    this.#options.buffers.clear();
  }

  // prettier-ignore
  handle(job: DiskJob): void {
    switch (job.type) {
      case 'store':       return this.#store(job);
      case 'verify':      return this.#verify(job);
      case 'write':       return void this.#write(job.piece);
      case 'discard':     return this.#discard(job.piece);
      case 'read':        return this.#read(job);
      case 'recheck':     return void this.#recheck();
      case 'close':       return void this.#close();
    }
  }

  /** The torrent begins no more pieces than there are buffers for: a block without a place is our own mistake. */
  #store({ piece, begin, block }: Job<'store'>): void {
    if (!this.#options.buffers.store(piece, begin, block))
      throw new RangeError(`no buffer for piece ${piece}`);
  }

  #verify({ piece, wantDigests }: Job<'verify'>): void {
    const { buffers, metainfo } = this.#options;
    const verdict = buffers.verify(piece, hashOf(metainfo, piece), wantDigests);
    this.#feed({ type: 'verified', piece, ...verdict });
  }

  async #write(piece: PieceIndex): Promise<void> {
    const { buffers, storage } = this.#options;
    this.#writing.add(piece);
    try {
      await storage.write(piece, buffers.take(piece));
      this.#finish(piece);
      this.#feed({ type: 'written', piece });
    } catch (error) {
      this.#finish(piece);
      this.#fail(error, piece);
    }
  }

  #finish(piece: PieceIndex): void {
    this.#writing.delete(piece);
    this.#options.buffers.drop(piece);
  }

  #discard(piece: PieceIndex): void {
    if (!this.#writing.has(piece)) this.#options.buffers.drop(piece);
  }

  #read(job: Job<'read'>): void {
    const { storage } = this.#options;
    const cached = storage.readCached(job.piece, job.begin, job.length);
    // No promise for what is in memory: this happens tens of thousands of times a second.
    if (cached !== undefined) return this.#serve(job, cached);
    if (!storage.isPrompt) return this.#readLater(job);
    // Not in this turn: what is answered now is sent now, and makes room for the next request. A peer with many of them would
    // be served to the end while nobody else is heard.
    if (this.#soon.push(job) === 1) setImmediate(() => this.#readSoon());
  }

  #readSoon(): void {
    const { storage } = this.#options;
    for (const job of this.#soon.splice(0)) {
      const block = storage.readNow(job.piece, job.begin, job.length);
      if (block === undefined) this.#readLater(job);
      else this.#serve(job, block);
    }
  }

  #readLater(job: Job<'read'>): void {
    const { storage } = this.#options;
    const window = storage.windowOf(job.piece, job.begin);
    const waiting = this.#waiting.get(window);
    if (waiting !== undefined) return void waiting.push(job);
    this.#waiting.set(window, []);
    storage.read(job.piece, job.begin, job.length).then(
      (block) => {
        this.#serve(job, block);
        for (const other of this.#taken(window)) this.#read(other);
      },
      (error: unknown) => {
        // Once for all who waited: the torrent then gives up everything it was reading.
        this.#taken(window);
        this.#fail(error);
      },
    );
  }

  #taken(window: number): readonly Job<'read'>[] {
    const waiting = this.#waiting.get(window) ?? [];
    this.#waiting.delete(window);
    return waiting;
  }

  #serve({ conn, piece, begin }: Job<'read'>, bytes: Uint8Array): void {
    const { feed, metainfo, tamper } = this.#options;
    const block = tamper === undefined ? bytes : tamper(piece, begin, bytes);
    feed({ type: 'read', infoHash: metainfo.infoHash, conn, piece, begin, block });
  }

  async #recheck(): Promise<void> {
    const { storage } = this.#options;
    try {
      this.#feed({ type: 'rechecked', have: (await storage.recheck()).clone() });
    } catch (error) {
      this.#fail(error);
    }
  }

  async #close(): Promise<void> {
    this.#soon = [];
    // Unsaved progress costs a check at the next start, no more: the torrent ends all the same.
    await this.#options.storage.close().catch(() => undefined);
    this.#options.buffers.clear();
    this.#feed({ type: 'closed' });
  }

  #fail(error: unknown, piece?: PieceIndex): void {
    const { code, message } = toDiskError(error, this.#options.metainfo.name);
    this.#feed({
      type: 'disk-failed',
      failure: { code, message },
      ...(piece !== undefined && { piece }),
    });
  }

  #feed(input: JobInput): void {
    this.#options.feed({ ...input, infoHash: this.#options.metainfo.infoHash });
  }
}
