import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instant } from '../time.ts';
import { blockBytes } from '../torrent/pieces.ts';
import { TokenBucket } from './bucket.ts';

describe('TokenBucket', () => {
  it('never grants more than the rate allows and the burst adds, whatever the clock does', () => {
    const input = fc.record({
      rate: fc.integer({ min: 1, max: 1_000_000 }),
      burst: fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined }),
      steps: fc.array(
        fc.record({ wait: fc.integer({ min: -500, max: 2_000 }), wish: fc.nat({ max: 200_000 }) }),
      ),
    });
    fc.assert(
      fc.property(input, ({ rate, burst, steps }) => {
        const bucket = new TokenBucket(rate, burst);
        const burstBytes = burst ?? Math.max(Math.ceil(rate / 10), blockBytes);
        let [now, first, latest, granted] = [5_000, Infinity, 0, 0];
        for (const { wait, wish } of steps) {
          now = Math.max(0, now + wait);
          first = Math.min(first, now);
          latest = Math.max(latest, now);
          const grant = Math.min(wish, bucket.available(now as Instant));
          bucket.take(now as Instant, grant);
          granted += grant;
          expect(granted * 1_000).toBeLessThanOrEqual(rate * (latest - first) + burstBytes * 1_000);
        }
      }),
    );
  });

  it('is ready exactly when it says, and not a millisecond before', () => {
    const input = fc.record({
      rate: fc.integer({ min: 1, max: 1_000_000 }),
      taken: fc.nat({ max: 300_000 }),
      wanted: fc.integer({ min: 1, max: blockBytes }),
    });
    fc.assert(
      fc.property(input, ({ rate, taken, wanted }) => {
        const bucket = new TokenBucket(rate);
        bucket.take(at(0), taken);
        const ready = bucket.readyAt(at(0), wanted);
        if (ready > 0) expect(bucket.available(at(ready - 1))).toBeLessThan(wanted);
        expect(bucket.available(ready)).toBeGreaterThanOrEqual(wanted);
      }),
    );
  });

  it('lets a whole block through however low the rate is', () => {
    expect(new TokenBucket(1).available(at(0))).toBe(blockBytes);
  });

  it('saves up a tenth of a second at a high rate', () => {
    expect(new TokenBucket(10_000_000).available(at(0))).toBe(1_000_000);
  });

  it('pays off what was taken in excess before it grants anything', () => {
    const bucket = new TokenBucket(1_000, 1_000);
    bucket.take(at(0), 3_000);
    expect(bucket.available(at(1_999))).toBe(0);
    expect(bucket.available(at(2_500))).toBe(500);
  });

  it('is ready for more than the burst when it is full', () => {
    const bucket = new TokenBucket(1_000, 1_000);
    bucket.take(at(0), 1_000);
    expect(bucket.readyAt(at(0), 50_000)).toBe(1_000);
  });

  it('grants everything at once without a rate', () => {
    const bucket = new TokenBucket(undefined);
    bucket.take(at(0), 1e12);
    expect(bucket.available(at(0))).toBe(Infinity);
    expect(bucket.readyAt(at(7), 1e12)).toBe(7);
  });

  it('keeps no more than the new burst when the rate is lowered', () => {
    const bucket = new TokenBucket(10_000_000);
    bucket.setRate(at(0), 1_000);
    expect(bucket.available(at(0))).toBe(blockBytes);
  });

  it('brings what the old rate earned until the moment of the change, and no more', () => {
    const bucket = new TokenBucket(1_000, 10_000);
    bucket.take(at(0), 10_000);
    bucket.setRate(at(1_000), 5_000);
    expect(bucket.available(at(1_000))).toBe(1_000);
    expect(bucket.available(at(2_000))).toBe(6_000);
  });

  it('neither brings nor takes anything when the clock steps back', () => {
    const bucket = new TokenBucket(1_000, 10_000);
    bucket.take(at(5_000), 9_000);
    expect(bucket.available(at(4_500))).toBe(1_000);
    expect(bucket.available(at(5_500))).toBe(1_500);
  });

  it('refuses a rate that would never bring anything', () => {
    for (const rate of [0, -1, Number.NaN]) expect(() => new TokenBucket(rate)).toThrow(RangeError);
  });
});

const at = (ms: number): Instant => ms as Instant;
