import { describe, expect, it } from 'vitest';
import { type Instant, seconds } from '../time.ts';
import { Backlog, leastBacklog } from './backlog.ts';

const at = (sec: number): Instant => seconds(sec) as number as Instant;

describe('the backlog', () => {
  it('has no bound before anything has come', () => {
    expect(new Backlog(seconds(60)).room(at(2), 10_000)).toBe(Infinity);
  });

  it('is what the line brings in half of the patience', () => {
    const backlog = new Backlog(seconds(60));
    for (let sec = 0; sec <= 40; sec += 1) backlog.arrived(at(sec), 16_384);
    const room = backlog.room(at(40), 0);
    expect(room).toBeGreaterThan(25);
    expect(room).toBeLessThan(35);
    expect(backlog.room(at(40), room + 5)).toBe(-5);
  });

  it('leaves room for a few requests when nothing comes any more', () => {
    const backlog = new Backlog(seconds(60));
    backlog.arrived(at(0), 16_384);
    expect(backlog.room(at(600), 0)).toBe(leastBacklog);
  });
});
