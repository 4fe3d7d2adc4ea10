import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { sameBytes } from '../bytes/hex.ts';
import { PieceIndex } from '../torrent/ids.ts';
import { blockBytes, Pieces } from '../torrent/pieces.ts';
import { sha1, sha1Hex } from './hash.ts';
import { idleBuffers } from './idle-buffers.ts';
import { PieceBuffers } from './piece-buffers.ts';

const pieceLength = 3 * blockBytes + 100;
const pieces = new Pieces({ length: 9 * pieceLength + 5, pieceLength });
const p = PieceIndex;

describe('piece buffers', () => {
  it('give back a piece whose blocks came in any order, the short last one included', () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 });
    fc.assert(
      fc.property(order, fc.constantFrom(0, 9), (indexes, piece) => {
        const buffers = new PieceBuffers({ pieces });
        const bytes = contentOf(piece);
        storeAll(buffers, piece, { bytes, indexes });
        expect(buffers.verify(p(piece), sha1(bytes))).toEqual({ ok: true });
        expect(sameBytes(buffers.take(p(piece)), bytes)).toBe(true);
      }),
    );
  });

  it('digest every block of a piece that fails, so that its sender can be found', () => {
    const buffers = new PieceBuffers({ pieces });
    const bytes = contentOf(1);
    const spoiled = bytes.slice();
    spoiled[blockBytes + 7] = 1 ^ (spoiled[blockBytes + 7] ?? 0);
    storeAll(buffers, 1, { bytes: spoiled, indexes: [0, 1, 2, 3] });
    const verdict = buffers.verify(p(1), sha1(bytes));
    expect(verdict.ok).toBe(false);
    const right = digestsOf(bytes);
    const wrong = verdict.digests?.map((digest, index) => digest !== right[index]);
    expect(wrong).toEqual([false, true, false, false]);
  });

  it('digest a piece that passes when asked to', () => {
    const buffers = new PieceBuffers({ pieces });
    const bytes = contentOf(2);
    storeAll(buffers, 2, { bytes, indexes: [0, 1, 2, 3] });
    const verdict = buffers.verify(p(2), sha1(bytes), true);
    expect(verdict).toEqual({ ok: true, digests: digestsOf(bytes) });
  });

  it('keep no more pieces than their limit, and go on when one is dropped', () => {
    const buffers = new PieceBuffers({ pieces, maxBytes: 5 * pieceLength });
    expect(buffers.capacity).toBe(5);
    const block = new Uint8Array(blockBytes);
    const kept = [0, 1, 2, 3, 4, 5].map((piece) => buffers.store(p(piece), 0, block));
    expect(kept).toEqual([true, true, true, true, true, false]);
    expect(buffers.used).toBe(5);
    buffers.drop(p(3));
    buffers.drop(p(3));
    expect(buffers.store(p(5), 0, block)).toBe(true);
    expect(buffers.store(p(6), 0, block)).toBe(false);
  });

  it('hold at least four pieces, however large', () => {
    expect(new PieceBuffers({ pieces, maxBytes: 1 }).capacity).toBe(4);
  });

  it('take no block for a piece that is verified and being written', () => {
    const buffers = new PieceBuffers({ pieces });
    const bytes = contentOf(0);
    storeAll(buffers, 0, { bytes, indexes: [0, 1, 2, 3] });
    buffers.verify(p(0), sha1(bytes));
    expect(buffers.store(p(0), 0, new Uint8Array(blockBytes))).toBe(false);
    expect(sameBytes(buffers.take(p(0)), bytes)).toBe(true);
  });

  it('refuse a block that runs over the end of its piece', () => {
    const buffers = new PieceBuffers({ pieces });
    expect(() => buffers.store(p(9), 0, new Uint8Array(6))).toThrow(RangeError);
    expect(() => buffers.verify(p(9), new Uint8Array(20))).toThrow(RangeError);
  });

  it('all go back to those that are kept for the next torrent', () => {
    const buffers = new PieceBuffers({ pieces });
    for (const piece of [0, 1, 2]) buffers.store(p(piece), 0, new Uint8Array(5));
    const idle = idleBuffers.bytes;
    buffers.clear();
    expect(buffers.used).toBe(0);
    expect(idleBuffers.bytes).toBe(idle + 3 * pieces.pieceLength);
  });
});

function contentOf(piece: number): Uint8Array {
  return Uint8Array.from({ length: pieces.lengthOf(p(piece)) }, (_, i) => i * 7 + piece);
}

function storeAll(
  buffers: PieceBuffers,
  piece: number,
  { bytes, indexes }: { readonly bytes: Uint8Array; readonly indexes: readonly number[] },
): void {
  for (const index of indexes)
    if (index < pieces.blockCount(p(piece))) {
      const { begin, length } = pieces.blockRef(p(piece), index);
      buffers.store(p(piece), begin, bytes.subarray(begin, begin + length));
    }
}

const digestsOf = (bytes: Uint8Array): readonly string[] =>
  Array.from({ length: 4 }, (_, i) =>
    sha1Hex(bytes.subarray(i * blockBytes, (i + 1) * blockBytes)),
  );
