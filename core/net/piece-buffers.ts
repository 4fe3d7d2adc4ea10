/** Memory for pieces that are arriving: blocks in, verified pieces out (BEP 3). */
import type { PieceIndex } from '../torrent/ids.ts';
import type { Pieces } from '../torrent/pieces.ts';
import { sameBytes } from '../bytes/hex.ts';
import { sha1Hex } from './hash.ts';
import { idleBuffers } from './idle-buffers.ts';
import { RunningDigest } from './running-digest.ts';

/** `digests` is the SHA-1 of each block in order, as 40 hex digits; always there when `ok` is false. */
export type Verdict = { readonly ok: boolean; readonly digests?: readonly string[] };

export type PieceBuffersOptions = {
  readonly pieces: Pieces;
  /** Default: `defaultBufferBytes`. Rounded down to whole pieces, but never below `leastBuffers`. */
  readonly maxBytes?: number;
};

/** A gigabit link fills this in a quarter of a second, several times what hashing and writing lag behind. */
export const defaultBufferBytes: number = 32 * 2 ** 20;

/** One piece arriving, one being written, and two more so that neither waits for the other. */
const leastBuffers = 4;

type Slot = { readonly buffer: Uint8Array; readonly digest: RunningDigest; sealed: boolean };

/**
 * A bounded pool of piece buffers. A piece holds one from its first `store` to its `drop`.
 * Buffers are made on demand and used again.
 */
export class PieceBuffers {
  /** How many pieces may be in memory at once. */
  readonly capacity: number;
  readonly #pieces: Pieces;
  readonly #slots = new Map<PieceIndex, Slot>();

  constructor({ pieces, maxBytes = defaultBufferBytes }: PieceBuffersOptions) {
    this.#pieces = pieces;
    this.capacity = Math.max(leastBuffers, Math.floor(maxBytes / pieces.pieceLength));
  }

  /** How many pieces hold a buffer now. */
  get used(): number {
    return this.#slots.size;
  }

  /**
   * Copies a block in. False when it was not kept: no buffer is free for a new piece, or the piece
   * is verified already and waits to be written. The block must lie inside the piece.
   */
  store(piece: PieceIndex, begin: number, block: Uint8Array): boolean {
    if (begin + block.length > this.#pieces.lengthOf(piece))
      throw new RangeError(`block ${begin}+${block.length} outside piece ${piece}`);
    const slot = this.#slots.get(piece) ?? this.#claim(piece);
    if (slot === undefined || slot.sealed) return false;
    slot.buffer.set(block, begin);
    slot.digest.filled(begin, begin + block.length);
    return true;
  }

  /** Call once every block is stored. `expected` is the 20 bytes of the metainfo. A piece that passes takes no more blocks. */
  verify(piece: PieceIndex, expected: Uint8Array, wantDigests = false): Verdict {
    const slot = this.#slotOf(piece);
    const ok = sameBytes(slot.digest.digest(this.#pieces.lengthOf(piece)), expected);
    slot.sealed = ok;
    return ok && !wantDigests ? { ok } : { ok, digests: this.#digestsOf(piece) };
  }

  /** The bytes of a piece, valid until `drop`. */
  take(piece: PieceIndex): Uint8Array {
    return this.#slotOf(piece).buffer.subarray(0, this.#pieces.lengthOf(piece));
  }

  /** Gives the buffer back, once written or failed. A piece without one is ignored. */
  drop(piece: PieceIndex): void {
    const slot = this.#slots.get(piece);
    if (slot === undefined) return;
    this.#slots.delete(piece);
    idleBuffers.giveBack(slot.buffer);
  }

  /** Gives all of them back: nobody fills or reads any piece here any more. */
  clear(): void {
    for (const piece of [...this.#slots.keys()]) this.drop(piece);
  }

  #claim(piece: PieceIndex): Slot | undefined {
    if (this.#slots.size >= this.capacity) return undefined;
    // Not zeroed: every byte is written before it is looked at.
    const buffer = idleBuffers.take(this.#pieces.pieceLength);
    const slot = { buffer, digest: new RunningDigest(buffer), sealed: false };
    this.#slots.set(piece, slot);
    return slot;
  }

  #slotOf(piece: PieceIndex): Slot {
    const slot = this.#slots.get(piece);
    if (slot === undefined) throw new RangeError(`piece ${piece} holds no buffer`);
    return slot;
  }

  #digestsOf(piece: PieceIndex): readonly string[] {
    const bytes = this.take(piece);
    return Array.from({ length: this.#pieces.blockCount(piece) }, (_, index) => {
      const { begin, length } = this.#pieces.blockRef(piece, index);
      return sha1Hex(bytes.subarray(begin, begin + length));
    });
  }
}
