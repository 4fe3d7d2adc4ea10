/** Memory for pieces that nobody uses at the moment, kept for the next one: fresh memory costs as much as the hash. */

/** What one fast peer has under way. All peers of a thread share it, so that a thousand of them hold no more than one. */
const mostIdleBytes = 16 * 2 ** 20;

export class IdleBuffers {
  readonly #byLength = new Map<number, Uint8Array[]>();
  #bytes = 0;

  /** How many bytes are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A buffer of so many bytes with whatever was in it before. The one given back last comes first: it may still be in the cache. */
  take(length: number): Uint8Array {
    const buffer = this.#byLength.get(length)?.pop();
    if (buffer === undefined) return Buffer.allocUnsafeSlow(length);
    this.#bytes -= length;
    return buffer;
  }

  /** Nobody may use it any more. */
  giveBack(buffer: Uint8Array): void {
    if (this.#bytes + buffer.length > mostIdleBytes) this.#byLength.clear();
    if (this.#byLength.size === 0) this.#bytes = 0;
    if (buffer.length > mostIdleBytes) return;
    const same = this.#byLength.get(buffer.length);
    if (same === undefined) this.#byLength.set(buffer.length, [buffer]);
    else same.push(buffer);
    this.#bytes += buffer.length;
  }
}

/** Of this thread. */
export const idleBuffers: IdleBuffers = new IdleBuffers();
