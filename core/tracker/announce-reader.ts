/**
 * The usual announce (BEP 3, 23), read where it lies and into numbers: no string is cut out for a value, no object made. It
 * knows only what nearly every client sends; what is rare or wrong is left to `decodeAnnounceQuery`, which knows everything.
 */
import type { AnnounceEvent } from './announce.ts';
import type { Announcement } from './announcement.ts';
import { keyNumber } from './key.ts';
import { idWords } from './peer-table.ts';
import { maxParameters } from './query.ts';

/** Where a value is in a query. */
type Span = { readonly query: string; readonly begin: number; readonly end: number };
type Field = {
  readonly bit: number;
  /** Says whether it was a usual one. */
  readonly read: (span: Span, announcement: Announcement) => boolean;
};

const events = new Map<string, AnnounceEvent | undefined>([
  ['', undefined],
  ['started', 'started'],
  ['completed', 'completed'],
  ['stopped', 'stopped'],
  ['paused', 'paused'],
]);

const percent = 0x25;
const lastByte = 0xff;
/** As many digits are an exact number. */
const maxDigits = 15;
const maxKeyChars = 256;
const maxPort = 65_535;

const fields = new Map<string, Field>([
  ['info_hash', { bit: 1, read: (span, into) => readHash(span, into.infoHash) }],
  ['peer_id', { bit: 2, read: (span, into) => readHash(span, into.peerId) }],
  ['port', { bit: 4, read: readPort }],
  ['left', { bit: 8, read: readLeft }],
  ['uploaded', { bit: 16, read: (span) => numberIn(span) >= 0 }],
  ['downloaded', { bit: 32, read: (span) => numberIn(span) >= 0 }],
  ['event', { bit: 64, read: readEvent }],
  ['numwant', { bit: 128, read: readNumwant }],
  ['key', { bit: 256, read: readKey }],
  ['compact', { bit: 512, read: ({ query, begin, end }) => query.slice(begin, end) === '1' }],
  // A compact answer has no peer ids anyway; but it may be given only once.
  ['no_peer_id', { bit: 2048, read: isPlain }],
  // These say more than an announcement holds.
  ['ip', { bit: 1024, read: () => false }],
  ['trackerid', { bit: 1024, read: () => false }],
]);
/** What must be there: info hash, peer id, port, left. */
const needed = 15;

/**
 * Reads what follows the question mark. False: no usual announce, and `announcement` holds nothing of meaning. The address
 * is the caller's business.
 */
export function readAnnounceQuery(query: string, announcement: Announcement): boolean {
  announcement.event = undefined;
  announcement.numwant = undefined;
  announcement.key = 0;
  let seen = 0;
  let parts = 0;
  for (let begin = 0; begin <= query.length; parts += 1) {
    if (parts === maxParameters) return false;
    const end = indexOrEnd(query.indexOf('&', begin), query.length);
    const cut = indexOrEnd(query.indexOf('=', begin), end);
    const field = fields.get(query.slice(begin, cut));
    if (field === undefined) {
      if (!isPlain({ query, begin, end })) return false;
    } else {
      const span = { query, begin: Math.min(cut + 1, end), end };
      if ((seen & field.bit) !== 0 || !field.read(span, announcement)) return false;
      seen |= field.bit;
    }
    begin = end + 1;
  }
  return (seen & needed) === needed;
}

/** What was not found, or only behind the end, is at the end. */
const indexOrEnd = (index: number, end: number): number => (index < 0 ? end : Math.min(index, end));

/** Twenty bytes, some of them escaped, as five words. */
function readHash({ begin, end, query }: Span, words: Uint32Array): boolean {
  let at = begin;
  for (let i = 0; i < 4 * idWords; i += 1) {
    if (at >= end) return false;
    const code = query.charCodeAt(at);
    const isEscaped = code === percent;
    if (isEscaped && at + 2 >= end) return false;
    const byte = isEscaped ? escapedAt(query, at) : code;
    if (byte < 0 || byte > lastByte) return false;
    at += isEscaped ? 3 : 1;
    words[i >>> 2] = ((words[i >>> 2] ?? 0) << 8) | byte;
  }
  return at === end;
}

/** The byte that is escaped at `at`; negative when none is. */
const escapedAt = (query: string, at: number): number =>
  (digitOf(query.charCodeAt(at + 1)) << 4) | digitOf(query.charCodeAt(at + 2));

/** A hex digit's value; -1 when it is none. */
function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}

/** A count; -1 for what is none, or has more digits than usual. */
function numberIn({ begin, end, query }: Span): number {
  if (end === begin || end - begin > maxDigits) return -1;
  let number = 0;
  for (let at = begin; at < end; at += 1) {
    const digit = query.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

function readPort(span: Span, announcement: Announcement): boolean {
  announcement.port = numberIn(span);
  return announcement.port >= 1 && announcement.port <= maxPort && span.end - span.begin <= 5;
}

function readLeft(span: Span, announcement: Announcement): boolean {
  const left = numberIn(span);
  announcement.isSeeder = left === 0;
  return left >= 0;
}

function readNumwant(span: Span, announcement: Announcement): boolean {
  announcement.numwant = numberIn(span);
  return announcement.numwant >= 0;
}

function readEvent({ begin, end, query }: Span, announcement: Announcement): boolean {
  const name = query.slice(begin, end);
  announcement.event = events.get(name);
  return events.has(name);
}

function readKey(span: Span, announcement: Announcement): boolean {
  const { begin, end, query } = span;
  if (end - begin > maxKeyChars || !isPlain(span)) return false;
  announcement.key = keyNumber(query.slice(begin, end));
  return true;
}

/** Whether every character is a byte, and itself. */
function isPlain({ begin, end, query }: Span): boolean {
  for (let at = begin; at < end; at += 1) {
    const code = query.charCodeAt(at);
    if (code === percent || code > lastByte) return false;
  }
  return true;
}
