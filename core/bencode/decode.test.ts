import oracle from 'bencode';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { fromLatin1, latin1 } from '../bytes/utf8.ts';
import { bencodeValue, damaged } from '../testing/torrent-arbitraries.ts';
import { decodeBencode, inspectBencode } from './decode.ts';
import { encodeBencode } from './encode.ts';
import { BencodeError, type BencodeErrorCode } from './error.ts';
import type { BencodeOptions } from './options.ts';
import type { BencodeValue } from './value.ts';

// Each row is checked in both directions.
const golden: readonly (readonly [string, BencodeValue])[] = [
  ['i0e', 0],
  ['i-42e', -42],
  ['i9007199254740991e', 2 ** 53 - 1],
  ['i-9007199254740991e', -(2 ** 53 - 1)],
  ['i9007199254740992e', 9_007_199_254_740_992n],
  ['i-9223372036854775808e', -(2n ** 63n)],
  ['0:', new Uint8Array(0)],
  ['4:spam', bytes('spam')],
  ['le', []],
  ['l4:spami3ee', [bytes('spam'), 3]],
  ['de', new Map()],
  [
    'd3:cow3:moo4:spaml1:a1:bee',
    new Map<string, BencodeValue>([
      ['cow', bytes('moo')],
      ['spam', [bytes('a'), bytes('b')]],
    ]),
  ],
  [
    'd1:10i1e1:2i2ee'.replace('1:10', '2:10'),
    new Map([
      ['10', 1],
      ['2', 2],
    ]),
  ],
  ['d9:__proto__i1ee', new Map([['__proto__', 1]])],
  ['d2:\xff\x00i1ee', new Map([['\xff\x00', 1]])],
  [
    'd0:i1e1:ai2ee',
    new Map([
      ['', 1],
      ['a', 2],
    ]),
  ],
];

// Text, code, offset of the token at fault.
const refused: readonly (readonly [string, BencodeErrorCode, number])[] = [
  ['', 'truncated', 0],
  ['i', 'truncated', 0],
  ['i-', 'truncated', 0],
  ['li1', 'truncated', 1],
  ['5', 'truncated', 0],
  ['5:spam', 'truncated', 0],
  ['l4:spam', 'truncated', 7],
  ['d1:a', 'truncated', 4],
  ['4294967297:x', 'truncated', 0],
  ['18446744073709551617:x', 'truncated', 0],
  [`${'9'.repeat(400)}:x`, 'truncated', 0],
  ['x', 'unexpected-byte', 0],
  ['e', 'unexpected-byte', 0],
  ['-1:x', 'unexpected-byte', 0],
  ['+1:x', 'unexpected-byte', 0],
  ['l i1ee', 'unexpected-byte', 1],
  ['d-1:ai1ee', 'unexpected-byte', 1],
  ['ie', 'bad-integer', 0],
  ['i-e', 'bad-integer', 0],
  ['i+5e', 'bad-integer', 0],
  ['i 5e', 'bad-integer', 0],
  ['i1.5e', 'bad-integer', 0],
  ['i1e3e', 'trailing-data', 3],
  ['i0x1e', 'bad-integer', 0],
  ['i--1e', 'bad-integer', 0],
  ['i1', 'truncated', 0],
  ['li007ee', 'leading-zero', 1],
  ['i-07e', 'leading-zero', 0],
  ['i-0e', 'negative-zero', 0],
  [`i${'1'.repeat(65)}e`, 'integer-too-long', 0],
  [`i-${'1'.repeat(100_000)}e`, 'integer-too-long', 0],
  ['1x:a', 'bad-length', 0],
  ['l01:ae', 'padded-length', 1],
  ['d1:b0:1:a0:e', 'unsorted-keys', 6],
  ['d1:\xe9i1e1:ai1ee', 'unsorted-keys', 7],
  ['d1:a0:1:a0:e', 'duplicate-key', 6],
  ['d1:a0:1:b0:1:a0:e', 'duplicate-key', 11],
  ['di1e0:e', 'key-not-string', 1],
  ['dle0:e', 'key-not-string', 1],
  ['dde0:e', 'key-not-string', 1],
  ['d1:ae', 'missing-value', 4],
  ['i1ei2e', 'trailing-data', 3],
  ['i1e\n', 'trailing-data', 3],
];

const lenient: readonly (readonly [string, BencodeValue, string, number])[] = [
  ['li007ee', [7], 'leading-zero', 1],
  ['i-0e', 0, 'negative-zero', 0],
  ['l01:ae', [bytes('a')], 'padded-length', 1],
  [
    'd1:bi1e1:ai2ee',
    new Map([
      ['b', 1],
      ['a', 2],
    ]),
    'unsorted-keys',
    7,
  ],
  ['i1e\r\n', 1, 'trailing-data', 3],
];

