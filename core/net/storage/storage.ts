/** The files of one torrent: verified pieces in, blocks out, and a state to resume from. */
import { sameBytes } from '../../bytes/hex.ts';
import type { Bitfield } from '../../torrent/bitfield.ts';
import type { PieceIndex } from '../../torrent/ids.ts';
import { hashOf } from '../../torrent/metainfo.ts';
import { sha1 } from '../hash.ts';
import { checkPieces, settleNames } from './check.ts';
import { Gate } from './gate.ts';
import type { OpenReport, RecheckOptions, StorageOptions } from './options.ts';
import type { StorageParts } from './parts.ts';
import { partsOf } from './parts.ts';
import { startStorage } from './start.ts';

/** As many as Node's thread pool has threads; more would only hold buffers. */
const maxWritesInFlight = 4;

/** One torrent on disk. Methods reject with DiskError; after `close` or `abandon` call none. */
export class Storage {
  readonly #parts: StorageParts;
  readonly #savesEachPiece: boolean;
  readonly #gate = new Gate(maxWritesInFlight);
  readonly #writing = new Map<PieceIndex, Promise<void>>();

  private constructor(options: StorageOptions) {
    this.#parts = partsOf(options);
    this.#savesEachPiece = options.fsync === 'always';
  }

  /** Opens, checks what is there and reports it. Rejects also when `signal` aborts; then nothing is left open. */
  static async open(options: StorageOptions): Promise<OpenReport & { readonly storage: Storage }> {
    const storage = new Storage(options);
    try {
      return { storage, ...(await startStorage(storage.#parts, options)) };
    } catch (error) {
      await storage.abandon();
      throw error;
    }
  }

  /** The pieces that are verified and written. A live view: clone it to keep it. */
  get have(): Bitfield {
    return this.#parts.ledger.have;
  }

  /** The block if it is in the read cache, uncopied; undefined: use `read`. Never overwritten before it is given back. */
  readCached(piece: PieceIndex, begin: number, length: number): Uint8Array | undefined {
    return this.#parts.reader.readCached(piece, begin, length);
  }

  /** Whether `readNow` is worth a try. */
  get isPrompt(): boolean {
    return this.#parts.disk.isPrompt === true;
  }

  /** The same, but it may be read at once where the disk does that. */
  readNow(piece: PieceIndex, begin: number, length: number): Uint8Array | undefined {
    return this.#parts.reader.readNow(piece, begin, length);
  }

  /** Blocks with one number are read together: when one of them has been read, the others are in the cache. */
  windowOf(piece: PieceIndex, begin: number): number {
    return this.#parts.reader.windowOf(piece, begin);
  }

  /**
   * The block from cache or disk. It may be kept and not written to; whoever is done with it may give it back
   * to the cache's pool. RangeError for a piece not had.
   */
  read(piece: PieceIndex, begin: number, length: number): Promise<Uint8Array> {
    return this.#parts.reader.read(piece, begin, length);
  }

  /**
   * Writes a whole piece that the caller has verified; `bytes` is borrowed until the promise settles.
   * When the piece was a file's last, resolves once that file is synced and has its final name.
   * After `disk-full` write it again once there is room; after any other error `recheck` first.
   */
  write(piece: PieceIndex, bytes: Uint8Array): Promise<void> {
    if (this.#parts.isSeed) throw new RangeError('a seed is not written to');
    if (bytes.length !== this.#parts.pieces.lengthOf(piece))
      throw new RangeError(`${bytes.length} bytes are not piece ${piece}`);
    const running = this.#writing.get(piece);
    if (running !== undefined) return running;
    if (this.have.has(piece)) return Promise.resolve();
    const writing = this.#gate
      .run(() => this.#write(piece, bytes))
      .finally(() => this.#writing.delete(piece));
    this.#writing.set(piece, writing);
    return writing;
  }

  /** Syncs the data and then saves the state; also happens by itself while pieces arrive. */
  checkpoint(): Promise<void> {
    return this.#parts.checkpoints.save({ clean: this.have.isFull });
  }

  /** Hashes everything anew and returns what is there: after an error, or when asked to. Waits for running writes. */
  async recheck(options: RecheckOptions = {}): Promise<Bitfield> {
    const { files, ledger, checkpoints, reader, isSeed } = this.#parts;
    await this.#quiet();
    await files.locate();
    ledger.reset(await checkPieces(this.#parts, options));
    reader.forgetAll();
    await checkpoints.rechecked();
    if (!isSeed) await settleNames(this.#parts, ledger, () => true);
    return this.have;
  }

  /** Whether the piece on disk is right now what it should be. */
  async verifyPiece(piece: PieceIndex): Promise<boolean> {
    const { pieces, files, metainfo } = this.#parts;
    const bytes = new Uint8Array(pieces.lengthOf(piece));
    const gaps = await files.read(pieces.offsetOf(piece), bytes);
    return gaps.length === 0 && sameBytes(sha1(bytes), hashOf(metainfo, piece));
  }

  /** Waits for writes, saves a clean state and closes every file, also when the saving fails. */
  async close(): Promise<void> {
    await this.#quiet();
    try {
      await this.#parts.checkpoints.save({ clean: true });
    } finally {
      await this.abandon();
    }
  }

  /** Closes every file and saves nothing: what a killed process leaves behind. */
  async abandon(): Promise<void> {
    await this.#quiet();
    this.#parts.reader.forgetAll();
    await this.#parts.files.close();
  }

  /** Until no write and no saving is under way. */
  async #quiet(): Promise<void> {
    await Promise.allSettled(this.#writing.values());
    await this.#parts.checkpoints.stop();
  }

  async #write(piece: PieceIndex, bytes: Uint8Array): Promise<void> {
    const { pieces, files, reader, checkpoints, ledger } = this.#parts;
    await checkpoints.beforeWrite();
    await files.write(pieces.offsetOf(piece), bytes);
    reader.forget(piece);
    await this.#land(piece);
    if (ledger.have.isFull || this.#savesEachPiece) await this.checkpoint();
  }

  /** Counts the piece in, and renames the files that lacked it only before. Another piece may land meanwhile, hence the loop. */
  async #land(piece: PieceIndex): Promise<void> {
    const { files, ledger, checkpoints } = this.#parts;
    const next = (): number | undefined =>
      ledger.onlyLackedBy(piece).find((file) => files.whereabouts(file) === 'part');
    try {
      for (let file = next(); file !== undefined; file = next()) await files.complete(file);
      // In one turn with the last look: of two pieces that land together, the second must see the first.
      ledger.add(piece);
    } catch (error) {
      throw checkpoints.fail(error);
    }
  }
}
