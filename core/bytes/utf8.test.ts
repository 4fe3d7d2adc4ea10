import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { fromHex, toHex } from './hex.ts';
import { concatBytes, decodeUtf8, encodeUtf8, fromLatin1, latin1 } from './utf8.ts';

// Each row is checked in both directions.
const golden: readonly (readonly [string, string])[] = [
  ['', ''],
  ['a\u007f', '617f'],
  ['\u0080ä\u07ff', 'c280c3a4dfbf'],
  ['\u0800€\ud7ff\ue000\uffff', 'e0a080e282aced9fbfee8080efbfbf'],
  ['\u{10000}😀\u{10ffff}', 'f0908080f09f9880f48fbfbf'],
];

const notUtf8: readonly (readonly [string, string])[] = [
  ['a lone continuation byte', '80'],
  ['an overlong slash', 'c0af'],
  ['an overlong form of three bytes', 'e09fbf'],
  ['an overlong form of four bytes', 'f08fbfbf'],
  ['a surrogate', 'eda080'],
  ['a point above U+10FFFF', 'f4908080'],
  ['a lead byte of no length', 'ff'],
  ['a cut sequence', 'e282'],
  ['a sequence cut by a letter', 'e28261'],
];

describe('UTF-8', () => {
  it.each(golden)('%j is %s', (text, hex) => {
    expect(toHex(encodeUtf8(text))).toBe(hex);
    expect(decodeUtf8(fromHex(hex))).toBe(text);
  });

  it.each(notUtf8)('refuses %s', (_, hex) => {
    expect(decodeUtf8(fromHex(hex))).toBeUndefined();
  });

  it('encodes half a surrogate pair as U+FFFD', () => {
    expect(toHex(encodeUtf8('a\ud800b'))).toBe('61efbfbd62');
  });

  it('encodes as the platform does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(toHex(encodeUtf8(text))).toBe(toHex(new TextEncoder().encode(text)));
      }),
    );
  });

  it('decodes and refuses any bytes as the platform does', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), nearUtf8), (bytes) => {
        expect(decodeUtf8(bytes)).toBe(byThePlatform(bytes));
      }),
    );
  });
});

describe('latin1', () => {
  it('keeps any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromLatin1(latin1(bytes))).toEqual(bytes);
      }),
    );
  });

  it('takes a million bytes', () => {
    expect(latin1(new Uint8Array(1_000_000).fill(65))).toBe('A'.repeat(1_000_000));
  });

  it('refuses a character that is no byte', () => {
    expect(() => fromLatin1('aĀ')).toThrow(RangeError);
  });
});

describe('concatBytes', () => {
  it('joins parts in new memory', () => {
    const part = fromHex('0102');
    const whole = concatBytes(part, fromHex(''), fromHex('03'));
    part[0] = 9;
    expect(toHex(whole)).toBe('010203');
  });
});

/** Sequences that are nearly right are where decoders differ. */
const nearUtf8 = fc
  .array(fc.constantFrom(0x41, 0x80, 0x9f, 0xa0, 0xbf, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0x90))
  .map((bytes) => Uint8Array.from(bytes));

function byThePlatform(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
