import { expect, it } from 'vitest';
import { plan } from '../plan.ts';
import type { ScenarioInput } from '../scenario.ts';
import { parseScenario } from '../schema.ts';
import { simpler } from './simplify.ts';

const slow: ScenarioInput = {
  name: 'drawn',
  story: 'Drawn by chance.',
  content: { bytes: 16_384 },
  peers: {
    seeder: { count: 1, has: 'all', options: { announceEvery: 60_000 } },
    leecher: { count: 1, has: 'nothing', options: { announceEvery: 60_000, uploadSlots: 2 } },
  },
  tracker: {
    ...{ interval: 60_000, expireAfter: 150_000, announceWithin: 5_000 },
    ...{ keepsState: true, delay: 20 },
  },
  expect: [{ connectionsAtMost: 50, of: 'seeder' }],
};

it('takes the tracker away, and nobody then announces more rarely than it expires', () => {
  const ways = [...simpler(slow)];
  const paces = ways.map((way) => {
    const { tracker, peers } = plan(parseScenario(way), 1);
    return { tracker, rarest: Math.max(...peers.map(({ options }) => options.announceEvery ?? 0)) };
  });
  for (const { tracker, rarest } of paces) expect(rarest).toBeLessThan(tracker.expireAfter);
  expect(ways.some(({ tracker }) => tracker === undefined)).toBe(true);
  const trackers = ways.map(({ tracker }) => Object.keys(tracker ?? {}));
  expect(trackers).toContainEqual(['interval', 'expireAfter', 'announceWithin', 'delay']);
});
