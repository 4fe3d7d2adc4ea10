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

  it('keeps what hundreds give back together, and throws away other lengths first', () => {
    const idle = new IdleBuffers();
    const held = Array.from({ length: 90 }, () => idle.take(MiB));
    const other = idle.take(2 * MiB);
    for (const buffer of [other, ...held.splice(0, 30)]) idle.giveBack(buffer);
    expect(idle.bytes).toBe(30 * MiB);
    expect(idle.take(2 * MiB) === other).toBe(false);
    const again = Array.from({ length: 30 }, () => idle.take(MiB));
    expect(idle.bytes).toBe(0);
    expect(new Set([...again, ...held]).size).toBe(90);
  });

  it('lets go of what is idle as less is in use', () => {
    const idle = new IdleBuffers();
    const held = Array.from({ length: 60 }, () => idle.take(MiB));
    for (const buffer of held.splice(0, 20)) idle.giveBack(buffer);
    expect(idle.bytes).toBe(20 * MiB);
    for (const buffer of held.splice(0, 39)) idle.giveBack(buffer);
    expect(idle.bytes).toBe(16 * MiB);
  });

  it('never gives one buffer to two, nor one of another length, and keeps half of what is in use, or 16 MiB', () => {
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
          if (isTaken) continue;
          const used = held.reduce((sum, buffer) => sum + buffer.length, 0);
          expect(idle.bytes).toBeLessThanOrEqual(Math.max(16 * MiB, used / 2));
        }
      }),
      { numRuns: 20 },
    );
  });
});
