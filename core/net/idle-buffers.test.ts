import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdleBuffers } from './idle-buffers.ts';

const MiB = 2 ** 20;

describe('IdleBuffers', () => {
  it('gives the buffer that came back last first', () => {
    const idle = new IdleBuffers();
    const [a, b] = [idle.take(100), idle.take(100)];
    idle.giveBack(a);
    idle.giveBack(b);
    expect(idle.bytes).toBe(200);
    expect(idle.take(100) === b).toBe(true);
    expect(idle.take(100) === a).toBe(true);
    expect(idle.take(100) === a).toBe(false);
    expect(idle.bytes).toBe(0);
  });

  it('never gives one buffer to two, nor one of another length, and never holds more than its limit', () => {
    const length = fc.constantFrom(1 * MiB, 3 * MiB, 5 * MiB, 17 * MiB);
    const step = fc.record({ length, isTaken: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const idle = new IdleBuffers();
        const held: Uint8Array[] = [];
        for (const { length: bytes, isTaken } of steps) {
          if (isTaken || held.length === 0) {
            const buffer = idle.take(bytes);
            expect(buffer.length).toBe(bytes);
            expect(held.includes(buffer)).toBe(false);
            held.push(buffer);
          } else idle.giveBack(held.shift() ?? new Uint8Array());
          expect(idle.bytes).toBeGreaterThanOrEqual(0);
          expect(idle.bytes).toBeLessThanOrEqual(16 * MiB);
        }
      }),
      { numRuns: 20 },
    );
  });
});
