/** The key of an announce (BEP 7, BEP 15): text over HTTP, 32 bits over UDP, and one and the same peer over both. */
import { encodeUtf8 } from '../bytes/utf8.ts';

const hexKey = /^[0-9a-f]{1,8}$/i;
const fnvOffset = 0x811c_9dc5;
const fnvPrime = 0x0100_0193;

/**
 * The key as 32 bits: most clients write these in hex, and any other text is hashed (FNV-1a). A key is never 0, which
 * over UDP is what clients send that have none.
 */
export function keyNumber(key: string): number {
  if (hexKey.test(key)) return Number.parseInt(key, 16) || 1;
  let hash = fnvOffset;
  for (const byte of encodeUtf8(key)) hash = Math.imul(hash ^ byte, fnvPrime);
  return hash >>> 0 || 1;
}

/** The way our peers write it. */
export const keyText = (number: number): string => number.toString(16).padStart(8, '0');
