import { describe, expect, it } from 'vitest';
import { type Instant, seconds } from '../time.ts';
import { Backlog, leastBacklog } from './backlog.ts';

const at = (sec: number): Instant => seconds(sec) as number as Instant;

describe('the backlog', () => {
  it('has no bound before anything has come', () => {
    expect(new Backlog(seconds(60)).grant(at(2), 500, 10_000)).toBe(500);
  });

  it('is what the line brings in half of the patience', () => {
    const backlog = new Backlog(seconds(60));
    for (let sec = 0; sec <= 40; sec += 1) backlog.arrived(at(sec), 16_384);
    const room = backlog.grant(at(40), 500, 0);
    expect(room).toBeGreaterThan(25);
    expect(room).toBeLessThan(35);
    expect(backlog.grant(at(40), 500, room + 5)).toBe(0);
  });

  it('is no less than six seconds of what comes, however short the patience', () => {
    const backlog = new Backlog(seconds(4));
    for (let sec = 0; sec <= 40; sec += 0.1) backlog.arrived(at(sec), 16_384);
    expect(backlog.grant(at(40), 500, 0)).toBeGreaterThan(50);
  });

  it('leaves room for a few requests when nothing comes any more', () => {
    const backlog = new Backlog(seconds(60));
    backlog.arrived(at(0), 16_384);
    expect(backlog.grant(at(600), 500, 0)).toBe(leastBacklog);
  });

  it('remembers that somebody was refused, until everybody is asked anew', () => {
    const backlog = new Backlog(seconds(60));
    backlog.arrived(at(0), 16_384);
    backlog.grant(at(600), leastBacklog, 0);
    expect(backlog.hasRefused).toBe(false);
    backlog.grant(at(600), leastBacklog + 1, 0);
    expect(backlog.hasRefused).toBe(true);
    backlog.forget();
    expect(backlog.hasRefused).toBe(false);
  });
});
