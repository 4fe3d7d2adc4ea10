import { isIP } from 'node:net';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { fromHex, toHex } from './hex.ts';
import { formatIp, parseIp } from './ip.ts';

// Each row is checked in both directions.
const golden: readonly (readonly [string, string])[] = [
  ['0.0.0.0', '00000000'],
  ['127.0.200.255', '7f00c8ff'],
  ['::', '00'.repeat(16)],
  ['::1', `${'00'.repeat(15)}01`],
  ['1::', `0001${'00'.repeat(14)}`],
  ['2001:db8::a:0:0:1', '20010db800000000000a000000000001'],
  ['2001:db8:0:1:1:1:1:1', '20010db8000000010001000100010001'],
  ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
];

describe('IP addresses', () => {
  it.each(golden)('%s', (text, hex) => {
    expect(toHex(parseIp(text) ?? new Uint8Array(0))).toBe(hex);
    expect(formatIp(fromHex(hex))).toBe(text);
  });

  it.each(['::ffff:1.2.3.4', '1:2:3:4:5:6:1.2.3.4'])('reads %s', (text) => {
    expect(toHex(parseIp(text) ?? new Uint8Array(0)).slice(-8)).toBe('01020304');
  });

  it.each([
    '',
    'localhost',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '256.1.1.1',
    ':::',
    '1::2::3',
    '12345::',
    '1.2.3.4::',
    '1.2.3.4::1',
    '1:2:3:4:5:6:7::8',
    '1:2:3:4:5:6:7',
  ])('refuses %j', (text) => {
    expect(parseIp(text)).toBeUndefined();
  });

  it('reads what the platform calls an address, and nothing else', () => {
    const nearly = fc
      .array(fc.constantFrom('0', '1', 'f', ':', '::', '.', '255', '1.2.3.4'), { maxLength: 16 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(nearly, fc.ipV4(), fc.ipV6()), (text) => {
        expect(parseIp(text) !== undefined, text).toBe(isIP(text) !== 0);
      }),
    );
  });

  it('reading undoes writing', () => {
    const sparse = fc.array(fc.constantFrom(0, 0, 0, 1, 255), { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(
        fc.oneof(sparse, fc.array(fc.nat(255), { minLength: 4, maxLength: 4 })),
        (list) => {
          const bytes = Uint8Array.from(list);
          expect(parseIp(formatIp(bytes))).toEqual(bytes);
        },
      ),
    );
  });

  it('refuses bytes that are no address', () => {
    expect(() => formatIp(new Uint8Array(5))).toThrow(RangeError);
  });
});
