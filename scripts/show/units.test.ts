import { expect, it } from 'vitest';
import { printable } from './printable.ts';
import { countText, rateText, sizeText } from './units.ts';

it.each([
  [0, '0 B'],
  [1_023, '1023 B'],
  [1_024, '1.0 KiB'],
  [4_147_200, '4.0 MiB'],
  [2 ** 50, '1024.0 TiB'],
])('writes %d bytes as %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});

it.each([
  [0, '0 B/s'],
  [12_340, '12.3 kB/s'],
  [250e6, '250.0 MB/s'],
])('writes %d bytes a second as %s', (rate, text) => {
  expect(rateText(rate)).toBe(text);
});

it('counts in singular and plural', () => {
  expect([countText(0, 'peer'), countText(1, 'peer'), countText(2, 'peer')]).toEqual([
    '0 peers',
    '1 peer',
    '2 peers',
  ]);
});

it('lets no stranger write escape sequences or turn a line round', () => {
  expect(printable('a\u001b[2Jb\u202egpj.exe\n')).toBe('a\\u{1b}[2Jb\\u{202e}gpj.exe\\u{a}');
  expect(printable('Größe 音楽 🎵')).toBe('Größe 音楽 🎵');
});
