import { describe, expect, it } from 'vitest';
import { micros, microsOfMillis } from '../micros.ts';
import { Line } from './testing/bench-network.ts';
import { Window } from './window.ts';

const packetBytes = 1_448;

/** A path of 100 ms there and back, whose links do not limit. */
function longPath(access: { readonly loss?: number } = {}) {
  const line = new Line();
  const fast = { upBytesPerSec: 1e9, downBytesPerSec: 1e9, delay: micros(49_950), ...access };
  const pair = line.pair(line.host('here', fast), line.host('there', fast));
  /** Writes so much and returns how many milliseconds later all of it has arrived. */
  const timeToArrive = (bytes: number): number => {
    const began = line.ms;
    pair.near.write('bulk', bytes);
    pair.heardFar.length = 0;
    while (!pair.heardFar.some(([, , items]) => (items as unknown[]).length > 0))
      line.until(line.ms + 1);
    const at = pair.heardFar.at(-1)?.[0] ?? Infinity;
    return at - began;
  };
  return { line, pair, timeToArrive };
}

describe('slow start', () => {
  it('lets ten packets out in the first round trip and twice as many in each further one', () => {
    for (const [packets, roundTrips] of [
      [10, 0],
      [11, 1],
      [30, 1],
      [31, 2],
      [70, 2],
      [71, 3],
      [150, 3],
      [310, 4],
      [630, 5],
      [631, 6],
    ] as const) {
      const ms = longPath().timeToArrive(packets * packetBytes);
      expect(Math.floor(ms / 100)).toBe(roundTrips);
      expect(ms % 100).toBeCloseTo(50, -1);
    }
  });

  it('is not repeated while there is something to send, and is after a second without', () => {
    const { line, timeToArrive } = longPath();
    expect(timeToArrive(630 * packetBytes)).toBeGreaterThan(500);
    line.until(line.ms + 500);
    expect(timeToArrive(630 * packetBytes)).toBeLessThan(100);
    line.until(line.ms + 1_200);
    expect(timeToArrive(630 * packetBytes)).toBeGreaterThan(500);
  });

  it('ends at 4 MiB under way: more than 42 MB/s is not to be had over 100 ms', () => {
    const { timeToArrive } = longPath();
    timeToArrive(10e6);
    const ms = timeToArrive(100e6);
    expect(100e6 / (ms / 1_000)).toBeCloseTo((4 * 2 ** 20) / 0.1, -7);
  });

  it('does not hold a slow link up', () => {
    const line = new Line();
    const slow = { upBytesPerSec: 50_000, delay: micros(49_950) };
    const pair = line.pair(line.host('here', slow), line.host('there', slow));
    const began = line.ms;
    pair.near.write('bulk', 500_000);
    line.until(began + 60_000);
    expect((pair.heardFar.at(-1)?.[0] ?? 0) - began).toBeCloseTo(10_050, -1);
  });
});

describe('a loss', () => {
  it('makes what is behind it wait for two round trips and the least timeout', () => {
    const { line, pair } = longPath({ loss: 1 });
    const began = line.ms;
    pair.near.write('lost', 100);
    pair.near.close();
    line.until(began + 10_000);
    expect(pair.heardFar.map(([at, what]) => [Math.round(at - began), what])).toEqual([
      [350, 'arrived'],
      [350, 'gone'],
    ]);
  });

  it('halves the window once for each time, and from then on it grows by a packet a round trip', () => {
    const window = new Window();
    const at = (ms: number) => microsOfMillis(ms);
    window.sent(at(0), 10 * packetBytes);
    expect(window.room(at(0))).toBe(0);
    window.expect(at(100), 10 * packetBytes);
    expect(window.room(at(99))).toBe(0);
    expect(window.room(at(100))).toBe(20 * packetBytes);
    window.lost(at(100), at(400));
    window.lost(at(399), at(700));
    expect(window.room(at(399))).toBe(10 * packetBytes);
    for (let round = 0; round < 3; round += 1) {
      const bytes = window.room(at(400 + round));
      window.sent(at(400 + round), bytes);
      window.expect(at(401 + round), bytes);
      expect(window.room(at(401 + round))).toBe((11 + round) * packetBytes);
    }
    window.lost(at(500), at(600));
    expect(window.room(at(500))).toBe(6.5 * packetBytes);
  });

  it('never leaves less than two packets', () => {
    const window = new Window();
    for (let ms = 0; ms < 1_000; ms += 100)
      window.lost(microsOfMillis(ms), microsOfMillis(ms + 50));
    expect(window.room(microsOfMillis(1_000))).toBe(2 * packetBytes);
  });

  it('keeps account of acknowledgements in any number', () => {
    const window = new Window();
    for (let round = 0; round < 5; round += 1) {
      const count = 3 ** (round + 1);
      for (let i = 0; i < count; i += 1) {
        window.sent(micros(round * 1_000), 10);
        window.expect(micros(round * 1_000 + i + 1), 10);
      }
      for (let i = 0; i < count; i += 1) {
        expect(window.nextAckAt).toBe(round * 1_000 + i + 1);
        window.room(micros(round * 1_000 + i + 1));
      }
      expect(window.nextAckAt).toBeUndefined();
    }
  });
});
