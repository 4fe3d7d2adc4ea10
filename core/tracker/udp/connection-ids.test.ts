import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { millis, after, minutes, seconds, start } from '../../time.ts';
import { parseIp } from '../ip.ts';
import { ConnectionIds } from './connection-ids.ts';

const secret = Uint8Array.from({ length: 16 }, (_, i) => i * 7);
const here = parseIp('192.0.2.1') as Uint8Array;
const there = parseIp('192.0.2.2') as Uint8Array;
const now = after(start, seconds(1_000_000));

describe('ConnectionIds', () => {
  it('accepts an id for two minutes, and no second more', () => {
    const ids = new ConnectionIds(secret);
    const id = ids.issue(now, here);
    for (const wait of [0, 1, 60_000, 120_000])
      expect(ids.accepts(after(now, millis(wait)), here, id), String(wait)).toBe(true);
    // The 16 bits of its second come round again after 18 hours, and the id does not.
    for (const wait of [121_000, 200_000, 65_536_000, 65_537_000, 65_536_000 * 7])
      expect(ids.accepts(after(now, millis(wait)), here, id), String(wait)).toBe(false);
  });

  it('accepts no id of another address, of another tracker or of the future', () => {
    const ids = new ConnectionIds(secret);
    const id = ids.issue(now, here);
    expect(ids.accepts(now, there, id)).toBe(false);
    expect(ids.accepts(after(now, millis(-1_000)), here, id)).toBe(false);
    expect(new ConnectionIds(secret.map((byte) => byte + 1)).accepts(now, here, id)).toBe(false);
  });

  it('tells addresses of one family from those of the other', () => {
    const ids = new ConnectionIds(secret);
    const id = ids.issue(now, here);
    const six = new Uint8Array(16);
    six.set(here);
    expect(ids.accepts(now, six, id)).toBe(false);
    expect(ids.accepts(now, six, ids.issue(now, six))).toBe(true);
  });

  it('accepts none in which one bit is different', () => {
    const ids = new ConnectionIds(secret);
    fc.assert(
      fc.property(fc.nat({ max: 0xffff_ffff }), fc.nat({ max: 63 }), (at, bit) => {
        const then = after(start, seconds(at));
        const { high, low } = ids.issue(then, here);
        const mask = (1 << (bit % 32)) >>> 0;
        const changed =
          bit < 32 ? { high: (high ^ mask) >>> 0, low } : { high, low: (low ^ mask) >>> 0 };
        expect(ids.accepts(then, here, { high, low })).toBe(true);
        expect(ids.accepts(then, here, changed)).toBe(false);
        expect(ids.accepts(after(then, minutes(1)), here, changed)).toBe(false);
      }),
    );
  });
});
