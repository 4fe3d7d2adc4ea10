/** Bytes written one part after the other. */

const firstBytes = 256;

/** Memory that doubles as it fills, so that many small parts cost time in proportion to their bytes. */
export class ByteSink {
  #memory = new Uint8Array(firstBytes);
  #length = 0;

  push(part: Uint8Array): void {
    const needed = this.#length + part.length;
    if (needed > this.#memory.length) {
      const larger = new Uint8Array(Math.max(needed, this.#memory.length * 2));
      larger.set(this.#memory.subarray(0, this.#length));
      this.#memory = larger;
    }
    this.#memory.set(part, this.#length);
    this.#length = needed;
  }

  /** A copy of everything pushed so far. */
  toBytes(): Uint8Array {
    return this.#memory.slice(0, this.#length);
  }
}
