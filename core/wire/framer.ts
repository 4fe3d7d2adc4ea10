/** Cuts a byte stream into frames, whatever the chunks it arrives in (BEP 3, "peer protocol"). */
import { uint32At } from '../bytes/uint32.ts';
import { WireError } from './error.ts';

const prefixBytes = 4;
const empty = new Uint8Array();

/**
 * What lies whole inside the pushed chunk is taken as a view of it, without a copy, and is valid as long as the
 * chunk is. What is split over chunks is copied, once, into memory of its own size.
 */
export class Framer {
  readonly #maxFrameBytes: number;
  /** The pushed chunk, and how far it has been read. */
  #chunk: Uint8Array = empty;
  #at = 0;
  /** What came in earlier chunks: the bytes from `#keptAt` to `#keptEnd`, in memory of our own. */
  #kept: Uint8Array = empty;
  #keptAt = 0;
  #keptEnd = 0;

  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** Bytes that have been pushed and not taken. */
  get unread(): number {
    return this.#keptEnd - this.#keptAt + this.#chunk.length - this.#at;
  }

  /** What has come of the thing that was last asked for in vain. */
  get partial(): Uint8Array {
    return this.#kept.subarray(this.#keptAt, this.#keptEnd);
  }

  /** Takes more of the stream. Take until there is `undefined`, or `hold`, before the chunk is overwritten. */
  push(chunk: Uint8Array): void {
    this.hold();
    this.#chunk = chunk;
    this.#at = 0;
  }

  /** Copies all that is unread, so that the pushed chunk may be overwritten. */
  hold(): void {
    // Twice as much as was kept: held again and again, a stream must not be copied whole each time.
    this.#keep(this.unread, Math.max(this.unread, 2 * this.#kept.length));
  }

  /** The next `length` raw bytes, or `undefined` until they have all arrived; nothing unread is in the chunk then. */
  take(length: number): Uint8Array | undefined {
    return this.#read(0, length);
  }

  /**
   * The next frame without its length prefix (empty for a keep-alive), or `undefined` as `take`.
   * Throws WireError `frame-too-long` when the prefix alone has come.
   */
  takeFrame(): Uint8Array | undefined {
    const { unread } = this;
    if (unread < prefixBytes) {
      if (unread > 0) this.#keep(prefixBytes, prefixBytes);
      return undefined;
    }
    const length = this.#prefix();
    if (length > this.#maxFrameBytes)
      throw new WireError('frame-too-long', `${length} > ${this.#maxFrameBytes}`);
    return this.#read(prefixBytes, length);
  }

  #prefix(): number {
    if (this.#keptEnd === this.#keptAt) return uint32At(this.#chunk, this.#at);
    this.#keep(prefixBytes, prefixBytes);
    return uint32At(this.#kept, this.#keptAt);
  }

  /** Skips `skip` bytes and takes `length`. */
  #read(skip: number, length: number): Uint8Array | undefined {
    const whole = skip + length;
    if (this.#keptEnd === this.#keptAt && this.#chunk.length - this.#at >= whole) {
      this.#at += whole;
      return this.#chunk.subarray(this.#at - length, this.#at);
    }
    this.#keep(whole, whole);
    if (this.#keptEnd - this.#keptAt < whole) return undefined;
    this.#keptAt += whole;
    const taken = this.#kept.subarray(this.#keptAt - length, this.#keptAt);
    if (this.#keptAt === this.#keptEnd) this.#forget();
    return taken;
  }

  /** Brings what is kept to `length` bytes, or as near as the chunk can; new memory has `capacity` bytes. */
  #keep(length: number, capacity: number): void {
    const kept = this.#keptEnd - this.#keptAt;
    if (kept >= length) return;
    if (this.#keptAt + length > this.#kept.length) {
      const larger = new Uint8Array(capacity);
      larger.set(this.partial);
      this.#kept = larger;
      this.#keptAt = 0;
      this.#keptEnd = kept;
    }
    const part = this.#chunk.subarray(this.#at, this.#at + length - kept);
    this.#kept.set(part, this.#keptEnd);
    this.#keptEnd += part.length;
    this.#at += part.length;
  }

  /** An idle connection keeps no memory. */
  #forget(): void {
    this.#kept = empty;
    this.#keptAt = 0;
    this.#keptEnd = 0;
  }
}
