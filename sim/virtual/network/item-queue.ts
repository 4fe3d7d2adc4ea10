/** What was written to a stream and has not arrived yet, in order: arrays of bytes, or values that stand for some. */

export type Carriage = 'bytes' | 'values';

/** Bytes that lie in one piece, borrowed until the call returns; or the values that are whole now. */
export type Payload = Uint8Array | readonly unknown[];

const firstCapacity = 4;
const noItems: readonly unknown[] = [];

/** Where deliveries of several items are put together; each delivery overwrites the one before. */
export class Scratch {
  #bytes = new Uint8Array(0);

  ofLength(length: number): Uint8Array {
    if (this.#bytes.length < length) this.#bytes = new Uint8Array(2 * length);
    return this.#bytes.subarray(0, length);
  }
}

export class ItemQueue {
  /** A ring whose length is a power of two. */
  #items: unknown[] = new Array<unknown>(firstCapacity);
  #lengths: number[] = new Array<number>(firstCapacity).fill(0);
  #first = 0;
  #count = 0;
  /** Bytes of the first item that have been taken. */
  #begun = 0;

  push(item: unknown, length: number): void {
    if (this.#count === this.#items.length) this.#grow();
    const at = (this.#first + this.#count) & (this.#items.length - 1);
    this.#items[at] = item;
    this.#lengths[at] = length;
    this.#count += 1;
  }

  /** Takes `bytes` off the stream and returns the values that have come whole with them. */
  takeValues(bytes: number): readonly unknown[] {
    this.#begun += bytes;
    if (this.#count === 0 || this.#begun < this.#firstLength()) return noItems;
    const whole: unknown[] = [this.#shift()];
    while (this.#count > 0 && this.#begun >= this.#firstLength()) whole.push(this.#shift());
    return whole;
  }

  /** Takes `bytes` off the stream: a view of the item when they are of one, and a copy in `scratch` otherwise. */
  takeBytes(bytes: number, scratch: Scratch): Uint8Array {
    const from = this.#begun;
    const item = this.#items[this.#first] as Uint8Array;
    if (from + bytes <= item.length) {
      this.#begun += bytes;
      if (this.#begun === item.length) this.#shift();
      return bytes === item.length ? item : item.subarray(from, from + bytes);
    }
    return this.#gather(scratch.ofLength(bytes));
  }

  clear(): void {
    this.#items = new Array<unknown>(firstCapacity);
    this.#lengths = new Array<number>(firstCapacity).fill(0);
    this.#first = this.#count = this.#begun = 0;
  }

  #gather(into: Uint8Array): Uint8Array {
    for (let at = 0; at < into.length;) {
      const item = this.#items[this.#first] as Uint8Array;
      const part = item.subarray(this.#begun, this.#begun + into.length - at);
      into.set(part, at);
      at += part.length;
      this.#begun += part.length;
      if (this.#begun === item.length) this.#shift();
    }
    return into;
  }

  #firstLength(): number {
    return this.#lengths[this.#first] as number;
  }

  #shift(): unknown {
    const item = this.#items[this.#first];
    this.#begun -= this.#firstLength();
    this.#items[this.#first] = undefined;
    this.#first = (this.#first + 1) & (this.#items.length - 1);
    this.#count -= 1;
    return item;
  }

  #grow(): void {
    const { length } = this.#items;
    const inOrder = Array.from({ length }, (_, i) => (this.#first + i) & (length - 1));
    const items = inOrder.map((at) => this.#items[at]);
    const lengths = inOrder.map((at) => this.#lengths[at] as number);
    this.#items = items.concat(new Array<unknown>(length));
    this.#lengths = lengths.concat(new Array<number>(length).fill(0));
    this.#first = 0;
  }
}
