/** The SHA-1 of every piece of a stream of bytes that comes in parts of any size (BEP 3, "pieces"). */
import { PieceIndex, type Sha1 } from '../../core/torrent/ids.ts';
import type { Pieces } from '../../core/torrent/pieces.ts';

const sha1Bytes = 20;

export class PieceHasher {
  /** 20 bytes for each piece, end to end; all there once every byte was pushed. */
  readonly hashes: Uint8Array;
  readonly #pieces: Pieces;
  readonly #sha1: Sha1;
  readonly #piece: Uint8Array;
  #index = PieceIndex(0);
  #filled = 0;

  constructor(pieces: Pieces, sha1: Sha1) {
    this.hashes = new Uint8Array(sha1Bytes * pieces.count);
    this.#pieces = pieces;
    this.#sha1 = sha1;
    this.#piece = new Uint8Array(pieces.pieceLength);
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const length = this.#pieces.lengthOf(this.#index);
      const part = bytes.subarray(at, at + length - this.#filled);
      this.#piece.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === length) this.#end(length);
    }
  }

  #end(length: number): void {
    this.hashes.set(this.#sha1(this.#piece.subarray(0, length)), sha1Bytes * this.#index);
    this.#index = PieceIndex(this.#index + 1);
    this.#filled = 0;
  }
}
