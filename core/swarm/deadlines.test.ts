import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Instant } from '../time.ts';
import { Deadlines } from './deadlines.ts';

const owners = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'] as const;

it('knows the earliest, and who is due in the order of coming, as a plain list does', () => {
  const step = fc.record({
    owner: fc.constantFrom(...owners),
    at: fc.option(fc.nat(20), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.nat(20), (steps, now) => {
      const deadlines = new Deadlines<string>();
      const list = new Map<string, number>();
      for (const { at, owner } of steps) {
        deadlines.set(owner, at as Instant | undefined);
        if (at === undefined) list.delete(owner);
        else list.set(owner, at);
        expect(deadlines.earliest).toBe(list.size === 0 ? undefined : Math.min(...list.values()));
      }
      const due = [...list].filter(([, at]) => at <= now).map(([owner]) => owner);
      expect(deadlines.due(now as Instant)).toEqual(due);
    }),
  );
});
