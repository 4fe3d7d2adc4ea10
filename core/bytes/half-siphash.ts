/**
 * HalfSipHash-1-3 (Aumasson): a keyed hash of 32 bits for tables whose keys strangers choose. Without the key nobody can
 * find keys that fall into one place; it is no proof of anything to anybody else, for which there is SipHash.
 */
const finalizations = 3;

export class HalfSipHash {
  readonly #low: number;
  readonly #high: number;

  /** A key of twice 32 bits. */
  constructor(low: number, high: number) {
    this.#low = low;
    this.#high = high;
  }

  /** Of `count` words from `at` on; a signed number of 32 bits. */
  hash(words: Uint32Array, at: number, count: number): number {
    let v0 = this.#low | 0;
    let v1 = this.#high | 0;
    let v2 = v0 ^ 0x6c79_6765;
    let v3 = v1 ^ 0x7465_6462;
    // Each word, the length, and rounds with nothing.
    for (let i = 0; i <= count + finalizations; i += 1) {
      const word = i < count ? (words[at + i] ?? 0) : i === count ? count << 26 : 0;
      if (i === count + 1) v2 ^= 0xff;
      v3 ^= word;
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
      v0 ^= word;
    }
    return v1 ^ v3;
  }
}
