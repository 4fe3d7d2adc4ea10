/** Memory for windows, used again once nobody reads from it: fresh memory costs as much as a hash. */

/** Free windows kept for the next read, unless said: four of the largest are what one fast reader turns over in flight. */
export const usualFreeBytes: number = 4 * 2 ** 20;

/** The memory of a window, and who looks at it. */
class Lendable extends ArrayBuffer {
  loans = 0;
  /** Who retires it twice, or gives more back than was lent, does not make it free again. */
  state: 'used' | 'retired' | 'free' = 'used';
}

/**
 * Views of a window are lent out and given back. A window that is retired is used again when every view has
 * come back; one whose views do not all come back is never used again, only collected.
 */
export class WindowPool {
  readonly #mostFreeBytes: number;
  readonly #free: Lendable[] = [];
  #freeBytes = 0;

  constructor(mostFreeBytes: number = usualFreeBytes) {
    this.#mostFreeBytes = mostFreeBytes;
  }

  /** A window of `bytes` bytes, with whatever was in it before. */
  allocate(bytes: number): Uint8Array {
    return new Uint8Array(this.#take(bytes) ?? new Lendable(bytes));
  }

  /** Somebody is given this view of a window. Returns it. */
  lend(view: Uint8Array): Uint8Array {
    if (view.buffer instanceof Lendable) view.buffer.loans += 1;
    return view;
  }

  /** The view is not looked at any more. Once for each loan; memory that is not ours is ignored. */
  giveBack({ buffer }: Uint8Array): void {
    if (!(buffer instanceof Lendable) || buffer.state === 'free') return;
    buffer.loans -= 1;
    this.#reuse(buffer);
  }

  /** Nobody will be lent this window any more. */
  retire({ buffer }: Uint8Array): void {
    if (!(buffer instanceof Lendable)) return;
    // Readers who waited for the same load have their views by the next turn of the event loop.
    setImmediate(() => {
      if (buffer.state === 'used') buffer.state = 'retired';
      this.#reuse(buffer);
    });
  }

  #take(bytes: number): Lendable | undefined {
    const at = this.#free.findLastIndex((buffer) => buffer.byteLength === bytes);
    if (at < 0) return undefined;
    this.#freeBytes -= bytes;
    const [buffer] = this.#free.splice(at, 1);
    if (buffer !== undefined) {
      buffer.loans = 0;
      buffer.state = 'used';
    }
    return buffer;
  }

  #reuse(buffer: Lendable): void {
    if (buffer.state !== 'retired' || buffer.loans > 0) return;
    buffer.state = 'free';
    if (this.#freeBytes + buffer.byteLength > this.#mostFreeBytes) return;
    this.#freeBytes += buffer.byteLength;
    this.#free.push(buffer);
  }
}
