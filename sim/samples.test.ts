import { describe, expect, it } from 'vitest';
import type { Instant } from '../core/time.ts';
import { Samples } from './samples.ts';
import type { Observation, PeerObservation } from './world.ts';

function look(at: number, peer: Partial<PeerObservation>): Observation {
  const seen = { isUp: true, bytesDown: 0, ...peer } as PeerObservation;
  const asked = { askedAt: at as Instant, answeredAt: at as Instant };
  return { at: at as Instant, peers: new Map([['a', seen]]), tracker: { ...asked, torrents: [] } };
}

describe('samples', () => {
  it('are all kept in a full record, but of who is gone only one', () => {
    const samples = new Samples('full');
    for (let at = 0; at < 500; at += 1) samples.add(look(at, { isUp: at < 400 }), []);
    expect(samples.peers.map(({ at }) => at)).toEqual(Array.from({ length: 401 }, (_, at) => at));
    expect(samples.tracker).toHaveLength(500);
  });

  it('of a peer at rest are thinned out in a lean one, whatever its rates are', () => {
    const samples = new Samples('lean');
    for (let at = 0; at < 40; at += 1)
      samples.add(look(at, { bytesDown: Math.min(at, 5), downBytesPerSec: at }), []);
    expect(samples.peers.map(({ at }) => at)).toEqual([0, 1, 2, 3, 4, 5, 15, 25, 35]);
  });

  it('of the tracker are bounded in a lean one, evenly spread, and have the last', () => {
    const samples = new Samples('lean');
    for (let at = 0; at < 10_001; at += 1) samples.add(look(at, {}), []);
    const asked = samples.tracker.map(({ askedAt }) => askedAt);
    expect(asked.length).toBeGreaterThan(120);
    expect(asked.length).toBeLessThanOrEqual(257);
    expect([asked[0], asked.at(-1)]).toEqual([0, 10_000]);
    const gaps = asked.slice(1, -1).map((at, i) => at - (asked[i] ?? 0));
    expect(new Set(gaps).size).toBe(1);
  });
});
