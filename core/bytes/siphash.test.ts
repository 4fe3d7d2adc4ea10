import { expect, it } from 'vitest';
import { SipHash } from './siphash.ts';

const key = Uint8Array.from({ length: 16 }, (_, i) => i);

// From the paper's appendix and the reference implementation: the key is 00..0f, the message 00..(n-1).
it.each([
  [0, 0x726f_db47, 0xdd0e_0e31],
  [1, 0x74f8_39c5, 0x93dc_67fd],
  [8, 0x93f5_f579, 0x9a93_2462],
  [15, 0xa129_ca61, 0x49be_45e5],
])('hashes %i bytes as the reference does', (length, high, low) => {
  const hash = new SipHash(key);
  hash.digest(Uint8Array.from({ length }, (_, i) => i));
  expect([hash.high, hash.low]).toEqual([high, low]);
});

it('refuses a key of another length', () => {
  expect(() => new SipHash(key.subarray(1))).toThrow(RangeError);
});
