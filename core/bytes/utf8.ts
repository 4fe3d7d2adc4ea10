/** Text as bytes: UTF-8 (RFC 3629), and one byte a character where any bytes must survive. */

const replacement = 0xfffd;

/** How many arguments a call may safely have. */
const charsPerCall = 8_192;

/** `text` as UTF-8. Half a surrogate pair becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    length = putUtf8(bytes, length, isSurrogate(point) ? replacement : point);
  }
  return bytes.slice(0, length);
}

/** The text that `bytes` are in UTF-8; undefined when they are none: cut, overlong, a surrogate, above U+10FFFF. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at] ?? 0;
    const length = lengthAfter(lead);
    if (length === 0 || at + length > bytes.length) return undefined;
    let point = length === 1 ? lead : lead & (0x7f >> length);
    for (let i = 1; i < length; i += 1) {
      const next = bytes[at + i] ?? 0;
      if ((next & 0xc0) !== 0x80) return undefined;
      point = (point << 6) | (next & 0x3f);
    }
    if (point < leastOf(length) || point > 0x10_ffff || isSurrogate(point)) return undefined;
    text += String.fromCodePoint(point);
    at += length;
  }
  return text;
}

/** One character a byte, U+0000 to U+00FF. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += charsPerCall)
    text += String.fromCharCode(...bytes.subarray(at, at + charsPerCall));
  return text;
}

/** The bytes `latin1` came from. A character above U+00FF is the caller's bug: RangeError. */
export function fromLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code > 0xff) throw new RangeError(`not a byte: character ${i} of a latin1 string`);
    bytes[i] = code;
  }
  return bytes;
}

/** All of `parts`, end to end, in new memory. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const isSurrogate = (point: number): boolean => point >= 0xd800 && point <= 0xdfff;

/** How long the sequence is that `lead` begins; 0 when it begins none. */
function lengthAfter(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  return lead < 0xf5 ? 4 : 0;
}

/** The least code point that needs `length` bytes: anything below is an overlong form. */
function leastOf(length: number): number {
  if (length < 3) return 0;
  return length === 3 ? 0x800 : 0x1_0000;
}

/** Writes `point` at `at` and returns where it ends. */
function putUtf8(bytes: Uint8Array, at: number, point: number): number {
  if (point < 0x80) {
    bytes[at] = point;
    return at + 1;
  }
  const length = point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
  bytes[at] = ((0xf00 >> length) & 0xff) | (point >> (6 * (length - 1)));
  for (let i = 1; i < length; i += 1)
    bytes[at + i] = 0x80 | ((point >> (6 * (length - 1 - i))) & 0x3f);
  return at + length;
}