describe('decodeBencode', () => {
  it.each(golden)('%j', (text, value) => {
    expect(decodeBencode(bytes(text))).toEqual(value);
    expect(latin1(encodeBencode(value))).toBe(text);
  });

  it.each(refused)('refuses %.30j: %s at byte %d', (text, code, offset) => {
    expect(failureOf(text)).toEqual({ code, offset });
  });

  it.each(lenient)('reads %j in lenient mode and reports it', (text, value, code, offset) => {
    const inspection = inspectBencode(bytes(text), { mode: 'lenient' });
    expect(inspection.value).toEqual(value);
    expect(inspection.deviations).toEqual([{ code, offset }]);
    expect(failureOf(text)).toEqual({ code, offset });
  });

  it.each(['d1:a0:1:a0:e', 'd1:b0:1:a0:1:b0:e'])(
    'refuses equal keys in lenient mode too: %j',
    (text) => {
      expect(failureOf(text, { mode: 'lenient' }).code).toBe('duplicate-key');
    },
  );

  it('leaves what follows the value to a caller who allows it, and says where it begins', () => {
    const { value, end, deviations } = inspectBencode(bytes('d1:ai1eerest'), { trailing: 'allow' });
    expect({ value, end, deviations }).toEqual({
      value: new Map([['a', 1]]),
      end: 8,
      deviations: [],
    });
  });

  it('reads a view into a larger buffer, and gives plain bytes also of a Buffer', () => {
    const view = Buffer.from('xxl4:spamexx').subarray(2, 10);
    const [item] = decodeBencode(view) as BencodeValue[];
    expect(item).toEqual(bytes('spam'));
    expect(Object.getPrototypeOf(item)).toBe(Uint8Array.prototype);
  });

  it('keeps a key called __proto__ out of every prototype', () => {
    const dict = decodeBencode(bytes('d9:__proto__d8:pollutedi1eee'));
    expect(dict).toBeInstanceOf(Map);
    expect('polluted' in {}).toBe(false);
  });
});

describe('limits of decoding', () => {
  it.each(['l', 'd0:'])('lets %j be nested a hundred times and no more, at once', (open) => {
    const nested = (depth: number) => open.repeat(depth) + 'e'.repeat(depth);
    const inner = open === 'l' ? '' : '0:i1e';
    const ok = open.repeat(99) + (open === 'l' ? 'l' : 'd') + inner + 'e'.repeat(100);
    expect(() => decodeBencode(bytes(ok))).not.toThrow();
    expect(failureOf(nested(101))).toEqual({ code: 'too-deep', offset: 100 * open.length });
    expect(failureOf(open.repeat(1_000_000)).code).toBe('too-deep');
  });

  it('counts values and keys', () => {
    expect(failureOf('li1ei2ei3ee', { maxTokens: 3 })).toEqual({
      code: 'too-many-tokens',
      offset: 7,
    });
    expect(failureOf('d1:ai1ee', { maxTokens: 2 })).toEqual({ code: 'too-many-tokens', offset: 4 });
    expect(decodeBencode(bytes('li1ei2ee'), { maxTokens: 3 })).toEqual([1, 2]);
  });

  it('stops a bomb of empty values at the default limit', () => {
    expect(failureOf(`l${'de'.repeat(2_000_001)}e`).code).toBe('too-many-tokens');
  });

  it('counts bytes before it reads any', () => {
    expect(failureOf('4:spam', { maxBytes: 5 })).toEqual({ code: 'too-many-bytes', offset: 5 });
    expect(decodeBencode(bytes('4:spam'), { maxBytes: 6 })).toEqual(bytes('spam'));
  });

  it('takes 64 digits exactly', () => {
    expect(decodeBencode(bytes(`i-${'9'.repeat(64)}e`))).toBe(-(10n ** 64n - 1n));
  });
});

describe('spanOf', () => {
  const text = 'd4:infod5:filesld6:lengthi5eei7ee4:name1:xe4:zzzzi1ee';
  const { spanOf } = inspectBencode(bytes(text));

  it.each([
    [[], text],
    [['info'], 'd5:filesld6:lengthi5eei7ee4:name1:xe'],
    [['info', 'files', 0, 'length'], 'i5e'],
    [['info', 'files', 1], 'i7e'],
    [['info', 'name'], '1:x'],
    [['zzzz'], 'i1e'],
  ])('finds %j', (path, expected) => {
    const span = spanOf(...path);
    expect(span && text.slice(span.start, span.end)).toBe(expected);
  });

  it.each([
    [['nothing']],
    [['info', 0]],
    [['info', 'files', 2]],
    [['info', 'files', 'a']],
    [['zzzz', 'a']],
  ])('finds nothing at %j', (path) => {
    expect(spanOf(...path)).toBeUndefined();
  });

  it('finds every value of every dictionary as it was encoded', () => {
    fc.assert(
      fc.property(bencodeValue, (value) => {
        const encoded = encodeBencode(value);
        const inspection = inspectBencode(encoded);
        for (const { path, item } of placesIn(value)) {
          const span = inspection.spanOf(...path);
          expect(span && encoded.slice(span.start, span.end)).toEqual(encodeBencode(item));
        }
      }),
    );
  });
});

