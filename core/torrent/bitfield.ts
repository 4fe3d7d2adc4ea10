/** Which pieces somebody has: one bit a piece, the first is the highest bit of the first byte (BEP 3, "bitfield"). */
import type { PieceIndex } from './ids.ts';

const wordBits = 32;
const topBit = 0x8000_0000;

/** A set of piece indexes below `count`. Kept in 32-bit words, so that two sets are compared 32 pieces at a time. */
export class Bitfield {
  /** How many pieces the torrent has: indexes run from 0 to count - 1. */
  readonly count: number;
  readonly #words: Uint32Array;
  #size = 0;

  /** An empty set. `count` is a whole number, at least 0. */
  constructor(count: number) {
    this.count = count;
    this.#words = new Uint32Array(Math.ceil(count / wordBits));
  }

  /** Every piece. */
  static full(count: number): Bitfield {
    const bits = new Bitfield(count);
    bits.#words.fill(0xffff_ffff);
    const spare = bits.#words.length * wordBits - count;
    const last = bits.#words.length - 1;
    if (spare > 0) bits.#words[last] = (0xffff_ffff << spare) >>> 0;
    bits.#size = count;
    return bits;
  }

  /** The set a `bitfield` message carries. `undefined`: not the length for `count` pieces, or a spare bit is set. */
  static fromBytes(bytes: Uint8Array, count: number): Bitfield | undefined {
    if (bytes.length !== Math.ceil(count / 8)) return undefined;
    const spare = bytes.length * 8 - count;
    if (((bytes.at(-1) ?? 0) & ((1 << spare) - 1)) !== 0) return undefined;
    const bits = new Bitfield(count);
    const padded = new Uint8Array(bits.#words.length * 4);
    padded.set(bytes);
    const view = new DataView(padded.buffer);
    for (let w = 0; w < bits.#words.length; w += 1) {
      const word = view.getUint32(w * 4);
      bits.#words[w] = word;
      bits.#size += ones(word);
    }
    return bits;
  }

  /** How many pieces are in the set. Costs nothing. */
  get size(): number {
    return this.#size;
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  get isFull(): boolean {
    return this.#size === this.count;
  }

  /** False for an index outside 0 to count - 1. */
  has(piece: number): boolean {
    return ((this.#words[piece >>> 5] ?? 0) & bitOf(piece)) !== 0;
  }

  /** Puts `piece` in. An index outside 0 to count - 1 is the caller's bug: RangeError. */
  set(piece: number): void {
    if (!(piece >= 0 && piece < this.count)) throw new RangeError(`no piece ${piece}`);
    if (this.has(piece)) return;
    this.#words[piece >>> 5] = this.#word(piece >>> 5) | bitOf(piece);
    this.#size += 1;
  }

  /** Takes `piece` out, if it is in. */
  clear(piece: number): void {
    if (!this.has(piece)) return;
    this.#words[piece >>> 5] = this.#word(piece >>> 5) & ~bitOf(piece);
    this.#size -= 1;
  }

  /** The pieces of the set, ascending. The set may change meanwhile: what then still comes is the old or the new word. */
  *ones(): Generator<PieceIndex, void> {
    for (let w = 0; w < this.#words.length; w += 1) {
      for (let rest = this.#word(w); rest !== 0;) {
        const bit = Math.clz32(rest);
        rest &= ~(topBit >>> bit);
        yield (w * wordBits + bit) as PieceIndex;
      }
    }
  }

  /** Whether some piece is here and in `mask`, and not in `minus`. All of one count. */
  hasAnyOf(mask: Bitfield, minus?: Bitfield): boolean {
    const words = this.#words;
    const masks = mask.#words;
    for (let w = 0; w < words.length; w += 1) {
      const both = (words[w] as number) & (masks[w] as number);
      if (both !== 0 && (minus === undefined || (both & ~minus.#word(w)) !== 0)) return true;
    }
    return false;
  }

  /** What a `bitfield` message carries: ceil(count / 8) bytes, spare bits 0. */
  toBytes(): Uint8Array {
    const padded = new Uint8Array(this.#words.length * 4);
    const view = new DataView(padded.buffer);
    for (let w = 0; w < this.#words.length; w += 1) view.setUint32(w * 4, this.#word(w));
    return padded.slice(0, Math.ceil(this.count / 8));
  }

  /** A copy that changes apart from this one. */
  clone(): Bitfield {
    const copy = new Bitfield(this.count);
    copy.#words.set(this.#words);
    copy.#size = this.#size;
    return copy;
  }

  #word(index: number): number {
    return this.#words[index] ?? 0;
  }
}

const bitOf = (piece: number): number => topBit >>> (piece & 31);

/** How many bits of a 32-bit word are set: sums of 1, 2, 4 bits side by side, then all bytes at once. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x5555_5555);
  const nibbles = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}
