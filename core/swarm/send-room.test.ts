import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instant } from '../time.ts';
import { blockBytes } from '../torrent/pieces.ts';
import { SendRoom, firstRoomBytes, leastRoomBytes, slowDrain } from './send-room.ts';

const maxBytes = 2 ** 20;

describe('SendRoom', () => {
  it('ends at as much as the line sends in half a second, or at its bounds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10_000, max: 100_000_000 }), (bytesPerSec) => {
        const room = new SendRoom(maxBytes);
        stream(room, bytesPerSec, { from: 0, to: 20_000 });
        const drainMs = (room.bytes * 1_000) / bytesPerSec;
        if (room.bytes > leastRoomBytes) expect(drainMs).toBeLessThanOrEqual(slowDrain + 2);
        if (room.bytes < maxBytes) expect(drainMs).toBeGreaterThanOrEqual(149);
      }),
    );
  });

  it('is large in a few drains where the line takes everything at once', () => {
    const room = new SendRoom(maxBytes);
    for (let drain = 0; drain < 4; drain += 1) {
      while (room.admits(0)) room.handed(at(0), blockBytes);
      room.sent(at(0), room.unsent);
    }
    expect(room.bytes).toBe(maxBytes);
  });

  it('follows a line that becomes slow, and one that becomes fast', () => {
    const room = new SendRoom(maxBytes);
    const paces = [10_000_000, 20_000, 10_000_000].map((bytesPerSec, i) => {
      stream(room, bytesPerSec, { from: i * 60_000, to: (i + 1) * 60_000 });
      return room.bytes;
    });
    expect(paces).toEqual([maxBytes, leastRoomBytes, maxBytes]);
  });

  it('does not grow while nobody needs more, and small messages change nothing', () => {
    const room = new SendRoom(maxBytes);
    for (let now = 0; now < 1_000; now += 1) {
      room.handed(at(now), 9);
      room.sent(at(now + 1), 9);
    }
    expect(room.bytes).toBe(firstRoomBytes);
    for (let now = 0; now < 1_000; now += 10) {
      expect(room.admits(0)).toBe(true);
      room.handed(at(now), blockBytes);
      room.sent(at(now), blockBytes);
    }
    expect(room.bytes).toBe(firstRoomBytes);
  });

  it('stays within its bounds and admits by what is unsent and being read, whatever happens', () => {
    const step = fc.record({
      wait: fc.integer({ min: -10, max: 5_000 }),
      hand: fc.nat({ max: 200_000 }),
      part: fc.nat({ max: 100 }),
      reading: fc.nat({ max: 2 * maxBytes }),
    });
    fc.assert(
      fc.property(fc.array(step), fc.integer({ min: 1, max: 2 ** 22 }), (steps, most) => {
        const room = new SendRoom(most);
        let [now, unsent] = [10_000, 0];
        for (const { wait, hand, part, reading } of steps) {
          now = Math.max(0, now + wait);
          room.handed(at(now), hand);
          const sent = Math.floor(((unsent + hand) * part) / 100);
          room.sent(at(now), sent);
          unsent += hand - sent;
          expect(room.unsent).toBe(unsent);
          expect(room.bytes).toBeLessThanOrEqual(most);
          expect(room.bytes).toBeGreaterThanOrEqual(Math.min(most, leastRoomBytes));
          expect(room.admits(reading)).toBe(unsent + reading < room.bytes);
        }
      }),
    );
  });
});

/** Keeps the room full from one millisecond to another while a line of that rate takes what is in it. */
function stream(
  room: SendRoom,
  bytesPerSec: number,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  let credit = 0;
  for (let now = from; now < to; now += 1) {
    while (room.admits(0)) room.handed(at(now), blockBytes);
    credit += bytesPerSec / 1_000;
    const sent = Math.min(Math.floor(credit), room.unsent);
    credit -= sent;
    room.sent(at(now + 1), sent);
  }
}

const at = (ms: number): Instant => ms as Instant;
