import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha1Hex } from './hash.ts';
import { RunningDigest } from './running-digest.ts';

const blockBytes = 16_384;
const blocks = 11;
const length = blocks * blockBytes - 77;

describe('RunningDigest', () => {
  it('is the SHA-1 of what is in the buffer at the end, in whatever order, and however often, it was filled', () => {
    const index = fc.nat({ max: blocks - 1 });
    const orders = fc.oneof(
      fc.constant([]),
      fc.array(index, { maxLength: 2 * blocks }),
      fc.uniqueArray(index, { minLength: blocks - 3 }),
    );
    fc.assert(
      fc.property(orders, fc.nat(), fc.nat({ max: 300 }), (early, salt, longer) => {
        const buffer = new Uint8Array(length + longer);
        const digest = new RunningDigest(buffer);
        // What comes early is not yet what is there in the end.
        const inOrder = Array.from({ length: blocks }, (_, block) => block);
        [...early, ...inOrder].forEach((block, turn) => {
          const begin = block * blockBytes;
          const end = Math.min(length, begin + blockBytes);
          buffer.fill(salt + turn, begin, end);
          digest.filled(begin, end);
        });
        const found = Buffer.from(digest.digest(length)).toString('hex');
        expect(found).toBe(sha1Hex(buffer.subarray(0, length)));
      }),
      { numRuns: 50 },
    );
  });

  it('does not look at blocks twice that came in order', () => {
    const buffer = new Uint8Array(length);
    const right = sha1Hex(buffer);
    const digest = new RunningDigest(buffer);
    for (let begin = 0; begin < length; begin += blockBytes) {
      digest.filled(begin, Math.min(length, begin + blockBytes));
      if (begin === 7 * blockBytes) buffer.fill(1, 0, 8 * blockBytes);
    }
    expect(Buffer.from(digest.digest(length)).toString('hex')).toBe(right);
  });
});
