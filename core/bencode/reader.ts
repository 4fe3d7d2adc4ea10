/** The tokens of a bencoded text, one after the other (BEP 3, "bencoding"). */
import { BencodeError, type DeviationCode } from './error.ts';
import type { BencodeOptions } from './options.ts';

/** A deviation that the lenient mode put up with, and where in the input it is, in bytes. */
export type Deviation = { readonly code: DeviationCode; readonly offset: number };

/** The bytes that have a meaning of their own. */
export const ascii = { d: 0x64, e: 0x65, i: 0x69, l: 0x6c } as const;

const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;

/** This many digits always fit a number. */
const safeDigits = 15;

const noBytes = new Uint8Array(0);

/** Reads integers and strings at `at` and moves on. Throws BencodeError. */
export class TokenReader {
  /** Where the next token begins, in bytes. */
  at = 0;
  readonly deviations: Deviation[] = [];
  readonly #bytes: Uint8Array;
  readonly #options: BencodeOptions;
  #tokens = 0;

  constructor(bytes: Uint8Array, options: BencodeOptions) {
    if (bytes.length > options.maxBytes) throw new BencodeError('too-many-bytes', options.maxBytes);
    this.#bytes = bytes;
    this.#options = options;
  }

  /** The byte the next token begins with; undefined at the end of the input. */
  peek(): number | undefined {
    return this.#bytes[this.at];
  }

  /** Counts one more value or key against the limit. */
  count(): void {
    this.#tokens += 1;
    if (this.#tokens > this.#options.maxTokens) throw new BencodeError('too-many-tokens', this.at);
  }

  /** Strict: throws. Lenient: writes it down. */
  deviate(code: DeviationCode, offset: number): void {
    if (this.#options.mode === 'strict') throw new BencodeError(code, offset);
    this.deviations.push({ code, offset });
  }

  /** The integer at `at`, where an `i` is. */
  integer(): number | bigint {
    const start = this.at;
    const sign = this.#bytes[start + 1] === minus ? 1 : 0;
    const first = start + 1 + sign;
    const end = this.#digitsFrom(first, this.#options.maxDigits);
    if (end - first > this.#options.maxDigits) throw new BencodeError('integer-too-long', start);
    if (end >= this.#bytes.length) throw new BencodeError('truncated', start);
    if (end === first || this.#bytes[end] !== ascii.e) throw new BencodeError('bad-integer', start);
    const text = String.fromCharCode(...this.#bytes.subarray(start + 1, end));
    const value = valueOf(text);
    if (this.#bytes[first] === zero && end - first > 1) this.deviate('leading-zero', start);
    if (sign === 1 && value === 0) this.deviate('negative-zero', start);
    this.at = end + 1;
    return value;
  }

  /** The string at `at`: a view of the input. */
  string(): Uint8Array {
    const start = this.at;
    const end = this.#digitsFrom(start, Infinity);
    if (end >= this.#bytes.length) throw new BencodeError('truncated', start);
    if (end === start) throw new BencodeError('unexpected-byte', start);
    if (this.#bytes[end] !== colon) throw new BencodeError('bad-length', start);
    if (this.#bytes[start] === zero && end - start > 1) this.deviate('padded-length', start);
    const length = this.#lengthIn(start, end);
    this.at = end + 1 + length;
    return length === 0 ? noBytes : this.#view(end + 1, length);
  }

  /** Never larger than what is left: checked digit by digit, so no length wraps around or is rounded. */
  #lengthIn(start: number, end: number): number {
    const left = this.#bytes.length - end - 1;
    let length = 0;
    for (let at = start; at < end; at += 1) {
      length = length * 10 + (this.#bytes[at] ?? zero) - zero;
      if (length > left) throw new BencodeError('truncated', start);
    }
    return length;
  }

  /** Where the digits from `start` on end, or one behind the `most`th of them. */
  #digitsFrom(start: number, most: number): number {
    let at = start;
    while (at - start <= most && isDigit(this.#bytes[at])) at += 1;
    return at;
  }

  /** A plain Uint8Array also where the input is a subclass of it. */
  #view(start: number, length: number): Uint8Array {
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + start, length);
  }
}

const isDigit = (byte: number | undefined): boolean =>
  byte !== undefined && byte >= zero && byte <= nine;

function valueOf(text: string): number | bigint {
  if (text.length <= safeDigits) return Number(text) + 0;
  const exact = BigInt(text);
  const rounded = Number(exact);
  return Number.isSafeInteger(rounded) ? rounded : exact;
}
