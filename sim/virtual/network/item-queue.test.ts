import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ItemQueue, Scratch } from './item-queue.ts';

/** A positive number pushes an item of that length, a negative one takes so many bytes, as far as there are some. */
const steps = fc.array(
  fc.oneof(
    fc.integer({ min: 1, max: 20 }),
    fc.integer({ min: -20, max: -1 }),
    fc.integer({ min: -200, max: -1 }),
  ),
  { maxLength: 200 },
);

describe('ItemQueue', () => {
  it('gives back the bytes that were put in, in order, however they are taken', () => {
    fc.assert(
      fc.property(steps, (input) => {
        const [queue, scratch] = [new ItemQueue(), new Scratch()];
        const waiting: number[] = [];
        let next = 0;
        for (const step of input) {
          if (step > 0) {
            const item = Uint8Array.from({ length: step }, () => next++ & 0xff);
            waiting.push(...item);
            queue.push(item, item.length);
          } else if (waiting.length > 0) {
            const bytes = Math.min(-step, waiting.length);
            expect([...queue.takeBytes(bytes, scratch)]).toEqual(waiting.splice(0, bytes));
          }
        }
      }),
    );
  });

  it('gives out each value with its last byte', () => {
    fc.assert(
      fc.property(steps, (input) => {
        const queue = new ItemQueue();
        /** For each byte that waits, the value that ends with it. */
        const waiting: (number | undefined)[] = [];
        for (const [i, step] of input.entries()) {
          if (step > 0) {
            for (let byte = 1; byte < step; byte += 1) waiting.push(undefined);
            waiting.push(i);
            queue.push(i, step);
          } else if (waiting.length > 0) {
            const bytes = Math.min(-step, waiting.length);
            const whole = waiting.splice(0, bytes).filter((value) => value !== undefined);
            expect(queue.takeValues(bytes)).toEqual(whole);
          }
        }
      }),
    );
  });

  it('forgets everything when it is cleared', () => {
    const queue = new ItemQueue();
    for (let i = 0; i < 20; i += 1) queue.push(i, 2);
    queue.takeValues(5);
    queue.clear();
    queue.push('new', 3);
    expect([queue.takeValues(2), queue.takeValues(1)]).toEqual([[], ['new']]);
  });
});
