/**
 * Query strings as bytes (BEP 3: "info_hash", "peer_id"). Values are latin1, a character a byte: anything
 * that knows of UTF-8 would turn %FF into U+FFFD. A plus sign is itself (RFC 3986).
 */
import { fromLatin1 } from '../bytes/utf8.ts';
import { TrackerError } from './error.ts';

/** Room for a scrape of 74 swarms and what else anybody sends; beyond that it is an attempt to keep us busy. */
export const maxParameters = 128;

/** The parameters of one query. */
export class Query {
  readonly #values = new Map<string, string[]>();

  /** `raw` is what follows the question mark, as it came. Throws TrackerError. */
  constructor(raw: string) {
    // One part more than is allowed shows that there are too many, without cutting up the rest.
    const parts = raw === '' ? [] : raw.split('&', maxParameters + 1);
    if (parts.length > maxParameters)
      throw new TrackerError('too-many-parameters', `more than ${maxParameters} parameters`);
    for (const part of parts) this.#add(part);
  }

  /** Every value under `name`, in order. */
  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** The value under `name`; undefined when there is none. Throws when there are two. */
  find(name: string): string | undefined {
    const [value, ...more] = this.all(name);
    if (more.length > 0) throw new TrackerError('repeated', `${name} is given twice`);
    return value;
  }

  /** The value under `name`, which must be there. */
  need(name: string): string {
    const value = this.find(name);
    if (value === undefined) throw new TrackerError('missing', `${name} is missing`);
    return value;
  }

  #add(part: string): void {
    const cut = part.indexOf('=');
    const name = unescapeBytes(cut < 0 ? part : part.slice(0, cut));
    const value = cut < 0 ? '' : unescapeBytes(part.slice(cut + 1));
    const values = this.#values.get(name);
    if (values === undefined) this.#values.set(name, [value]);
    else values.push(value);
  }
}

/** Bytes, as latin1, fit for a query. */
export function escapeBytes(text: string): string {
  let escaped = '';
  for (const byte of fromLatin1(text)) {
    const character = String.fromCharCode(byte);
    escaped += /[\w.~-]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`;
  }
  return escaped;
}

/** Bytes, as hex digits, fit for a query. */
export const escapeHex = (hex: string): string => hex.replace(/../g, '%$&');

/** Twenty bytes, as latin1, in hex; undefined for any other length. */
export function hashInHex(bytes: string): string | undefined {
  if (bytes.length !== 20) return undefined;
  return Array.from(bytes, (c) => c.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}

function unescapeBytes(text: string): string {
  if (/%(?![0-9a-f]{2})|[^\0-\xff]/i.test(text))
    throw new TrackerError('bad-escape', 'a percent sign without two hex digits');
  return text.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
