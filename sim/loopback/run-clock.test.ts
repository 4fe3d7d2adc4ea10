import { expect, it } from 'vitest';
import type { Instant } from '../../core/time.ts';
import { systemNow } from './peer-orders.ts';
import { RunClock } from './run-clock.ts';

const never = new AbortController().signal;

it('stands at 0 until it is started, and goes on from there', async () => {
  const clock = new RunClock();
  expect(clock.now).toBe(0);
  clock.start();
  await clock.waitUntil(30 as Instant, never);
  expect(clock.now).toBeGreaterThanOrEqual(30);
});

it('tells moments of the system in its own time, none before the start', () => {
  const clock = new RunClock();
  clock.start();
  const now = systemNow();
  expect(clock.at(now - 60_000)).toBe(0);
  expect(clock.at(now + 500)).toBeGreaterThanOrEqual(500);
  expect(Number.isInteger(clock.at(now + 0.3))).toBe(true);
});

it('does not wait for what is past, nor when nobody wants to wait any more', async () => {
  const clock = new RunClock();
  clock.start();
  await clock.waitUntil(0 as Instant, never);
  await clock.waitUntil(1e9 as Instant, AbortSignal.abort());
  const stop = new AbortController();
  setTimeout(() => {
    stop.abort();
  }, 20);
  await clock.waitUntil(1e9 as Instant, stop.signal);
  expect(clock.now).toBeLessThan(1e6);
});

it('moves on to a time of its own', async () => {
  const clock = new RunClock();
  clock.start();
  const before = clock.now;
  await clock.moveOn();
  expect(clock.now).toBeGreaterThan(before);
});

it('is woken by an interruption, which leaves the next wait alone', async () => {
  const clock = new RunClock();
  clock.start();
  clock.interrupt();
  const wait = clock.waitUntil(1e9 as Instant, never);
  clock.interrupt();
  await wait;
  expect(clock.now).toBeLessThan(1e6);
  const until = (clock.now + 20) as Instant;
  await clock.waitUntil(until, never);
  expect(clock.now).toBeGreaterThanOrEqual(until);
});
