/** Values to canonical bencoding: keys sorted by their bytes (BEP 3, "bencoding"). */
import { ByteSink } from '../bytes/byte-sink.ts';
import { encodeUtf8, fromLatin1, latin1 } from '../bytes/utf8.ts';
import type { BencodeInput, BencodeRecord } from './value.ts';

/** The one encoding of `value`. A number that is not a safe integer is the caller's bug: RangeError. */
export function encodeBencode(value: BencodeInput): Uint8Array {
  const sink = new ByteSink();
  put(sink, value);
  return sink.toBytes();
}

function put(sink: ByteSink, value: BencodeInput): void {
  if (typeof value === 'number' || typeof value === 'bigint') putInteger(sink, value);
  else if (typeof value === 'string') putString(sink, encodeUtf8(value));
  else if (value instanceof Uint8Array) putString(sink, value);
  else if (isList(value)) {
    putText(sink, 'l');
    for (const item of value) put(sink, item);
    putText(sink, 'e');
  } else putDict(sink, entriesOf(value));
}

function putInteger(sink: ByteSink, value: number | bigint): void {
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new RangeError(`not an integer that can be written exactly: ${value}`);
  putText(sink, `i${value}e`);
}

function putString(sink: ByteSink, bytes: Uint8Array): void {
  putText(sink, `${bytes.length}:`);
  sink.push(bytes);
}

function putDict(sink: ByteSink, entries: [string, BencodeInput][]): void {
  // One character a byte, so the order of the characters is the order of the bytes.
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  putText(sink, 'd');
  for (const [key, item] of entries) {
    putString(sink, fromLatin1(key));
    put(sink, item);
  }
  putText(sink, 'e');
}

/** The entries that are there, with their keys as latin1. */
function entriesOf(
  dict: ReadonlyMap<string, BencodeInput> | BencodeRecord,
): [string, BencodeInput][] {
  if (dict instanceof Map) return [...(dict as ReadonlyMap<string, BencodeInput>)];
  const entries: [string, BencodeInput][] = [];
  for (const [key, item] of Object.entries(dict as BencodeRecord))
    if (item !== undefined) entries.push([latin1(encodeUtf8(key)), item]);
  return entries;
}

const isList = (value: BencodeInput): value is readonly BencodeInput[] => Array.isArray(value);

const putText = (sink: ByteSink, text: string): void => sink.push(fromLatin1(text));
