/** Which pieces are verified and written, what each file still lacks, and what a power cut could still take. */
import { Bitfield } from '../../torrent/bitfield.ts';
import { segmentsOf } from '../../torrent/files.ts';
import { PieceIndex } from '../../torrent/ids.ts';
import type { Metainfo } from '../../torrent/metainfo.ts';
import type { Pieces } from '../../torrent/pieces.ts';

export class Ledger {
  readonly #metainfo: Metainfo;
  readonly #pieces: Pieces;
  #have: Bitfield;
  /** How many pieces each file lacks. */
  #missing: number[] = [];
  /** Had, but not yet known to be synced. */
  #unsynced = new Set<PieceIndex>();
  /** Their sync failed. The system may have dropped the bytes and still show them to us, until it is restarted. */
  readonly #doubtful = new Set<PieceIndex>();

  constructor(metainfo: Metainfo, pieces: Pieces) {
    this.#metainfo = metainfo;
    this.#pieces = pieces;
    this.#have = new Bitfield(pieces.count);
    this.reset(this.#have);
  }

  /** The pieces that are verified and written: a live view. */
  get have(): Bitfield {
    return this.#have;
  }

  /** Starts over with what a check found, less what could not be synced. */
  reset(found: Bitfield): void {
    this.#have = found;
    for (const piece of this.#doubtful) found.clear(piece);
    this.#unsynced.clear();
    this.#missing = this.#metainfo.files.map(() => 0);
    for (let index = 0; index < this.#pieces.count; index += 1)
      if (!found.has(index)) this.#count(PieceIndex(index), 1);
  }

  /** A verified piece was written. */
  add(piece: PieceIndex): void {
    if (this.#have.has(piece)) return;
    this.#have.set(piece);
    this.#doubtful.delete(piece);
    this.#unsynced.add(piece);
    this.#count(piece, -1);
  }

  isWhole(file: number): boolean {
    return this.#missing[file] === 0;
  }

  /** The files that lack this piece and no other. */
  onlyLackedBy(piece: PieceIndex): readonly number[] {
    return this.#filesOf(piece).filter((file) => this.#missing[file] === 1);
  }

  /** Whether any piece of the file is here. */
  hasAnyOf(file: number): boolean {
    const entry = this.#metainfo.files[file];
    if (entry === undefined) return false;
    const { pieceLength } = this.#pieces;
    const end = Math.ceil((entry.offset + entry.length) / pieceLength);
    for (let piece = Math.floor(entry.offset / pieceLength); piece < end; piece += 1)
      if (this.#have.has(piece)) return true;
    return false;
  }

  /** What a sync that starts now will make safe. Answer with `synced`, or with `doubt` when it failed. */
  unsynced(): ReadonlySet<PieceIndex> {
    return new Set(this.#unsynced);
  }

  synced(pieces: ReadonlySet<PieceIndex>): void {
    for (const piece of pieces) this.#unsynced.delete(piece);
  }

  /** Keeps whatever is not synced out of every later check, until it has been written again. */
  doubt(): void {
    for (const piece of this.#unsynced) this.#doubtful.add(piece);
  }

  #filesOf(piece: PieceIndex): readonly number[] {
    const { offset, length } = this.#spanOf(piece);
    return segmentsOf(this.#metainfo, offset, length).map(({ file }) => file);
  }

  #spanOf(piece: PieceIndex): { readonly offset: number; readonly length: number } {
    return { offset: this.#pieces.offsetOf(piece), length: this.#pieces.lengthOf(piece) };
  }

  #count(piece: PieceIndex, change: 1 | -1): void {
    for (const file of this.#filesOf(piece))
      this.#missing[file] = (this.#missing[file] ?? 0) + change;
  }
}
