import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { PieceIndex } from './ids.ts';
import { Pieces, blockBytes } from './pieces.ts';

describe('Pieces', () => {
  it('cuts 100,000 bytes into pieces of 40,000', () => {
    const pieces = new Pieces({ length: 100_000, pieceLength: 40_000 });
    const last = PieceIndex(2);
    expect(pieces.count).toBe(3);
    expect(pieces.offsetOf(last)).toBe(80_000);
    expect(pieces.lengthOf(PieceIndex(0))).toBe(40_000);
    expect(pieces.lengthOf(last)).toBe(20_000);
    expect(pieces.blockCount(PieceIndex(0))).toBe(3);
    expect(pieces.blockCount(last)).toBe(2);
    expect(pieces.blockRef(PieceIndex(0), 2)).toEqual({ piece: 0, begin: 32_768, length: 7_232 });
    expect(pieces.blockRef(last, 1)).toEqual({ piece: 2, begin: 16_384, length: 3_616 });
  });

  it('gives a last piece that fits its full length', () => {
    const pieces = new Pieces({ length: 80_000, pieceLength: 40_000 });
    expect(pieces.count).toBe(2);
    expect(pieces.lengthOf(PieceIndex(1))).toBe(40_000);
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 53])('refuses a length of %d', (length) => {
    expect(() => new Pieces({ length, pieceLength: 1 })).toThrow(RangeError);
    expect(() => new Pieces({ length: 1, pieceLength: length })).toThrow(RangeError);
  });

  it('covers every byte once, with blocks of at most 16 KiB in order', () => {
    const geometry = fc.record({
      length: fc.integer({ min: 1, max: 500_000 }),
      pieceLength: fc.integer({ min: 1_000, max: 100_000 }),
    });
    fc.assert(
      fc.property(geometry, (g) => {
        const pieces = new Pieces(g);
        let end = 0;
        for (let piece = PieceIndex(0); piece < pieces.count; piece = PieceIndex(piece + 1)) {
          for (let block = 0; block < pieces.blockCount(piece); block += 1) {
            const { begin, length } = pieces.blockRef(piece, block);
            expect(pieces.offsetOf(piece) + begin).toBe(end);
            expect(length).toBeGreaterThan(0);
            expect(length).toBeLessThanOrEqual(blockBytes);
            end += length;
          }
        }
        expect(end).toBe(g.length);
      }),
    );
  });
});
