/** Where in a bencoded text a value lies: an info hash is taken over the bytes as they came (BEP 3). */
import { latin1 } from '../bytes/utf8.ts';
import { type TokenReader, ascii } from './reader.ts';

/** The bytes from `start` up to but not including `end`. */
export type Span = { readonly start: number; readonly end: number };

/** The span of the value under `path`, in a text that was decoded before; undefined when there is none. */
export function spanIn(reader: TokenReader, path: readonly (string | number)[]): Span | undefined {
  for (const step of path) {
    const isFound = typeof step === 'string' ? enterKey(reader, step) : enterIndex(reader, step);
    if (!isFound) return undefined;
  }
  const start = reader.at;
  skipValue(reader);
  return { start, end: reader.at };
}

/** Moves from the start of a dictionary to the value under `key`. */
function enterKey(reader: TokenReader, key: string): boolean {
  if (reader.peek() !== ascii.d) return false;
  reader.at += 1;
  while (reader.peek() !== ascii.e) {
    if (latin1(reader.string()) === key) return true;
    skipValue(reader);
  }
  return false;
}

/** Moves from the start of a list to its item with this index. */
function enterIndex(reader: TokenReader, index: number): boolean {
  if (reader.peek() !== ascii.l) return false;
  reader.at += 1;
  for (let i = 0; reader.peek() !== ascii.e; i += 1) {
    if (i === index) return true;
    skipValue(reader);
  }
  return false;
}

function skipValue(reader: TokenReader): void {
  let depth = 0;
  do {
    const byte = reader.peek();
    if (byte === ascii.i) reader.integer();
    else if (byte === ascii.l || byte === ascii.d || byte === ascii.e) {
      depth += byte === ascii.e ? -1 : 1;
      reader.at += 1;
    } else reader.string();
  } while (depth > 0);
}
