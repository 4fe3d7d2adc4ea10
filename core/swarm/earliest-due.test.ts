import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instant } from '../time.ts';
import { EarliestDue } from './earliest-due.ts';

const step = fc.record({
  wait: fc.nat({ max: 50 }),
  who: fc.nat({ max: 5 }),
  what: fc.constantFrom('begin', 'put-off', 'end'),
  for: fc.nat({ max: 300 }),
});

describe('EarliestDue', () => {
  it('misses nothing that is due, and looks no oftener than looking at everything would', () => {
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const due = new EarliestDue();
        const deadlines = new Map<number, number>();
        let now = 0;
        for (const next of steps) {
          now += next.wait;
          const isOverdue = [...deadlines.values()].some((deadline) => deadline <= now);
          if (isOverdue) expect(due.isDue(at(now))).toBe(true);
          if (due.isDue(at(now))) look(due, deadlines, now);
          expect(due.isDue(at(now))).toBe(false);
          const known = deadlines.get(next.who);
          if (next.what === 'end') deadlines.delete(next.who);
          else if (next.what === 'put-off' && known !== undefined)
            deadlines.set(next.who, known + next.for);
          else if (known === undefined) {
            deadlines.set(next.who, now + 1 + next.for);
            due.include(at(now + 1 + next.for));
          }
        }
      }),
    );
  });

  it('is never due when nothing was ever told', () => {
    const due = new EarliestDue();
    due.include(undefined);
    expect(due.isDue(at(1e12))).toBe(false);
  });
});

/** Ends what is due and begins again with the rest. */
function look(due: EarliestDue, deadlines: Map<number, number>, now: number): void {
  due.restart();
  for (const [who, deadline] of deadlines)
    if (deadline <= now) deadlines.delete(who);
    else due.include(at(deadline));
}

const at = (ms: number): Instant => ms as Instant;
