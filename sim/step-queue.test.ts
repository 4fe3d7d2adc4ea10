import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Instant } from '../core/time.ts';
import type { Step } from './step.ts';
import { StepQueue } from './step-queue.ts';

const step = (at: number, peer: number): Step => ({
  at: at as Instant,
  action: { type: 'join', peer: `peer-${peer}` },
  cause: 'group',
});

it('gives what a stable sort would, whatever is put in and taken when', () => {
  const deeds = fc.array(fc.oneof(fc.nat(20), fc.constant('take' as const)), { maxLength: 60 });
  fc.assert(
    fc.property(fc.array(fc.nat(20)), deeds, fc.nat(20), (first, later, now) => {
      let model = first.map((at, i) => step(at, i)).sort((a, b) => a.at - b.at);
      const queue = new StepQueue(model);
      later.forEach((deed, i) => {
        if (deed !== 'take') {
          model = [...model, step(deed, 1_000 + i)].sort((a, b) => a.at - b.at);
          queue.push(step(deed, 1_000 + i));
          return;
        }
        const isDue = (model[0]?.at ?? Infinity) <= now;
        expect(queue.take(now as Instant)).toEqual(isDue ? model.shift() : undefined);
      });
      expect(queue.size).toBe(model.length);
      expect(queue.next).toBe(model[0]?.at);
    }),
  );
});
