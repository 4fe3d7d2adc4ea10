import { expect, it } from 'vitest';
import fc from 'fast-check';
import { fromHex, sameBytes, toHex } from './hex.ts';

it('hex digits are lowercase and two a byte', () => {
  expect(toHex(Uint8Array.of(0, 10, 255))).toBe('000aff');
});

it('reading hex undoes writing it', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(fromHex(toHex(bytes))).toEqual(bytes);
    }),
  );
});

it('bytes are the same when each of them is', () => {
  expect(sameBytes(fromHex('0102'), fromHex('0102'))).toBe(true);
  expect(sameBytes(fromHex('0102'), fromHex('0103'))).toBe(false);
  expect(sameBytes(fromHex('01'), fromHex('0100'))).toBe(false);
});
