/** One value of a .torrent file together with the way to it, so that every error can say where it is. */
import type { Inspection } from '../bencode/decode.ts';
import type { Span } from '../bencode/span.ts';
import type { BencodeDict, BencodeValue } from '../bencode/value.ts';
import { decodeUtf8, latin1 } from '../bytes/utf8.ts';
import type { MetainfoLimits } from './limits.ts';
import { MetainfoError, type MetainfoErrorCode } from './metainfo-error.ts';
import { printable } from './printable.ts';
import type { Warnings } from './warnings.ts';

/** What all fields of one file share. */
export type Reading = {
  readonly inspection: Inspection;
  readonly mode: 'strict' | 'lenient';
  readonly limits: MetainfoLimits;
  readonly warnings: Warnings;
};

type Step = { readonly parent: Field; readonly step: string | number };

/** Reads typed values; each that is not what it should be throws a MetainfoError with its offset. */
export class Field {
  readonly value: BencodeValue;
  readonly reading: Reading;
  readonly #from: Step | undefined;

  /** Without `from` it is the whole file. */
  constructor(reading: Reading, value: BencodeValue, from?: Step) {
    this.reading = reading;
    this.value = value;
    this.#from = from;
  }

  /** The value under `key`, if there is one. */
  find(key: string): Field | undefined {
    const value = this.#dict().get(key);
    return value === undefined ? undefined : this.#child(value, key);
  }

  /** The value under `key`, which must be there. */
  need(key: string): Field {
    return this.find(key) ?? this.fail('missing-key', `no key "${key}" in ${this.#name()}`);
  }

  /** How many items the list has. */
  get count(): number {
    return this.#list().length;
  }

  /** The items of the list, in order. */
  *items(): Generator<Field, void> {
    for (const [index, value] of this.#list().entries()) yield this.#child(value, index);
  }

  bytes(): Uint8Array {
    if (this.value instanceof Uint8Array) return this.value;
    return this.fail('wrong-type', `${this.#name()} is not a string`);
  }

  /** A whole number between `least` and `most`, both included. */
  integer(least: number, most: number): number {
    const { value } = this;
    if (typeof value !== 'number' && typeof value !== 'bigint')
      return this.fail('wrong-type', `${this.#name()} is not an integer`);
    if (typeof value === 'number' && value >= least && value <= most) return value;
    return this.fail('out-of-range', `${this.#name()} is not from ${least} to ${most}`);
  }

  /** Text. Lenient mode takes what is not UTF-8 one character a byte, so that different names stay different. */
  text(): string {
    const bytes = this.bytes();
    const { maxTextBytes } = this.reading.limits;
    if (bytes.length > maxTextBytes)
      this.fail('text-too-long', `${this.#name()} has more than ${maxTextBytes} bytes`);
    const text = decodeUtf8(bytes);
    if (text !== undefined) return text;
    if (this.reading.mode === 'strict')
      return this.fail('not-utf8', `${this.#name()} is not UTF-8`);
    this.reading.warnings.add(`${this.#name()} is not UTF-8: "${printable(latin1(bytes))}"`);
    return latin1(bytes);
  }

  /** Where in the file the value lies. */
  span(): Span {
    const span = this.reading.inspection.spanOf(...this.#path());
    if (span === undefined) throw new Error(`${this.#name()} is not in its own file`);
    return span;
  }

  /** Throws: this value is at fault. */
  fail(code: MetainfoErrorCode, message: string): never {
    throw new MetainfoError(code, message, { offset: this.span().start });
  }

  #child(value: BencodeValue, step: string | number): Field {
    return new Field(this.reading, value, { parent: this, step });
  }

  #dict(): BencodeDict {
    if (this.value instanceof Map) return this.value as BencodeDict;
    return this.fail('wrong-type', `${this.#name()} is not a dictionary`);
  }

  #list(): readonly BencodeValue[] {
    if (Array.isArray(this.value)) return this.value as readonly BencodeValue[];
    return this.fail('wrong-type', `${this.#name()} is not a list`);
  }

  #path(): (string | number)[] {
    return this.#from === undefined ? [] : [...this.#from.parent.#path(), this.#from.step];
  }

  /** Like `info.files.3.length`; only keys that we asked for and indexes are in it. */
  #name(): string {
    return this.#path().join('.') || 'the file';
  }
}
