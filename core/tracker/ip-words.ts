/** Addresses as four words of 32 bits, an IPv4 one as ::ffff:a.b.c.d (RFC 4291): what a tracker keeps of a million peers. */
import { setUint32, uint32At } from '../bytes/uint32.ts';
import { formatIp } from './ip.ts';

export const ipWords = 4;

const mapped = 0xffff;
const ipv4Bytes = 4;

/** `address` has 4 or 16 bytes. */
export function wordsFromIp(address: Uint8Array, words: Uint32Array): void {
  if (address.length === ipv4Bytes) {
    words[0] = 0;
    words[1] = 0;
    words[2] = mapped;
    words[3] = uint32At(address, 0);
  } else for (let i = 0; i < ipWords; i += 1) words[i] = uint32At(address, 4 * i);
}

/** Whether the words at `at` are an IPv4 address. */
export const isIpv4At = (words: Uint32Array, at: number): boolean =>
  words[at] === 0 && words[at + 1] === 0 && words[at + 2] === mapped;

/** The one way to write the address at `at`. */
export function ipAt(words: Uint32Array, at: number): string {
  const bytes = new Uint8Array(4 * ipWords);
  for (let i = 0; i < ipWords; i += 1) setUint32(bytes, 4 * i, words[at + i] ?? 0);
  return formatIp(isIpv4At(words, at) ? bytes.subarray(4 * ipWords - ipv4Bytes) : bytes);
}

/** Whether somebody can be there: neither unset, nor multicast, nor broadcast. */
export function isHostAt(words: Uint32Array, at: number): boolean {
  const first = words[at] ?? 0;
  if (isIpv4At(words, at)) {
    const byte = (words[at + 3] ?? 0) >>> 24;
    return byte >= 1 && byte <= 223;
  }
  const isUnset = first === 0 && words[at + 1] === 0 && words[at + 2] === 0 && words[at + 3] === 0;
  return !isUnset && first >>> 24 !== 0xff;
}
