/** Cuts a byte stream into frames, whatever the chunks it arrives in (BEP 3, "peer protocol"). */
import { WireError } from './error.ts';

const prefixBytes = 4;
const empty = new Uint8Array();

/**
 * Frames that lie whole inside a pushed chunk are views of it; only a frame that is split is copied, once,
 * into a buffer of its own size. A frame is valid until the chunk it came in is overwritten.
 */
export class Framer {
  readonly #maxFrameBytes: number;
  #chunk: Uint8Array = empty;
  #at = 0;
  /** What is being collected of something that was split, and how much of it has come. */
  #partial: Uint8Array = empty;
  #filled = 0;
  /** The length of the frame whose prefix has been read. */
  #frameBytes: number | undefined;

  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** Bytes that have been pushed and not taken. */
  get unread(): number {
    return this.#chunk.length - this.#at;
  }

  /** The part that has come of what was last asked for in vain. */
  get partial(): Uint8Array {
    return this.#partial.subarray(0, this.#filled);
  }

  /** Takes more of the stream. Take until there is `undefined` before the next push, or what is left is copied. */
  push(chunk: Uint8Array): void {
    const rest = this.#chunk.subarray(this.#at);
    this.#chunk = rest.length === 0 ? chunk : joined(rest, chunk);
    this.#at = 0;
  }

  /** The next `length` raw bytes, or `undefined` until they have all arrived: then ask for as many again. */
  take(length: number): Uint8Array | undefined {
    if (this.#filled === 0 && this.unread >= length) return this.#view(length);
    if (this.#filled === 0) this.#partial = new Uint8Array(length);
    const part = this.#view(Math.min(this.unread, length - this.#filled));
    this.#partial.set(part, this.#filled);
    this.#filled += part.length;
    if (this.#filled < length) return undefined;
    const whole = this.#partial;
    this.#partial = empty;
    this.#filled = 0;
    return whole;
  }

  /** The next frame without its length prefix (empty for a keep-alive), or `undefined`. Throws WireError `frame-too-long`. */
  takeFrame(): Uint8Array | undefined {
    if (this.#frameBytes === undefined) {
      const prefix = this.take(prefixBytes);
      if (prefix === undefined) return undefined;
      const length = new DataView(prefix.buffer, prefix.byteOffset).getUint32(0);
      if (length > this.#maxFrameBytes)
        throw new WireError('frame-too-long', `${length} > ${this.#maxFrameBytes}`);
      this.#frameBytes = length;
    }
    const frame = this.take(this.#frameBytes);
    if (frame !== undefined) this.#frameBytes = undefined;
    return frame;
  }

  #view(length: number): Uint8Array {
    this.#at += length;
    return this.#chunk.subarray(this.#at - length, this.#at);
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}
