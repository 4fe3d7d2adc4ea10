import { expect, it } from 'vitest';
import fc from 'fast-check';
import { keyNumber, keyText } from './key.ts';

it('reads hex keys in either case, so that a peer is the same over HTTP and over UDP', () => {
  expect(keyNumber('DEADBEEF')).toBe(0xdeadbeef);
  expect(keyNumber('0a')).toBe(10);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 0xffff_ffff }), (number) => {
      expect(keyNumber(keyText(number))).toBe(number);
    }),
  );
});

it('makes a number of any key, and never 0', () => {
  expect(keyNumber('0')).toBe(1);
  expect(keyNumber('zzzzzzzz')).not.toBe(keyNumber('zzzzzzzy'));
  fc.assert(
    fc.property(fc.string(), (key) => {
      const number = keyNumber(key);
      expect(Number.isInteger(number) && number >= 1 && number <= 0xffff_ffff).toBe(true);
    }),
  );
});
