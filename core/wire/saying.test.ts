import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { saying } from '../testing/wire-arbitraries.ts';
import { PieceIndex } from '../torrent/ids.ts';
import { encodeSaying, sayingLength } from './saying.ts';

describe('the length of a saying', () => {
  it('is that of its bytes, whatever is said', () => {
    fc.assert(
      fc.property(saying, (said) => {
        expect(sayingLength(said)).toBe(encodeSaying(said).length);
      }),
    );
  });

  it.each([
    [{ type: 'keep-alive' }, 4],
    [{ type: 'choke' }, 5],
    [{ type: 'have', piece: PieceIndex(1) }, 9],
    [{ type: 'request', piece: PieceIndex(1), begin: 0, length: 16_384 }, 17],
    [{ type: 'piece', piece: PieceIndex(1), begin: 0, block: new Uint8Array(16_384) }, 16_397],
  ] as const)('of %o is what BEP 3 says', (said, length) => {
    expect(sayingLength(said)).toBe(length);
  });
});
