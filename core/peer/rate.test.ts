import { expect, it } from 'vitest';
import fc from 'fast-check';
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

it('is near the plain average of the window when the stream is uneven', () => {
  // Seconds of more and of less bytes; the average of the last twenty is the truth.
  const second = fc.nat({ max: 10_000 });
  fc.assert(
    fc.property(fc.array(second, { minLength: 40, maxLength: 120 }), (stream) => {
      const meter = new RateMeter(seconds(20));
      stream.forEach((bytes, i) => {
        meter.add(at(i * 1_000), bytes);
      });
      const now = at((stream.length - 1) * 1_000);
      const truth = stream.slice(-60).reduce((sum, bytes) => sum + bytes, 0) / 60;
      expect(Math.abs(meter.rate(now) - truth)).toBeLessThan(6_000);
      expect(meter.rate(now)).toBeGreaterThanOrEqual(0);
    }),
  );
});

it('is not moved by a clock that goes back', () => {
  const meter = new RateMeter(seconds(20));
  meter.add(at(10_000), 5_000);
  meter.add(at(4_000), 5_000);
  expect(meter.rate(at(3_000))).toBe(10_000);
});
