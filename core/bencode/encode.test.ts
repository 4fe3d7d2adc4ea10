import { describe, expect, it } from 'vitest';
import { fromLatin1, latin1 } from '../bytes/utf8.ts';
import { encodeBencode } from './encode.ts';

describe('encodeBencode', () => {
  it('writes text as UTF-8, in values and in keys of plain objects', () => {
    expect(encodeBencode({ ä: '€' })).toEqual(fromLatin1('d2:\xc3\xa43:\xe2\x82\xace'));
  });

  it('sorts keys by their bytes, whatever order they came in', () => {
    expect(latin1(encodeBencode({ b: 1, '10': 2, '9': 3, a: 4, B: 5 }))).toBe(
      'd2:10i2e1:9i3e1:Bi5e1:ai4e1:bi1ee',
    );
  });

  it('sorts text by UTF-8 and not by UTF-16', () => {
    expect(latin1(encodeBencode({ '\u{10000}': 1, '\uffff': 2 }))).toBe(
      'd3:\xef\xbf\xbfi2e4:\xf0\x90\x80\x80i1ee',
    );
  });

  it('leaves out keys without a value', () => {
    expect(latin1(encodeBencode({ a: undefined, b: [] }))).toBe('d1:blee');
  });

  it.each([1.5, Number.NaN, Infinity, 2 ** 53])(
    'refuses %d, which is no exact integer',
    (value) => {
      expect(() => encodeBencode(value)).toThrow(RangeError);
    },
  );

  it('writes no negative zero', () => {
    expect(latin1(encodeBencode(-0))).toBe('i0e');
  });

  it('refuses a key with a character that is no byte', () => {
    expect(() => encodeBencode(new Map([['Ā', 1]]))).toThrow(RangeError);
  });
});
