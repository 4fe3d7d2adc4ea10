/** What is to be sent on one connection in one system call. */

/** Requests, haves and the headers of blocks: what costs more to hand over than to copy. */
const smallBytes = 64;

/**
 * Collects messages in order. Blocks are sent from where they lie. Small messages are copied into one buffer, so that a hundred
 * requests are one entry of the system call and the 13 bytes before a block cost no memory outside of V8's heap.
 */
export class Batch {
  /** In the order they were added: blocks, and between them the length of each run of small messages. */
  readonly #order: (Uint8Array | number)[] = [];
  readonly #small: Uint8Array[] = [];
  #smallBytes = 0;
  #bytes = 0;
  /** What is sent uncopied. */
  readonly blocks: Uint8Array[] = [];

  /** All that was added. */
  get bytes(): number {
    return this.#bytes;
  }

  /** `message` must not change until it is sent. */
  add(message: Uint8Array): void {
    const { length } = message;
    this.#bytes += length;
    if (length > smallBytes) {
      this.blocks.push(message);
      this.#order.push(message);
      return;
    }
    this.#small.push(message);
    this.#smallBytes += length;
    const at = this.#order.length - 1;
    const last = this.#order[at];
    if (typeof last === 'number') this.#order[at] = last + length;
    else this.#order.push(length);
  }

  /** The same bytes in as few pieces as possible. The list is the caller's. */
  chunks(): Uint8Array[] {
    const slab = Buffer.allocUnsafe(this.#smallBytes);
    let filled = 0;
    for (const message of this.#small) {
      slab.set(message, filled);
      filled += message.length;
    }
    let cut = 0;
    return this.#order.map((part) => {
      if (typeof part !== 'number') return part;
      cut += part;
      return slab.subarray(cut - part, cut);
    });
  }
}
