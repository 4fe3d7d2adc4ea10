import { expect, it } from 'vitest';
import type { Instant } from '../time.ts';
import { seconds } from '../time.ts';
import { RateMeter } from './rate.ts';

const at = (ms: number) => ms as Instant;

it('measures a steady stream within a tenth, young and old', () => {
  const meter = new RateMeter(seconds(20));
  for (let ms = 0; ms <= 100_000; ms += 100) {
    meter.add(at(ms), 1_000);
    if (ms >= 2_000) expect(Math.abs(meter.rate(at(ms)) - 10_000)).toBeLessThan(1_000);
  }
});

it('forgets a stream that has ended', () => {
  const meter = new RateMeter(seconds(20));
  for (let ms = 0; ms <= 30_000; ms += 100) meter.add(at(ms), 1_000);
  expect(meter.rate(at(150_000))).toBeLessThan(100);
  expect(meter.total).toBe(301_000);
});

it('shows nothing before anything came, and is not fooled by a clock that stands still', () => {
  const meter = new RateMeter();
  expect(meter.rate(at(5))).toBe(0);
  meter.add(at(5), 1_000);
  expect(meter.rate(at(5))).toBe(1_000);
});
