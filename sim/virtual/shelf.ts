/**
 * The data of one torrent on one host: pieces arriving in memory, and pieces on its disk. The disk outlives the peer:
 * a crash loses what was in memory, a power cut also what was not yet synced.
 */
import { Bitfield } from '../../core/torrent/bitfield.ts';
import { PieceIndex } from '../../core/torrent/ids.ts';
import type { FileFound } from '../world.ts';
import type { Resume } from '../action.ts';
import type { VirtualContent } from './content.ts';
import type { Matter, PieceData, PieceInMemory } from './matter.ts';
import type { Micros } from './micros.ts';

/** How long data may lie unsynced while more is being written: as the storage on real disks has it. */
const syncEvery = 5_000_000;

/** What a torrent is opened with. */
export type Opened = {
  readonly have: Bitfield;
  readonly source: 'resume' | 'checked' | 'new';
};

export class Shelf {
  readonly #content: VirtualContent;
  readonly #matter: Matter;
  readonly #arriving = new Map<PieceIndex, PieceInMemory>();
  readonly #onDisk: (PieceData | undefined)[];
  readonly #writtenAt = new Map<PieceIndex, Micros>();
  /** The files are whole and somebody's own: no life begins by throwing them away. */
  readonly #isOwner: boolean;
  #isClean = false;
  /** Pieces that are not on the disk. */
  #missing: number;

  /** `held` is what the host begins with. */
  constructor(content: VirtualContent, matter: Matter, held: readonly number[]) {
    this.#content = content;
    this.#matter = matter;
    this.#onDisk = new Array<PieceData | undefined>(content.pieces.count).fill(undefined);
    for (const piece of held) this.#onDisk[piece] = 'source';
    this.#missing = content.pieces.count - held.length;
    this.#isOwner = held.length === content.pieces.count;
  }

  /** What is found at the start of a life. */
  open(resume: Resume): Opened {
    this.#arriving.clear();
    if (resume === 'none' && !this.#isOwner)
      for (const index of this.#onDisk.keys()) this.#put(PieceIndex(index), undefined);
    const have = this.intact();
    const isTrusted = resume === 'trust' && this.#isClean;
    this.#isClean = false;
    return { have, source: isTrusted ? 'resume' : have.isEmpty ? 'new' : 'checked' };
  }

  /** The pieces on the disk that are what they should be: what hashing all of it would find. */
  intact(): Bitfield {
    const have = new Bitfield(this.#content.pieces.count);
    this.#onDisk.forEach((data, index) => {
      const piece = PieceIndex(index);
      if (data !== undefined && this.#matter.isIntact(this.#content, piece, data)) have.set(piece);
    });
    return have;
  }

  store(piece: PieceIndex, begin: number, block: Uint8Array): void {
    const arriving = this.#arriving.get(piece) ?? this.#begin(piece);
    arriving.store(begin, block);
  }

  verify(
    piece: PieceIndex,
    wantDigests: boolean,
  ): { readonly ok: boolean; readonly digests?: readonly string[] } {
    const arriving = this.#inMemory(piece);
    const ok = arriving.verify();
    return ok && !wantDigests ? { ok } : { ok, digests: arriving.digests() };
  }

  /** The write is through: the piece is on the disk, though not for sure before it is synced. */
  write(now: Micros, piece: PieceIndex): void {
    this.#put(piece, this.#inMemory(piece).data());
    this.#writtenAt.set(piece, now);
    this.discard(piece);
    // Who has everything has synced it before it says so.
    if (this.#missing === 0) this.#writtenAt.clear();
  }

  discard(piece: PieceIndex): void {
    this.#arriving.get(piece)?.release();
    this.#arriving.delete(piece);
  }

  /** A view that is never written to. Throws when the piece is not there. */
  read(piece: PieceIndex, begin: number, length: number): Uint8Array {
    const data = this.#onDisk[piece];
    if (data === undefined) throw new RangeError(`piece ${piece} is not on the disk`);
    return this.#matter.block(this.#content, data, { piece, begin, length });
  }

  /** The peer ends in good order: everything is synced, and the next life may believe it. */
  close(): void {
    this.#isClean = true;
    this.#writtenAt.clear();
    this.#forgetArriving();
  }

  /** The process dies: what it had in memory is gone. */
  abandon(): void {
    this.#isClean = false;
    this.#forgetArriving();
  }

  /** The host loses its power: what was written within the last moments may never have reached the disk, and did not. */
  losePower(now: Micros): void {
    this.abandon();
    for (const [piece, at] of this.#writtenAt)
      if (now - at < syncEvery) this.#put(piece, undefined);
    this.#writtenAt.clear();
  }

  /** Every file of the content of which anything is there. */
  files(peer: string, index: number): readonly FileFound[] {
    const { facts, metainfo } = this.#content;
    return metainfo.files.flatMap(({ offset, length }, file): readonly FileFound[] => {
      const fact = facts.files[file];
      const pieces = this.#touched(offset, length);
      const there = pieces.filter((piece) => this.#onDisk[piece] !== undefined);
      if (fact === undefined || (there.length === 0 && length > 0)) return [];
      const isPartial = there.length < pieces.length;
      const sha256 = isPartial ? '' : this.#digest(offset, length, fact.sha256);
      return [{ peer, content: index, path: fact.path, isPartial, bytes: length, sha256 }];
    });
  }

  #touched(offset: number, length: number): readonly PieceIndex[] {
    if (length === 0) return [];
    const { pieceLength } = this.#content.pieces;
    const first = Math.floor(offset / pieceLength);
    const last = Math.floor((offset + length - 1) / pieceLength);
    return Array.from({ length: last - first + 1 }, (_, i) => PieceIndex(first + i));
  }

  #digest(offset: number, length: number, ofSource: string): string {
    const isSource = this.#touched(offset, length).every(
      (piece) => this.#onDisk[piece] === 'source',
    );
    if (isSource) return ofSource;
    const data = (piece: PieceIndex): PieceData => this.#onDisk[piece] ?? 'source';
    return this.#matter.digest(this.#content, data, { offset, length });
  }

  #put(piece: PieceIndex, data: PieceData | undefined): void {
    this.#missing += Number(data === undefined) - Number(this.#onDisk[piece] === undefined);
    this.#onDisk[piece] = data;
  }

  #begin(piece: PieceIndex): PieceInMemory {
    const begun = this.#matter.begin(this.#content, piece);
    this.#arriving.set(piece, begun);
    return begun;
  }

  #inMemory(piece: PieceIndex): PieceInMemory {
    const arriving = this.#arriving.get(piece);
    if (arriving === undefined) throw new RangeError(`piece ${piece} is not in memory`);
    return arriving;
  }

  #forgetArriving(): void {
    for (const piece of [...this.#arriving.keys()]) this.discard(piece);
  }
}
