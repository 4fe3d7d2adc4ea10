import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { fromHex, toHex } from '../bytes/hex.ts';
import { bitfield } from '../testing/torrent-arbitraries.ts';
import { Bitfield } from './bitfield.ts';

// Count, set pieces, bytes: each row is checked in both directions.
const golden: readonly (readonly [number, readonly number[], string])[] = [
  [8, [0], '80'],
  [8, [7], '01'],
  [9, [0, 8], '8080'],
  [33, [31, 32], '0000000180'],
  [40, [], '0000000000'],
  [0, [], ''],
];

describe('Bitfield', () => {
  it.each(golden)('of %d with %j', (count, pieces, hex) => {
    const bits = new Bitfield(count);
    for (const piece of pieces) bits.set(piece);
    expect(toHex(bits.toBytes())).toBe(hex);
    expect([...(Bitfield.fromBytes(fromHex(hex), count)?.ones() ?? [-1])]).toEqual(pieces);
  });

  it.each([
    ['too short', 9, '80'],
    ['too long', 8, '8000'],
    ['a spare bit set', 9, '8040'],
    ['the last spare bit set', 9, '8001'],
    ['bytes for no pieces', 0, '00'],
  ])('refuses %s', (_, count, hex) => {
    expect(Bitfield.fromBytes(fromHex(hex), count)).toBeUndefined();
  });

  it('refuses to set a piece that is none', () => {
    for (const piece of [-1, 9, Number.NaN])
      expect(() => {
        new Bitfield(9).set(piece);
      }).toThrow(RangeError);
    expect(new Bitfield(9).has(-1)).toBe(false);
    expect(Bitfield.full(9).has(9)).toBe(false);
    expect(Bitfield.full(9).has(-1)).toBe(false);
  });

  it('full has every piece and no spare bit', () => {
    fc.assert(
      fc.property(fc.nat({ max: 200 }), (count) => {
        const full = Bitfield.full(count);
        expect([...full.ones()]).toEqual(Array.from({ length: count }, (_, i) => i));
        expect(full.size).toBe(count);
        expect(full.isFull).toBe(true);
        expect(Bitfield.fromBytes(full.toBytes(), count)?.isFull).toBe(true);
      }),
    );
  });

  it('is a set of numbers, whatever happens to it', () => {
    fc.assert(
      fc.property(
        bitfield,
        fc.array(fc.tuple(fc.boolean(), fc.nat())),
        ({ bits, plain }, edits) => {
          for (const [isIn, at] of edits) {
            const piece = at % bits.count;
            if (isIn) bits.set(piece);
            else bits.clear(piece);
            if (isIn) plain.add(piece);
            else plain.delete(piece);
          }
          expectSame(bits, plain);
        },
      ),
    );
  });

  it('reading undoes writing', () => {
    fc.assert(
      fc.property(bitfield, ({ bits, plain }) => {
        const back = Bitfield.fromBytes(bits.toBytes(), bits.count);
        expect(back).toBeDefined();
        if (back !== undefined) expectSame(back, plain);
      }),
    );
  });

  it('a copy changes apart', () => {
    fc.assert(
      fc.property(bitfield, ({ bits, plain }) => {
        const copy = bits.clone();
        for (let piece = 0; piece < bits.count; piece += 1) bits.clear(piece);
        expectSame(copy, plain);
        expect(bits.isEmpty).toBe(true);
      }),
    );
  });

  it('finds a common piece as a plain set does', () => {
    const three = fc.integer({ min: 1, max: 100 }).chain((count) => {
      const some = fc.array(fc.nat({ max: count - 1 }), { maxLength: 8 });
      return fc.tuple(fc.constant(count), some, some, fc.option(some, { nil: undefined }));
    });
    fc.assert(
      fc.property(three, ([count, here, mask, minus]) => {
        const naive = here.some((p) => mask.includes(p) && minus?.includes(p) !== true);
        const without = minus && of(count, minus);
        expect(of(count, here).hasAnyOf(of(count, mask), without)).toBe(naive);
      }),
    );
  });

  it('may be emptied while its pieces are walked', () => {
    const bits = Bitfield.full(70);
    for (const piece of bits.ones()) bits.clear(piece);
    expect(bits.isEmpty).toBe(true);
  });
});

function of(count: number, pieces: readonly number[]): Bitfield {
  const bits = new Bitfield(count);
  for (const piece of pieces) bits.set(piece);
  return bits;
}

function expectSame(bits: Bitfield, plain: ReadonlySet<number>): void {
  expect([...bits.ones()]).toEqual([...plain].sort((a, b) => a - b));
  expect(bits.size).toBe(plain.size);
  expect(bits.isEmpty).toBe(plain.size === 0);
  expect(bits.isFull).toBe(plain.size === bits.count);
  for (let piece = 0; piece < bits.count; piece += 1)
    expect(bits.has(piece)).toBe(plain.has(piece));
}
