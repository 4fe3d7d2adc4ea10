/** Bencoding to values: strict, or lenient about what leaves no doubt (BEP 3, "bencoding"). */
import { latin1 } from '../bytes/utf8.ts';
import { BencodeError } from './error.ts';
import { type BencodeOptions, defaultOptions } from './options.ts';
import { type Deviation, TokenReader, ascii } from './reader.ts';
import { type Span, spanIn } from './span.ts';
import type { BencodeDict, BencodeValue } from './value.ts';

export type Inspection = {
  readonly value: BencodeValue;
  readonly deviations: readonly Deviation[];
  /** Where the value ends, in bytes. */
  readonly end: number;
  /** Where the value under these keys and list indexes lies; no path is the whole. Undefined: there is none. Walks the input again. */
  readonly spanOf: (...path: readonly (string | number)[]) => Span | undefined;
};

/** The value that all of `bytes` encode. Strings are views of `bytes`. Throws BencodeError. */
export const decodeBencode = (
  bytes: Uint8Array,
  options: Partial<BencodeOptions> = {},
): BencodeValue => inspectBencode(bytes, options).value;

/** The value with what the decoder saw on the way. Strings are views of `bytes`. Throws BencodeError. */
export function inspectBencode(
  bytes: Uint8Array,
  options: Partial<BencodeOptions> = {},
): Inspection {
  const full = { ...defaultOptions, ...options };
  const reader = new TokenReader(bytes, full);
  const value = new ValueBuilder(reader, full.maxDepth).build();
  const end = reader.at;
  if (end < bytes.length && full.trailing === 'refuse') reader.deviate('trailing-data', end);
  const spanOf = (...path: readonly (string | number)[]): Span | undefined =>
    spanIn(new TokenReader(bytes, { ...full, mode: 'lenient' }), path);
  return { value, deviations: reader.deviations, end, spanOf };
}

type OpenList = { readonly list: BencodeValue[] };
type OpenDict = {
  readonly entries: Map<string, BencodeValue>;
  /** The key that waits for its value. */
  key: string | undefined;
  lastKey: string | undefined;
};

/** Shared, since two bytes of input should not cost a table each. */
const emptyDict: BencodeDict = new Map();

/** Builds one value with a stack of its own: the input decides how deep it goes, and must not have ours. */
class ValueBuilder {
  readonly #reader: TokenReader;
  readonly #maxDepth: number;
  readonly #open: (OpenList | OpenDict)[] = [];

  constructor(reader: TokenReader, maxDepth: number) {
    this.#reader = reader;
    this.#maxDepth = maxDepth;
  }

  build(): BencodeValue {
    for (;;) {
      const top = this.#open.at(-1);
      if (isExpectingKey(top) && this.#reader.peek() !== ascii.e) {
        this.#readKey(top);
        continue;
      }
      const value = this.#step();
      if (value === undefined) continue;
      const target = this.#open.at(-1);
      if (target === undefined) return value;
      if ('list' in target) target.list.push(value);
      else putValue(target, value);
    }
  }

  /** Reads one token; undefined when it opened a list or a dictionary. */
  #step(): BencodeValue | undefined {
    const reader = this.#reader;
    const byte = reader.peek();
    if (byte === ascii.e) return this.#close();
    reader.count();
    switch (byte) {
      case undefined:
        throw new BencodeError('truncated', reader.at);
      case ascii.i:
        return reader.integer();
      case ascii.l:
        return this.#push({ list: [] });
      case ascii.d:
        return this.#push({ entries: new Map(), key: undefined, lastKey: undefined });
      default:
        return reader.string();
    }
  }

  #push(container: OpenList | OpenDict): undefined {
    if (this.#open.length >= this.#maxDepth) throw new BencodeError('too-deep', this.#reader.at);
    this.#open.push(container);
    this.#reader.at += 1;
  }

  #close(): BencodeValue {
    const container = this.#open.pop();
    if (container === undefined) throw new BencodeError('unexpected-byte', this.#reader.at);
    if ('key' in container && container.key !== undefined)
      throw new BencodeError('missing-value', this.#reader.at);
    this.#reader.at += 1;
    if ('list' in container) return container.list;
    return container.entries.size === 0 ? emptyDict : container.entries;
  }

  #readKey(dict: OpenDict): void {
    const start = this.#reader.at;
    const byte = this.#reader.peek();
    if (byte === ascii.i || byte === ascii.l || byte === ascii.d)
      throw new BencodeError('key-not-string', start);
    this.#reader.count();
    const key = latin1(this.#reader.string());
    if (dict.entries.has(key)) throw new BencodeError('duplicate-key', start);
    if (dict.lastKey !== undefined && key < dict.lastKey)
      this.#reader.deviate('unsorted-keys', start);
    dict.key = key;
  }
}

const isExpectingKey = (top: OpenList | OpenDict | undefined): top is OpenDict =>
  top !== undefined && 'key' in top && top.key === undefined;

function putValue(dict: OpenDict, value: BencodeValue): void {
  const key = dict.key ?? '';
  dict.entries.set(key, value);
  dict.lastKey = key;
  dict.key = undefined;
}
