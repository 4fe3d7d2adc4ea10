/** The answers that a load reads over HTTP: the usual ones by their bytes, since reading must not cost more than answering. */
import { BencodeError } from '../../core/bencode/error.ts';
import { decodeBencode } from '../../core/bencode/decode.ts';
import type { Outcome, Told } from './errand.ts';

/** What is between the beginning of an answer and its body. */
export type HttpHead = {
  /** Where the body begins. */
  readonly bodyAt: number;
  /** Undefined: it ends with the connection. */
  readonly bodyBytes: number | undefined;
  /** The tracker hangs up afterwards. */
  readonly isLast: boolean;
};

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Undefined: it is not all there yet. */
export function readHead(bytes: Buffer): HttpHead | undefined {
  let bodyBytes: number | undefined;
  // HTTP/1.0 hangs up unless it says otherwise.
  let isLast = bytes[7] === zero;
  for (let begin = 0; ;) {
    const end = bytes.indexOf(lineFeed, begin);
    if (end < 0) return undefined;
    if (end === begin || (end === begin + 1 && bytes[begin] === carriageReturn))
      return { bodyAt: end + 1, bodyBytes, isLast };
    // Only lines that begin like the two of interest are looked at: "Content-Length" and "Connection".
    if (((bytes[begin] ?? 0) | 0x20) === 0x63) {
      const line = bytes.toString('latin1', begin, end).toLowerCase();
      const [, length] = /^content-length: *(\d+)/.exec(line) ?? [];
      if (length !== undefined) bodyBytes = Number(length);
      if (line.startsWith('connection:')) isLast = line.includes('close');
    }
    begin = end + 1;
  }
}

const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;
const letter = { d: 0x64, e: 0x65, i: 0x69 } as const;

/** What a body says. `Told.peers` is a part of it. */
export const outcomeOf = (body: Buffer): Outcome => {
  const told = usualTold(body);
  return told === undefined ? anyOutcome(body) : { type: 'told', told };
};

/** Reads a flat dictionary of numbers and strings with all that an answer must have; undefined: it is something else. */
function usualTold(body: Buffer): Told | undefined {
  let seeders = -1;
  let leechers = -1;
  let peers: Uint8Array | undefined;
  let at = 1;
  while (body[at] !== letter.e) {
    const key = stringAt(body, at);
    const value = key && valueAt(body, key.end);
    if (key === undefined || value === undefined) return undefined;
    if (is(body, key, 'failure reason')) return undefined;
    if (is(body, key, 'complete')) seeders = value.number;
    if (is(body, key, 'incomplete')) leechers = value.number;
    if (is(body, key, 'peers')) peers = body.subarray(value.begin, value.end);
    at = value.next;
  }
  const isWhole = body[0] === letter.d && at === body.length - 1;
  return peers === undefined || !isWhole ? undefined : { seeders, leechers, peers };
}

type Span = { readonly begin: number; readonly end: number };
type Value = Span & { readonly number: number; readonly next: number };

/** The string or the count at `at`, and what comes behind it; of a string `number` is -1, of a count the span is empty. */
function valueAt(body: Buffer, at: number): Value | undefined {
  if (body[at] === letter.i) return countAt(body, at);
  const string = stringAt(body, at);
  return string && { ...string, number: -1, next: string.end };
}

/** The string at `at`, without its length. */
function stringAt(body: Buffer, at: number): Span | undefined {
  let length = 0;
  let begin = at;
  for (; begin < body.length && body[begin] !== colon; begin += 1) {
    const digit = body[begin] ?? 0;
    if (digit < zero || digit > nine || begin - at > 6) return undefined;
    length = length * 10 + digit - zero;
  }
  const end = begin + 1 + length;
  return begin === at || end >= body.length ? undefined : { begin: begin + 1, end };
}

function countAt(body: Buffer, at: number): Value | undefined {
  let number = 0;
  let end = at + 1;
  for (; body[end] !== letter.e; end += 1) {
    const digit = body[end] ?? 0;
    if (digit < zero || digit > nine || end - at > 15) return undefined;
    number = number * 10 + digit - zero;
  }
  return end === at + 1 ? undefined : { begin: end, end, number, next: end + 1 };
}

function is(body: Buffer, { begin, end }: Span, text: string): boolean {
  if (end - begin !== text.length) return false;
  for (let i = 0; i < text.length; i += 1) if (body[begin + i] !== text.charCodeAt(i)) return false;
  return true;
}

function anyOutcome(body: Uint8Array): Outcome {
  try {
    const dict = decodeBencode(body, { mode: 'lenient' });
    if (!(dict instanceof Map)) return { type: 'garbled', detail: 'not a dictionary' };
    const failure = dict.get('failure reason');
    if (failure instanceof Uint8Array)
      return { type: 'refused', detail: Buffer.from(failure).toString() };
    const peers = dict.get('peers');
    const seeders = Number(dict.get('complete') ?? -1);
    const leechers = Number(dict.get('incomplete') ?? -1);
    if (!(peers instanceof Uint8Array)) return { type: 'garbled', detail: 'no compact peers' };
    return { type: 'told', told: { seeders, leechers, peers } };
  } catch (error) {
    if (!(error instanceof BencodeError)) throw error;
    return { type: 'garbled', detail: error.message };
  }
}