describe('any input', () => {
  it('decode undoes encode', () => {
    fc.assert(
      fc.property(bencodeValue, (value) => {
        expect(decodeBencode(encodeBencode(value))).toEqual(value);
      }),
    );
  });

  it('what strict decoding takes is the one encoding of its value', () => {
    fc.assert(
      fc.property(hostile, (input) => {
        const value = valueOrError(input);
        if (!(value instanceof BencodeError)) expect(encodeBencode(value)).toEqual(input);
      }),
    );
  });

  it('no bytes make it throw anything but a BencodeError with an offset in the input', () => {
    fc.assert(
      fc.property(
        hostile,
        fc.constantFrom('strict' as const, 'lenient' as const),
        (input, mode) => {
          const value = valueOrError(input, mode);
          if (!(value instanceof BencodeError)) return;
          expect(value.offset).toBeGreaterThanOrEqual(0);
          expect(value.offset).toBeLessThanOrEqual(input.length);
        },
      ),
    );
  });

  it('every proper prefix of a good text is truncated', () => {
    fc.assert(
      fc.property(bencodeValue, (value) => {
        const whole = encodeBencode(value);
        for (let end = 0; end < whole.length; end += 1)
          expect(valueOrError(whole.subarray(0, end))).toMatchObject({ code: 'truncated' });
      }),
    );
  });

  it('lenient gives what strict gives, where strict gives anything', () => {
    fc.assert(
      fc.property(hostile, (input) => {
        const strict = valueOrError(input);
        if (strict instanceof BencodeError) return;
        const { value, deviations } = inspectBencode(input, { mode: 'lenient' });
        expect(value).toEqual(strict);
        expect(deviations).toEqual([]);
      }),
    );
  });

  it('agrees with the bencode package where that is right: text keys in ASCII, safe integers', () => {
    fc.assert(
      fc.property(plainValue, (value) => {
        const encoded = Uint8Array.from(oracle.encode(value));
        expect(encodeBencode(value)).toEqual(encoded);
        expect(asPlain(decodeBencode(encoded))).toEqual(bytesAsPlain(oracle.decode(encoded)));
      }),
    );
  });
});

function bytes(text: string): Uint8Array {
  return fromLatin1(text);
}

function failureOf(
  text: string,
  options?: Partial<BencodeOptions>,
): { readonly code: string; readonly offset: number } {
  try {
    decodeBencode(bytes(text), options);
  } catch (error) {
    if (!(error instanceof BencodeError)) throw error;
    return { code: error.code, offset: error.offset };
  }
  return { code: 'none', offset: -1 };
}

function valueOrError(
  input: Uint8Array,
  mode: 'strict' | 'lenient' = 'strict',
): BencodeValue | BencodeError {
  try {
    return decodeBencode(input, { mode });
  } catch (error) {
    if (error instanceof BencodeError) return error;
    throw error;
  }
}

/** Good texts, damaged ones, and soups of the characters that mean something. */
const hostile: fc.Arbitrary<Uint8Array> = fc.oneof(
  bencodeValue.map(encodeBencode),
  bencodeValue.map(encodeBencode).chain(damaged),
  fc.array(fc.constantFrom(...'idle0123-:ex'), { maxLength: 24 }).map((c) => bytes(c.join(''))),
);

type Place = { readonly path: readonly (string | number)[]; readonly item: BencodeValue };

function placesIn(value: BencodeValue): Place[] {
  const entries =
    value instanceof Map
      ? [...(value as ReadonlyMap<string, BencodeValue>)]
      : Array.isArray(value)
        ? [...(value as BencodeValue[]).entries()]
        : [];
  const below = entries.flatMap(([step, item]) =>
    placesIn(item).map((place) => ({ ...place, path: [step, ...place.path] })),
  );
  return [{ path: [], item: value }, ...below];
}

type Plain = number | string | readonly Plain[] | { readonly [key: string]: Plain };

const plainValue: fc.Arbitrary<Plain> = fc.letrec<{ value: Plain }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.maxSafeInteger().map((n) => n + 0),
    fc.string(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-zA-Z ]{1,6}$/), tie('value'), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  ),
})).value;

/** Our values in the oracle's form, with strings as latin1 text. */
function asPlain(value: BencodeValue): unknown {
  if (value instanceof Uint8Array) return latin1(value);
  if (Array.isArray(value)) return (value as BencodeValue[]).map(asPlain);
  if (!(value instanceof Map)) return value;
  const entries = [...(value as ReadonlyMap<string, BencodeValue>)];
  return Object.fromEntries(entries.map(([key, item]) => [key, asPlain(item)]));
}

function bytesAsPlain(value: unknown): unknown {
  if (value instanceof Uint8Array) return latin1(value);
  if (Array.isArray(value)) return value.map(bytesAsPlain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, bytesAsPlain(item)]));
}
