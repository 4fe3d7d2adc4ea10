/** Memory for windows, used again once nobody reads from it: fresh memory costs as much as a hash. */

/** Free windows kept for the next read: four of the largest are what one fast reader turns over in flight. */
const mostFreeBytes = 4 * 2 ** 20;

type Loan = { count: number; isRetired: boolean };

/**
 * Views of a window are lent out and given back. A window that is retired is used again when every view has
 * come back; one whose views do not all come back is never used again, only collected.
 */
export class WindowPool {
  readonly #free: ArrayBuffer[] = [];
  #freeBytes = 0;
  readonly #loans = new WeakMap<ArrayBufferLike, Loan>();

  /** A window of `bytes` bytes, with whatever was in it before. */
  allocate(bytes: number): Uint8Array {
    const buffer = this.#take(bytes) ?? fresh(bytes);
    this.#loans.set(buffer, { count: 0, isRetired: false });
    return new Uint8Array(buffer);
  }

  /** Somebody is given this view of a window. Returns it. */
  lend(view: Uint8Array): Uint8Array {
    const loan = this.#loans.get(view.buffer);
    if (loan !== undefined) loan.count += 1;
    return view;
  }

  /** The view is not looked at any more. Once for each loan; memory that is not ours is ignored. */
  giveBack(view: Uint8Array): void {
    const loan = this.#loans.get(view.buffer);
    if (loan === undefined) return;
    loan.count -= 1;
    this.#reuse(view, loan);
  }

  /** Nobody will be lent this window any more. */
  retire(window: Uint8Array): void {
    // Readers who waited for the same load have their views by the next turn of the event loop.
    setImmediate(() => {
      const loan = this.#loans.get(window.buffer);
      if (loan === undefined) return;
      loan.isRetired = true;
      this.#reuse(window, loan);
    });
  }

  #take(bytes: number): ArrayBuffer | undefined {
    const at = this.#free.findIndex((buffer) => buffer.byteLength === bytes);
    if (at < 0) return undefined;
    this.#freeBytes -= bytes;
    return this.#free.splice(at, 1)[0];
  }

  #reuse({ buffer }: Uint8Array, loan: Loan): void {
    if (!loan.isRetired || loan.count > 0 || !(buffer instanceof ArrayBuffer)) return;
    this.#loans.delete(buffer);
    if (this.#freeBytes + buffer.byteLength > mostFreeBytes) return;
    this.#freeBytes += buffer.byteLength;
    this.#free.push(buffer);
  }
}

/** Not zeroed: it is read into at once. */
const fresh = (bytes: number): ArrayBuffer => {
  const { buffer } = Buffer.allocUnsafeSlow(bytes);
  return buffer instanceof ArrayBuffer ? buffer : new ArrayBuffer(bytes);
};
