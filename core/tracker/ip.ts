/** IP addresses as bytes and as text, for compact peers and `ip=` (BEP 7, 23; text as in RFC 5952). */
import type { Endpoint } from '../torrent/ids.ts';

const ipv4Bytes = 4;
const ipv6Bytes = 16;
const hextets = 8;
/** What an IPv4 address looks like inside IPv6: ::ffff:1.2.3.4 (RFC 4291). */
const mappedPrefix: readonly number[] = [0, 0, 0, 0, 0, 0xffff];

/** 4 bytes or 16; undefined for anything that is not an address. An IPv4 address inside IPv6 gives 4. */
export function parseIp(text: string): Uint8Array | undefined {
  if (!text.includes(':')) return parseIpv4(text);
  const words = parseHextets(text);
  if (words === undefined) return undefined;
  const bytes = Uint8Array.from({ length: ipv6Bytes }, (_, i) => {
    const word = words[i >>> 1] ?? 0;
    return i % 2 === 0 ? word >>> 8 : word & 0xff;
  });
  return mappedPrefix.every((word, i) => words[i] === word) ? bytes.slice(12) : bytes;
}

/** The one way to write the address; `bytes` are 4 or 16. */
export function formatIp(bytes: Uint8Array): string {
  if (bytes.length === ipv4Bytes) return bytes.join('.');
  const words = Array.from({ length: hextets }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  const { at, length } = longestZeros(words);
  if (length < 2) return words.join(':');
  return `${words.slice(0, at).join(':')}::${words.slice(at + length).join(':')}`;
}

/** The one way to write an address that came as text; undefined when it is none. */
export function canonicalIp(text: string): string | undefined {
  const bytes = parseIp(text);
  return bytes && formatIp(bytes);
}

/** Whether a peer can listen there: a port, and an address that is neither unset, nor multicast, nor broadcast. */
export function isDialable({ ip, port }: Endpoint): boolean {
  const [first = 0, ...rest] = parseIp(ip) ?? [];
  if (!(Number.isInteger(port) && port >= 1 && port <= 65_535)) return false;
  if (rest.length === ipv4Bytes - 1) return first >= 1 && first <= 223;
  return first !== 0xff && (first !== 0 || rest.some((byte) => byte !== 0));
}

/** By hand, since a tracker does this for every peer of every answer: a tenth of what splitting and matching costs. */
function parseIpv4(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(ipv4Bytes);
  let at = 0;
  for (let part = 0; part < ipv4Bytes; part += 1) {
    if (part > 0 && text.charCodeAt(at++) !== dot) return undefined;
    const begin = at;
    let value = 0;
    for (let digit = digitAt(text, at); digit >= 0 && at - begin < 3; digit = digitAt(text, at)) {
      value = value * 10 + digit;
      at += 1;
    }
    const hasLeadingZero = at - begin > 1 && digitAt(text, begin) === 0;
    if (at === begin || value > 255 || hasLeadingZero) return undefined;
    bytes[part] = value;
  }
  return at === text.length ? bytes : undefined;
}

const dot = 0x2e;

/** The digit at `at`, or -1. */
function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - 0x30;
  return digit >= 0 && digit <= 9 ? digit : -1;
}

/** The eight words of an IPv6 address; `::` stands for as many zeros as are missing. */
function parseHextets(text: string): number[] | undefined {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  const before = parseWords(head, tail === undefined);
  const after = parseWords(tail ?? '', true);
  if (before === undefined || after === undefined) return undefined;
  const missing = hextets - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...before, ...Array.from({ length: missing }, () => 0), ...after];
}

/** Words with colons between them; the end of an address may be written as IPv4. */
function parseWords(text: string, isEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const last = parts.at(-1) ?? '';
  const ipv4 = isEnd && last.includes('.') ? parseIpv4(last) : undefined;
  const words = ipv4 === undefined ? parts : parts.slice(0, -1);
  if (!words.every((word) => /^[0-9a-f]{1,4}$/i.test(word))) return undefined;
  const numbers = words.map((word) => Number.parseInt(word, 16));
  if (ipv4 === undefined) return numbers;
  const [a = 0, b = 0, c = 0, d = 0] = ipv4;
  return [...numbers, (a << 8) | b, (c << 8) | d];
}

function longestZeros(words: readonly string[]): { readonly at: number; readonly length: number } {
  let best = { at: 0, length: 0 };
  for (let at = 0; at < words.length; at += 1) {
    let end = at;
    while (words[end] === '0') end += 1;
    if (end - at > best.length) best = { at, length: end - at };
  }
  return best;
}
