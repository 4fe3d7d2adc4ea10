/** The SHA-1 of a piece (BEP 3), worked out while its blocks arrive. */
import { type Hash, createHash } from 'node:crypto';
import { sha1 } from './hash.ts';

/** Four blocks: still in the processor's nearest cache from when they were copied, and enough that the calls do not count. */
const stepBytes = 64 * 1024;

/**
 * Follows a buffer that is being filled. What comes in order is hashed at once, while it is in the cache: a whole piece at
 * the end would have to be fetched from memory a second time. The rest is hashed when the digest is asked for.
 */
export class RunningDigest {
  readonly #buffer: Uint8Array;
  #hash: Hash | undefined;
  /** All before it has been hashed. */
  #hashedTo = 0;
  /** All before it is there. */
  #filledTo = 0;
  /** Something has changed that was hashed before. */
  #isStale = false;

  constructor(buffer: Uint8Array) {
    this.#buffer = buffer;
  }

  /** The bytes from `begin` to `end` have been written into the buffer. */
  filled(begin: number, end: number): void {
    if (begin < this.#hashedTo) this.#isStale = true;
    if (begin > this.#filledTo || this.#isStale) return;
    this.#filledTo = Math.max(this.#filledTo, end);
    if (this.#filledTo - this.#hashedTo >= stepBytes) this.#hashTo(this.#filledTo);
  }

  /** Of the first `length` bytes, which are all there. Call once. */
  digest(length: number): Uint8Array {
    if (this.#hash === undefined || this.#isStale) return sha1(this.#buffer.subarray(0, length));
    this.#hashTo(length);
    return this.#hash.digest();
  }

  #hashTo(end: number): void {
    this.#hash ??= createHash('sha1');
    this.#hash.update(this.#buffer.subarray(this.#hashedTo, end));
    this.#hashedTo = end;
  }
}
