import { isIP } from 'node:net';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { fromHex, toHex } from '../bytes/hex.ts';
import { ip } from '../testing/tracker-arbitraries.ts';
import { canonicalIp, formatIp, isDialable, parseIp } from './ip.ts';

// Each row is checked in both directions.
const golden: readonly (readonly [string, string])[] = [
  ['127.0.0.1', '7f000001'],
  ['255.255.255.255', 'ffffffff'],
  ['::', '00000000000000000000000000000000'],
  ['::1', '00000000000000000000000000000001'],
  ['2001:db8::8:800:200c:417a', '20010db80000000000080800200c417a'],
  ['2001:db8:0:1:1:1:1:1', '20010db8000000010001000100010001'],
  ['fe80::', 'fe800000000000000000000000000000'],
  ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
  ['1::4:0:0:7:8', '00010000000000040000000000070008'],
];

describe('IP addresses', () => {
  it.each(golden)('%s is %s', (text, hex) => {
    expect(toHex(parseIp(text) ?? new Uint8Array())).toBe(hex);
    expect(formatIp(fromHex(hex))).toBe(text);
  });

  it('are read as the system reads them, and written in one way', () => {
    const piece = fc.constantFrom(
      '0',
      '1',
      'ffff',
      '00a',
      '1.2.3.4',
      '256',
      '',
      ':',
      '::',
      '.',
      'g',
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 10 }).map((p) => p.join(':')),
      ip,
    );
    fc.assert(
      fc.property(text, (written) => {
        const canonical = canonicalIp(written);
        expect(canonical !== undefined).toBe(isIP(written) !== 0);
        if (canonical !== undefined) expect(canonicalIp(canonical)).toBe(canonical);
      }),
    );
  });

  it.each([
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['::FFFF:a01:203', '10.1.2.3'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['::1.2.3.4', '::102:304'],
    ['01.2.3.4', undefined],
    ['1.2.3', undefined],
    ['1::2::3', undefined],
    ['1:2:3:4:5:6:7::8:9', undefined],
    ['1:2:3:4:5:6:7:8::', undefined],
    ['fe80::1%lo', undefined],
    ['localhost', undefined],
    ['', undefined],
  ])('%s is %s', (text, canonical) => {
    expect(canonicalIp(text)).toBe(canonical);
  });

  it.each([
    ['127.0.0.1', 1, true],
    ['8.8.8.8', 65_535, true],
    ['8.8.8.8', 0, false],
    ['8.8.8.8', 65_536, false],
    ['0.0.0.0', 80, false],
    ['224.0.0.1', 80, false],
    ['239.255.255.255', 80, false],
    ['255.255.255.255', 80, false],
    ['::', 80, false],
    ['::1', 80, true],
    ['ff02::1', 80, false],
    ['::ffff:224.0.0.1', 80, false],
    ['tracker.example', 80, false],
  ])('whether a peer can listen at %s port %i: %s', (address, atPort, can) => {
    expect(isDialable({ ip: address, port: atPort })).toBe(can);
  });
});
