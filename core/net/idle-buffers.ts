/** Memory for pieces that nobody uses at the moment, kept for the next one: fresh memory costs as much as the hash. */

/** What one fast peer has under way. All peers of a thread share it, so that a few of them hold no more than one. */
const leastIdleBytes = 16 * 2 ** 20;

/**
 * So much of what is in use may lie idle as well: hundreds of peers finish pieces together and begin others together. What was not
 * kept between would be garbage for as long, and V8 looks through all that a thread holds for each 64 MiB of it.
 */
const idleShare = 1 / 2;

export class IdleBuffers {
  readonly #byLength = new Map<number, Uint8Array[]>();
  #bytes = 0;
  #usedBytes = 0;

  /** How many bytes are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** So many bytes may be kept now. */
  get #mostBytes(): number {
    return Math.max(leastIdleBytes, this.#usedBytes * idleShare);
  }

  /** A buffer of so many bytes with whatever was in it before. The one given back last comes first: it may still be in the cache. */
  take(length: number): Uint8Array {
    this.#usedBytes += length;
    const buffer = this.#byLength.get(length)?.pop();
    if (buffer === undefined) return Buffer.allocUnsafeSlow(length);
    this.#bytes -= length;
    return buffer;
  }

  /** Nobody may use it any more. */
  giveBack(buffer: Uint8Array): void {
    const { length } = buffer;
    const same = this.#byLength.get(length) ?? [];
    same.push(buffer);
    this.#byLength.set(length, same);
    this.#bytes += length;
    this.#usedBytes -= length;
    if (this.#bytes <= this.#mostBytes) return;
    // Buffers of other lengths go first: they may be those of a torrent that is whole.
    this.#byLength.clear();
    this.#byLength.set(length, same);
    const fitting = Math.floor(this.#mostBytes / length);
    same.splice(0, same.length - fitting);
    this.#bytes = same.length * length;
  }
}

/** Of this thread. */
export const idleBuffers: IdleBuffers = new IdleBuffers();
