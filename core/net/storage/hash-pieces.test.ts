import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { toHex } from '../../bytes/hex.ts';
import { Pieces } from '../../torrent/pieces.ts';
import { sha1, sha1Hex } from '../hash.ts';
import type { Span } from './hash-pieces.ts';
import { hashPieces } from './hash-pieces.ts';

const mebibyte = 2 ** 20;

describe('hashing pieces', () => {
  it.each([
    [5, 5],
    [100_000, 16_384],
    [3 * mebibyte + 5, mebibyte],
    [3 * mebibyte + 5, 700_001],
    [5 * mebibyte + 5, 2 * mebibyte],
    [5 * mebibyte, 1_100_000],
    [mebibyte + 1, 4 * mebibyte],
  ])(
    'gives what hashing each piece alone gives (%i bytes in pieces of %i)',
    async (length, pieceLength) => {
      const content = noise(length);
      const expected = [];
      for (let at = 0; at < length; at += pieceLength)
        expected.push(sha1Hex(content.subarray(at, at + pieceLength)));
      expect(await digestsOf({ content, pieceLength, gaps: [] })).toEqual(expected);
    },
  );

  it('has no digest for a piece of which a byte was not there, and for no other', async () => {
    const gap = fc.tuple(fc.nat(2_999_999), fc.nat(60_000));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(300_000, 1_200_000),
        fc.array(gap, { maxLength: 3 }),
        async (pieceLength, spans) => {
          const content = new Uint8Array(3_000_000);
          const gaps = spans.map(([begin, more]) => ({
            begin,
            end: Math.min(content.length, begin + more + 1),
          }));
          const digests = await digestsOf({ content, pieceLength, gaps });
          for (const [piece, digest] of digests.entries()) {
            const [begin, end] = [piece * pieceLength, (piece + 1) * pieceLength];
            const isTouched = gaps.some((g) => g.begin < end && g.end > begin);
            expect(digest === undefined).toBe(isTouched);
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it('rejects with what the reading failed of', async () => {
    const failing = hashPieces({
      pieces: new Pieces({ length: 5 * mebibyte, pieceLength: mebibyte }),
      read: (offset) => (offset > 0 ? Promise.reject(new Error('gone')) : Promise.resolve([])),
      onPiece: () => undefined,
    });
    await expect(failing).rejects.toThrow('gone');
  });
});

async function digestsOf(options: {
  readonly content: Uint8Array;
  readonly pieceLength: number;
  readonly gaps: readonly Span[];
}): Promise<readonly (string | undefined)[]> {
  const { content, pieceLength, gaps } = options;
  const digests: (string | undefined)[] = [];
  await hashPieces({
    pieces: new Pieces({ length: content.length, pieceLength }),
    read: (offset, into) => {
      const end = offset + into.length;
      into.set(content.subarray(offset, end));
      return Promise.resolve(gaps.filter((gap) => gap.begin < end && gap.end > offset));
    },
    onPiece: (piece, digest) => {
      expect(piece).toBe(digests.length);
      digests.push(digest && toHex(digest));
    },
  });
  return digests;
}

/** Different in every block; its own hash chain. */
function noise(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0, link = sha1(bytes.subarray(0, 1)); at < length; at += 20, link = sha1(link))
    bytes.set(link.subarray(0, Math.min(20, length - at)), at);
  return bytes;
}
