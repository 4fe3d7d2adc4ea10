import { expect, it } from 'vitest';
import { HalfSipHash } from './half-siphash.ts';

// Test vectors of the Linux kernel (lib/test_siphash.c, 32 bits): the key is 00..07, the message 00..(n-1).
it.each([
  [0, 0x5814_c896],
  [4, 0x7e05_9ea6],
])('hashes %i bytes as the kernel does', (length, expected) => {
  const words = Uint32Array.of(0x0302_0100, 0x0706_0504);
  const hash = new HalfSipHash(0x0302_0100, 0x0706_0504);
  expect(hash.hash(words, 0, length / 4) >>> 0).toBe(expected);
});

it('reads the words that it is told to, and spreads them', () => {
  const hash = new HalfSipHash(1, 2);
  const words = Uint32Array.from({ length: 1_000 }, (_, i) => i);
  const places = new Set<number>();
  for (let at = 0; at < 990; at += 1) places.add(hash.hash(words, at, 5) & 0xffff);
  // Of 990 in 65,536 places 7 or 8 fall where another is.
  expect(places.size).toBeGreaterThan(960);
  expect(hash.hash(words, 7, 5)).toBe(hash.hash(words.subarray(7), 0, 5));
});
