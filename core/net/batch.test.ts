import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes } from '../bytes/utf8.ts';
import { Batch } from './batch.ts';

const batchOf = (messages: readonly Uint8Array[]): Batch => {
  const batch = new Batch();
  for (const message of messages) batch.add(message);
  return batch;
};

describe('Batch', () => {
  it('sends the bytes of its messages in their order, whatever their lengths', () => {
    const message = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 70 }),
      fc.uint8Array({ minLength: 60, maxLength: 300 }),
    );
    fc.assert(
      fc.property(fc.array(message, { maxLength: 40 }), (messages) => {
        const batch = batchOf(messages);
        const whole = concatBytes(...messages);
        expect(batch.bytes).toBe(whole.length);
        expect([...concatBytes(...batch.chunks())]).toEqual([...whole]);
      }),
    );
  });

  it('makes one chunk of any number of small messages, and copies no block', () => {
    const requests = Array.from({ length: 100 }, () => new Uint8Array(17));
    const block = new Uint8Array(16_384);
    const batch = batchOf([...requests, block, new Uint8Array(13), block.subarray(100)]);
    const chunks = batch.chunks();
    expect(chunks.map(({ length }) => length)).toEqual([1_700, 16_384, 13, 16_284]);
    expect(chunks[1]).toBe(block);
    expect(batch.blocks).toEqual([block, block.subarray(100)]);
  });

  it('is empty at first', () => {
    const batch = new Batch();
    expect([batch.bytes, batch.chunks(), batch.blocks]).toEqual([0, [], []]);
  });
});
