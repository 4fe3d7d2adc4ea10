import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { byteLength, fitName, foldName, portableName, unsafeReason } from './path.ts';

const replaced: readonly (readonly [string, string, string])[] = [
  ['a line break', 'a\nb', 'a_b'],
  ['a C1 control', 'a\u009bb', 'a_b'],
  ['a right-to-left override', 'exe\u202egpj.exe', 'exe_gpj.exe'],
  ['a zero-width space', '.\u200b.', '.__'],
  ['a byte order mark', '\ufeffa', '_a'],
  ['a line separator', 'a\u2028b', 'a_b'],
  ['an alternate data stream', 'a.txt:b', 'a.txt_b'],
  ['what Windows forbids', '<>"|?*', '______'],
  ['trailing dots', 'a..', 'a__'],
  ['trailing spaces and dots', 'a. .', 'a___'],
  ['three dots', '...', '___'],
  ['a device', 'CON', '_CON'],
  ['a device with an extension', 'nul.txt', '_nul.txt'],
  ['a device and a space', 'com1 .txt', '_com1 .txt'],
  ['a device with a superscript', 'LPT².x', '_LPT².x'],
  ['the console', 'conin$', '_conin$'],
];

const legal = [
  'a',
  '.hidden',
  '..a',
  'a..b',
  'console',
  'com10',
  'a b',
  'ä€😀',
  'x'.repeat(255),
  '_',
  'null.txt',
];

describe('a path component', () => {
  it.each(['', '.', '..', 'a\0', '/', '/etc', 'a/b', 'a\\b', '..\\..'])('%j is unsafe', (name) => {
    expect(unsafeReason(name)).toBeDefined();
  });

  it.each(legal)('%.20j is taken as it is', (name) => {
    expect(unsafeReason(name)).toBeUndefined();
    expect(portableName(name)).toBe(name);
  });

  it.each(replaced)('with %s is renamed', (_, name, expected) => {
    expect(unsafeReason(name)).toBeUndefined();
    expect(portableName(name)).toBe(expected);
  });

  it.each([
    [`${'a'.repeat(300)}.mp3`, `${'a'.repeat(251)}.mp3`],
    ['a'.repeat(256), 'a'.repeat(255)],
    [`${'ä'.repeat(127)}b.mp3`, `${'ä'.repeat(125)}.mp3`],
    ['😀'.repeat(64), '😀'.repeat(63)],
    [`a.${'b'.repeat(300)}`, `a.${'b'.repeat(253)}`],
    [`${'a'.repeat(254)}. b`, `${'a'.repeat(252)}. b`],
  ])('%.8j... is cut to 255 bytes with its extension kept', (name, expected) => {
    expect(portableName(name)).toBe(expected);
    expect(byteLength(expected)).toBeLessThanOrEqual(255);
  });

  it('once portable stays as it is, is safe, and fits', () => {
    fc.assert(
      fc.property(hostileName, (name) => {
        fc.pre(unsafeReason(name) === undefined);
        const portable = portableName(name);
        expect(portableName(portable)).toBe(portable);
        expect(unsafeReason(portable)).toBeUndefined();
        expect(byteLength(portable)).toBeLessThanOrEqual(255);
        expect(portable).not.toMatch(/[\p{Cc}\p{Cf}<>:"|?*]|[. ]$/u);
        expect(byteLength(fitName(portable, '.12'))).toBeLessThanOrEqual(255);
      }),
    );
  });

  it('of a million characters is cut like any other', () => {
    for (const unit of ['.', ' ', 'a', 'con ', '\u200b', '. '])
      expect(byteLength(portableName(unit.repeat(1_000_000)))).toBeLessThanOrEqual(255);
  });
});

describe('foldName', () => {
  it.each([
    ['README', 'readme'],
    ['é', 'e\u0301'],
    ['STRASSE', 'straße'],
    ['ΣΑΣ', 'σας'],
  ])('%j and %j are one name on some systems', (a, b) => {
    expect(foldName(a)).toBe(foldName(b));
  });

  it('keeps different names apart', () => {
    expect(foldName('a')).not.toBe(foldName('ä'));
  });
});

const pieces = fc.constantFrom(
  '.',
  ' ',
  'CON',
  'a',
  'ä',
  '😀',
  '\u202e',
  ':',
  '.mp3',
  'x'.repeat(100),
  'lpt1',
  '\ud800',
);
const hostileName = fc.oneof(
  fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 300 }),
);
