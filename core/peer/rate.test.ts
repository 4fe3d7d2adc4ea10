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

it('is what a sum over all that ever came gives, where what is older weighs less', () => {
  const windowSec = 20;
  const bytesOfSecond = fc.array(fc.nat({ max: 10_000 }), { minLength: 2, maxLength: 100 });
  fc.assert(
    fc.property(bytesOfSecond, (stream) => {
      const meter = new RateMeter(seconds(windowSec));
      stream.forEach((bytes, i) => {
        meter.add(at(i * 1_000), bytes);
      });
      const last = stream.length - 1;
      // Nothing is forgotten before the window is full; from then on a part of all is, each second.
      const weight = (i: number): number =>
        Math.exp(-Math.max(0, last - Math.max(i, windowSec)) / windowSec);
      const sum = stream.reduce((total, bytes, i) => total + bytes * weight(i), 0);
      expect(meter.rate(at(last * 1_000))).toBeCloseTo(sum / Math.min(windowSec, last), 6);
    }),
  );
});

it('is not moved by a clock that goes back', () => {
  const meter = new RateMeter(seconds(20));
  meter.add(at(0), 0);
  meter.add(at(50_000), 5_000);
  const rate = meter.rate(at(50_000));
  expect(meter.rate(at(40_000))).toBe(rate);
  expect(meter.rate(at(50_000))).toBe(rate);
});
