import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { Instant } from '../time.ts';
import { start } from '../time.ts';
import { ConnectionId } from '../torrent/ids.ts';
import { blockBytes } from '../torrent/pieces.ts';
import { RateLimits, RatePair } from './rate-limits.ts';

const none = { upBytesPerSec: undefined, downBytesPerSec: undefined };
const both = (bytesPerSec: number) => ({
  upBytesPerSec: bytesPerSec,
  downBytesPerSec: bytesPerSec,
});
const a = ConnectionId(1);
const b = ConnectionId(2);

describe('RateLimits', () => {
  it('lets everything through where nothing is limited', () => {
    const limits = limitsOf(new RatePair(none), none);
    expect(limits.takeUp(start, a, 1e12)).toBe(true);
    expect(limits.downAvailable(start, a)).toBe(Infinity);
    expect(limits.wakeAt).toBeUndefined();
  });

  it('says when to try again, and then lets the block through', () => {
    const limits = limitsOf(new RatePair(both(blockBytes)), none);
    expect(limits.takeUp(start, a, blockBytes)).toBe(true);
    expect(limits.takeUp(start, b, blockBytes)).toBe(false);
    const at = limits.wakeAt as Instant;
    expect(at).toBe(1_000);
    limits.woken();
    expect(limits.takeUp(at, b, blockBytes)).toBe(true);
  });

  it('takes from no bucket when one of them is short', () => {
    const shared = new RatePair(both(10 * blockBytes));
    const limits = limitsOf(shared, both(blockBytes));
    limits.takeUp(start, a, blockBytes);
    const before = shared.up.available(start);
    expect(limits.takeUp(start, a, blockBytes)).toBe(false);
    expect(shared.up.available(start)).toBe(before);
  });

  it('never grants all peers together more than the shared rate and one burst', () => {
    const step = fc.record({ waitMs: fc.nat(500), conn: fc.constantFrom(a, b) });
    const rate = 100_000;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const limits = limitsOf(new RatePair(both(rate)), both(80_000));
        let now = 0;
        let granted = 0;
        for (const { waitMs, conn } of steps) {
          now += waitMs;
          if (limits.takeDown(now as Instant, conn, 5_000)) granted += 5_000;
        }
        expect(granted).toBeLessThanOrEqual((rate * now) / 1_000 + blockBytes);
      }),
    );
  });
});

function limitsOf(shared: RatePair, perPeer: Parameters<RatePair['set']>[1]): RateLimits {
  const limits = new RateLimits([shared], perPeer);
  limits.joined(a);
  limits.joined(b);
  return limits;
}
