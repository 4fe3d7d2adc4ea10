/** The geometry of a torrent: how its bytes are cut into pieces, and pieces into blocks (BEP 3). */
import type { Bitfield } from './bitfield.ts';
import { PieceIndex } from './ids.ts';

/** What every client asks for at a time; many close the connection when asked for more. */
export const blockBytes = 16_384;

/** A byte range inside one piece: `begin` and `length` are in bytes. */
export type BlockRef = {
  readonly piece: PieceIndex;
  readonly begin: number;
  readonly length: number;
};

/** Pieces of equal length, of which the last may be shorter; the same holds for the blocks of a piece. */
export class Pieces {
  /** Bytes in the whole torrent. */
  readonly length: number;
  /** Bytes in every piece but the last. */
  readonly pieceLength: number;
  /** How many pieces there are. */
  readonly count: number;

  /** Both lengths are whole numbers of bytes above 0; anything else is the caller's bug. */
  constructor({ length, pieceLength }: { readonly length: number; readonly pieceLength: number }) {
    for (const bytes of [length, pieceLength])
      if (!Number.isSafeInteger(bytes) || bytes < 1)
        throw new RangeError(`not a length in bytes: ${bytes}`);
    this.length = length;
    this.pieceLength = pieceLength;
    this.count = Math.ceil(length / pieceLength);
  }

  /** Where `piece` begins in the torrent, in bytes. */
  offsetOf(piece: PieceIndex): number {
    return piece * this.pieceLength;
  }

  /** Bytes in `piece`, an index below `count`. */
  lengthOf(piece: PieceIndex): number {
    return piece === this.count - 1 ? this.length - this.offsetOf(piece) : this.pieceLength;
  }

  /** Bytes in all pieces of `have`, a bitfield of `count` bits. */
  bytesOf(have: Bitfield): number {
    const last = PieceIndex(this.count - 1);
    const short = have.has(last) ? this.pieceLength - this.lengthOf(last) : 0;
    return have.size * this.pieceLength - short;
  }

  /** How many blocks `piece` has. */
  blockCount(piece: PieceIndex): number {
    return Math.ceil(this.lengthOf(piece) / blockBytes);
  }

  /** Bytes in the `blockIndex`th block of `piece`, an index below `blockCount`. */
  blockLength(piece: PieceIndex, blockIndex: number): number {
    return Math.min(blockBytes, this.lengthOf(piece) - blockIndex * blockBytes);
  }

  /** The `blockIndex`th block of `piece`, as a request names it. */
  blockRef(piece: PieceIndex, blockIndex: number): BlockRef {
    const length = this.blockLength(piece, blockIndex);
    return { piece, begin: blockIndex * blockBytes, length };
  }
}
