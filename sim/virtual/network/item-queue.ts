/** What was written to a stream and has not arrived yet, in order: arrays of bytes, or values that stand for some. */

export type Carriage = 'bytes' | 'values';

/** Bytes that lie in one piece, borrowed until the call returns; or the values that are whole now. */
export type Payload = Uint8Array | readonly unknown[];

const noItems: readonly unknown[] = [];
const noRing: unknown[] = [];

/** An item and its length lie side by side. */
const slotLength = 2;
const firstRingLength = 4 * slotLength;

/** Where deliveries of several items are put together; each delivery overwrites the one before. */
export class Scratch {
  #bytes = new Uint8Array(0);

  ofLength(length: number): Uint8Array {
    if (this.#bytes.length < length) this.#bytes = new Uint8Array(2 * length);
    return this.#bytes.subarray(0, length);
  }
}

export class ItemQueue {
  /** The first item is at hand, since most streams have no other; the rest is in a ring whose length is a power of two. */
  #first: unknown;
  #firstLength = 0;
  /** Bytes of the first item that have been taken. */
  #begun = 0;
  #count = 0;
  #ring = noRing;
  #ringStart = 0;

  push(item: unknown, length: number): void {
    this.#count += 1;
    if (this.#count === 1) {
      this.#first = item;
      this.#firstLength = length;
      return;
    }
    const behind = (this.#count - 2) * slotLength;
    if (behind === this.#ring.length) this.#grow();
    const at = (this.#ringStart + behind) & (this.#ring.length - 1);
    this.#ring[at] = item;
    this.#ring[at + 1] = length;
  }

  /** Takes `bytes` off the stream and returns the values that have come whole with them. */
  takeValues(bytes: number): readonly unknown[] {
    this.#begun += bytes;
    if (this.#count === 0 || this.#begun < this.#firstLength) return noItems;
    const whole = [this.#shift()];
    while (this.#count > 0 && this.#begun >= this.#firstLength) whole.push(this.#shift());
    return whole;
  }

  /** Takes `bytes` off the stream: a view of the item when they are of one, and a copy in `scratch` otherwise. */
  takeBytes(bytes: number, scratch: Scratch): Uint8Array {
    const from = this.#begun;
    const item = this.#first as Uint8Array;
    if (from + bytes > item.length) return this.#gather(scratch.ofLength(bytes));
    this.#begun += bytes;
    if (this.#begun === item.length) this.#shift();
    return bytes === item.length ? item : item.subarray(from, from + bytes);
  }

  clear(): void {
    this.#first = undefined;
    this.#ring = noRing;
    this.#firstLength = this.#begun = this.#count = this.#ringStart = 0;
  }

  #gather(into: Uint8Array): Uint8Array {
    for (let at = 0; at < into.length;) {
      const item = this.#first as Uint8Array;
      const part = item.subarray(this.#begun, this.#begun + into.length - at);
      into.set(part, at);
      at += part.length;
      this.#begun += part.length;
      if (this.#begun === item.length) this.#shift();
    }
    return into;
  }

  #shift(): unknown {
    const item = this.#first;
    this.#begun -= this.#firstLength;
    this.#count -= 1;
    if (this.#count === 0) {
      this.#first = undefined;
      this.#firstLength = 0;
      return item;
    }
    this.#first = this.#ring[this.#ringStart];
    this.#firstLength = this.#ring[this.#ringStart + 1] as number;
    this.#ring[this.#ringStart] = undefined;
    this.#ringStart = (this.#ringStart + slotLength) & (this.#ring.length - 1);
    return item;
  }

  #grow(): void {
    const inOrder = [...this.#ring.slice(this.#ringStart), ...this.#ring.slice(0, this.#ringStart)];
    const { length } = this.#ring;
    this.#ring = inOrder.concat(new Array<unknown>(length === 0 ? firstRingLength : length));
    this.#ringStart = 0;
  }
}
