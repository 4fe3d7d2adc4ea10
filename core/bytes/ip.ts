/** IP addresses as text and as bytes (RFC 4291, RFC 5952). */

const ipv4Byte = /^(?:0|[1-9][0-9]{0,2})$/;
const ipv6Group = /^[0-9a-f]{1,4}$/i;
const groupCount = 8;

/** 4 or 16 bytes; undefined when `text` is no address. Zones (`%eth0`) are none of an address. */
export function parseIp(text: string): Uint8Array | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** 4 bytes in dotted form, 16 in the canonical form of RFC 5952. Any other length is the caller's bug: RangeError. */
export function formatIp(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) throw new RangeError(`not an IP address: ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const groups = Array.from({ length: groupCount }, (_, i) => view.getUint16(2 * i));
  const { start, length } = longestZeros(groups);
  if (length < 2) return hexGroups(groups);
  return `${hexGroups(groups.slice(0, start))}::${hexGroups(groups.slice(start + length))}`;
}

/** The address at which every machine finds itself, so that any number of peers may share it (RFC 1122, RFC 4291). */
export const isOwnAddress = (ip: string): boolean => ip === '127.0.0.1' || ip === '::1';

function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split('.', 5);
  const isWhole = parts.length === 4 && parts.every((part) => ipv4Byte.test(part) && +part <= 255);
  return isWhole ? Uint8Array.from(parts, Number) : undefined;
}

function parseIpv6(text: string): Uint8Array | undefined {
  const [head = '', tail, more] = text.split('::', 3);
  if (more !== undefined) return undefined;
  const before = groupsOf(head, tail === undefined);
  const behind = groupsOf(tail ?? '', true);
  if (before === undefined || behind === undefined) return undefined;
  const zeros = groupCount - before.length - behind.length;
  if (tail === undefined ? zeros !== 0 : zeros < 1) return undefined;
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  before.forEach((group, i) => view.setUint16(2 * i, group));
  behind.forEach((group, i) => view.setUint16(2 * (groupCount - behind.length + i), group));
  return bytes;
}

/** The groups between colons; an IPv4 address at the end of the whole counts for two. */
function groupsOf(text: string, isEnd: boolean): readonly number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':', groupCount + 1);
  const groups: number[] = [];
  for (const [i, part] of parts.entries()) {
    const ipv4 = isEnd && i === parts.length - 1 ? parseIpv4(part) : undefined;
    if (ipv4 !== undefined) {
      const [a = 0, b = 0, c = 0, d = 0] = ipv4;
      groups.push(a * 256 + b, c * 256 + d);
    } else if (ipv6Group.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

const hexGroups = (groups: readonly number[]): string =>
  groups.map((group) => group.toString(16)).join(':');

/** The first of the longest runs of zero groups. */
function longestZeros(groups: readonly number[]): {
  readonly start: number;
  readonly length: number;
} {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start += 1) {
    let length = 0;
    while (groups[start + length] === 0) length += 1;
    if (length > best.length) best = { start, length };
  }
  return best;
}
