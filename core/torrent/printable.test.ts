import { expect, it } from 'vitest';
import fc from 'fast-check';
import { printable } from './printable.ts';

it('foreign text is printed without what could move the cursor or hide other text', () => {
  expect(printable('ä\x1b[31m\u202e\u200b\u2028\ud800😀')).toBe(
    'ä\\u{1b}[31m\\u{202e}\\u{200b}\\u{2028}\\u{d800}😀',
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
});

it('foreign text is cut at 120 characters, also inside a pair', () => {
  expect(printable('x'.repeat(121))).toBe(`${'x'.repeat(120)}…`);
  expect(printable(`${'x'.repeat(119)}😀`)).toBe(`${'x'.repeat(119)}\\u{d83d}…`);
});
