/** Blocks out of a torrent's files, through windows that are read once for many blocks. */
import type { Bitfield } from '../../torrent/bitfield.ts';
import { PieceIndex } from '../../torrent/ids.ts';
import type { Pieces } from '../../torrent/pieces.ts';
import { DiskError } from '../disk-error.ts';
import type { ReadAt, Span } from './hash-pieces.ts';
import type { ReadCache, WindowBytes } from './read-cache.ts';

export type BlockReaderOptions = {
  readonly pieces: Pieces;
  readonly cache: ReadCache;
  readonly read: ReadAt;
  /** Fills all of `into` at once; false where that cannot be. */
  readonly readNow: (offset: number, into: Uint8Array) => boolean;
  /** The pieces that may be served at this moment. */
  readonly have: () => Bitfield;
  /** The file that holds a byte of the torrent, for messages. */
  readonly pathAt: (offset: number) => string;
};

/** Serves pieces that are had, and nothing else. */
export class BlockReader {
  readonly #options: BlockReaderOptions;
  readonly #share: number;
  readonly #windowBytes: number;

  constructor(options: BlockReaderOptions) {
    this.#options = options;
    this.#share = options.cache.share();
    this.#windowBytes = windowBytesFor(options.pieces.pieceLength, options.cache.windowBytes);
  }

  /** The block when its window is in memory and the piece is had; lent by the cache's pool. */
  readCached(piece: PieceIndex, begin: number, length: number): Uint8Array | undefined {
    const { pieces, cache, have } = this.#options;
    if (!have().has(piece) || !isInside(pieces, piece, { begin, length })) return undefined;
    const window = cache.peek(this.#share + this.windowOf(piece, begin));
    return window && this.#lend(window, pieces.offsetOf(piece) + begin, length);
  }

  /** As `readCached`, but the window may be read for it, without letting go of the thread. */
  readNow(piece: PieceIndex, begin: number, length: number): Uint8Array | undefined {
    const { pieces, have } = this.#options;
    const cached = this.readCached(piece, begin, length);
    if (cached !== undefined) return cached;
    if (!have().has(piece) || !isInside(pieces, piece, { begin, length })) return undefined;
    const window = this.#readWindowNow(this.windowOf(piece, begin));
    return window && this.#lend(window, pieces.offsetOf(piece) + begin, length);
  }

  /** The block, lent by the cache's pool or copied. Throws RangeError for what is not had; rejects with DiskError. */
  async read(piece: PieceIndex, begin: number, length: number): Promise<Uint8Array> {
    const { pieces, have } = this.#options;
    if (!isInside(pieces, piece, { begin, length }))
      throw new RangeError(`no bytes ${begin}+${length} in piece ${piece}`);
    if (!have().has(piece)) throw new RangeError(`piece ${piece} is not had`);
    const offset = pieces.offsetOf(piece) + begin;
    const window = await this.#load(this.windowOf(piece, begin));
    const head = window.subarray(offset % this.#windowBytes);
    return (
      this.#lend(window, offset, length) ??
      this.#join(head, { begin: offset, end: offset + length })
    );
  }

  /** The window in which the block begins. */
  windowOf(piece: PieceIndex, begin: number): number {
    return Math.floor((this.#options.pieces.offsetOf(piece) + begin) / this.#windowBytes);
  }

  /** Forgets windows that hold bytes of the piece, which has just been written. */
  forget(piece: PieceIndex): void {
    const begin = this.#options.pieces.offsetOf(piece);
    const end = begin + this.#options.pieces.lengthOf(piece);
    for (let at = Math.floor(begin / this.#windowBytes); at * this.#windowBytes < end; at += 1)
      this.#options.cache.drop(this.#share + at);
  }

  forgetAll(): void {
    this.#options.cache.dropShare(this.#share);
  }

  /** The bytes from `offset` on out of the window that holds the first; undefined where they run over its end. */
  #lend(window: Uint8Array, offset: number, length: number): Uint8Array | undefined {
    const from = offset % this.#windowBytes;
    if (from + length > window.length) return undefined;
    return this.#options.cache.pool.lend(window.subarray(from, from + length));
  }

  /** A block that runs over the end of its window: only where the piece length is no multiple of the block's. */
  async #join(head: Uint8Array, { begin, end }: Span): Promise<Uint8Array> {
    const block = new Uint8Array(end - begin);
    block.set(head);
    for (let done = head.length; done < block.length;) {
      const window = await this.#load(Math.floor((begin + done) / this.#windowBytes));
      const part = window.subarray(0, block.length - done);
      block.set(part, done);
      done += part.length;
    }
    return block;
  }

  #load(number: number): Promise<Uint8Array> {
    const { cache } = this.#options;
    return cache.load(this.#share + number, () => this.#readWindow(this.#spanOf(number)));
  }

  #readWindowNow(number: number): Uint8Array | undefined {
    const { cache, readNow } = this.#options;
    const { begin, end } = this.#spanOf(number);
    const window = cache.pool.allocate(end - begin);
    if (readNow(begin, window)) {
      cache.put(this.#share + number, window);
      return window;
    }
    cache.pool.retire(window);
    return undefined;
  }

  #spanOf(number: number): Span {
    const begin = number * this.#windowBytes;
    return { begin, end: Math.min(this.#options.pieces.length, begin + this.#windowBytes) };
  }

  async #readWindow({ begin, end }: Span): Promise<Uint8Array> {
    const had = this.#hadIn({ begin, end });
    const window = this.#options.cache.pool.allocate(end - begin);
    for (const gap of await this.#options.read(begin, window))
      if (this.#hadIn(gap).some((piece) => had.includes(piece)))
        throw new DiskError('vanished', {
          errno: 'shorter than it was',
          path: this.#options.pathAt(gap.begin),
        });
    return window;
  }

  #hadIn({ begin, end }: Span): readonly PieceIndex[] {
    const { pieces, have } = this.#options;
    const had: PieceIndex[] = [];
    for (let at = Math.floor(begin / pieces.pieceLength); at * pieces.pieceLength < end; at += 1)
      if (have().has(PieceIndex(at))) had.push(PieceIndex(at));
    return had;
  }
}

/** Whole pieces where they are small, so that a window seldom mixes had and missing ones. */
function windowBytesFor(pieceLength: number, { least, most }: WindowBytes): number {
  if (pieceLength >= most) return most;
  return Math.max(1, Math.floor(least / pieceLength)) * pieceLength;
}

const isInside = (
  pieces: Pieces,
  piece: PieceIndex,
  { begin, length }: { readonly begin: number; readonly length: number },
): boolean => begin >= 0 && length > 0 && begin + length <= pieces.lengthOf(piece);
