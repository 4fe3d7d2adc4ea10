import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Instant } from '../../core/time.ts';
import { HostClock } from './host-clock.ts';
import { micros } from './micros.ts';

const spec = fc.record({
  skewMs: fc.integer({ min: -100_000, max: 100_000 }),
  driftPpm: fc.integer({ min: -10_000, max: 10_000 }),
});
const moment = fc.integer({ min: 0, max: 30 * 86_400_000_000 }).map(micros);

it('never goes back, and shows whole milliseconds', () => {
  fc.assert(
    fc.property(spec, moment, fc.integer({ min: 0, max: 10_000_000 }), (own, at, wait) => {
      const clock = new HostClock(own);
      expect(clock.show(at) % 1).toBeCloseTo(0, 12);
      expect(clock.show(micros(at + wait))).toBeGreaterThanOrEqual(clock.show(at));
    }),
  );
});

it('says the first microsecond at which it shows a time, so that a tick is never early and never late', () => {
  fc.assert(
    fc.property(spec, moment, (own, at) => {
      const clock = new HostClock(own);
      const shown = (clock.show(at) + 1) as Instant;
      const when = clock.when(shown);
      expect(clock.show(when)).toBeGreaterThanOrEqual(shown);
      if (when > 0) expect(clock.show(micros(when - 1))).toBeLessThan(shown);
    }),
  );
});

it('gains what it is said to gain', () => {
  const hour = micros(3_600_000_000);
  expect(new HostClock({ skewMs: 0, driftPpm: 100 }).show(hour)).toBe(3_600_360);
  expect(new HostClock({ skewMs: -500, driftPpm: 0 }).show(hour)).toBe(3_599_500);
});
