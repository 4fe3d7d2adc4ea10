/** A study can say all that this one says, in YAML as in TypeScript, and the record answers what studies ask. */
import { expect, it } from 'vitest';
import { machineTools } from '../../sim/loopback/tools.ts';
import { run } from '../../sim/run.ts';
import { parseScenario } from '../../sim/schema.ts';
import { parseScenarioText } from '../../sim/scenario-text.ts';
import { virtualWorld } from '../../sim/virtual/virtual-world.ts';

const yaml = `
name: everything-said
story: Each group comes, stays, holds and trades in a way of its own.
content: { bytes: 2MiB, pieceBytes: 64KiB }
tracker: { interval: 5s, external: 4 }
sampleEvery: 1s
lasts: 20min
peers:
  seeder:
    count: 1
    has: all
    link: { up: 2Mbit/s, down: 2Mbit/s, delay: 20ms }
    options: { seedPolicy: super, uploadSlots: 3, optimisticSlots: 1 }
  resident:
    count: 2
    has: nothing
    joins: at-once
    stays: for-ever
    link: { up: 400kbit/s, down: 1500kbit/s, delay: 30ms, jitter: 5ms, loss: 0.01 }
    options: { rechokeEvery: 5s, optimisticEvery: 15s, piecePolicy: random }
  visitor:
    count: 3
    has: { share: 0.25 }
    joins: { within: 10s }
    stays: until-complete
    link: { up: 50kB/s, down: 200kB/s }
    neighbours: 4
    options: { maxPipelineBlocks: 8 }
  poisson:
    count: 3
    has: { allBut: [0, 5] }
    joins: { poisson: { perSec: 0.5 } }
    stays: { linger: 8s }
  weibull:
    count: 3
    has: { only: [1, 2] }
    joins: { weibull: { shape: 0.5, scale: 2s } }
    stays: { linger: { exponential: { mean: 5s } } }
    options: { piecePolicy: sequential, chokePolicy: random }
  exponential:
    count: 3
    has: dealt
    joins: { at: 4s }
    stays: { exponential: { mean: 60s } }
    networks: 2
  heavy-tailed:
    count: 3
    has: nothing
    stays: { weibull: { shape: 0.6, scale: 90s } }
    options: { seedPolicy: fastest-upload }
  log-normal:
    count: 3
    has: nothing
    stays: { logNormal: { median: 50s, sigma: 0.5 } }
expect:
  - everyoneCompletes: resident
  - everyoneCompletes: visitor
  - everyoneCompletes: weibull
`;

const typed = parseScenario(
  {
    name: 'everything-said',
    story: 'Each group comes, stays, holds and trades in a way of its own.',
    content: { bytes: '2MiB', pieceBytes: '64KiB' },
    tracker: { interval: '5s', external: 4 },
    sampleEvery: '1s',
    lasts: '20min',
    peers: {
      seeder: {
        count: 1,
        has: 'all',
        link: { up: '2Mbit/s', down: '2Mbit/s', delay: '20ms' },
        options: { seedPolicy: 'super', uploadSlots: 3, optimisticSlots: 1 },
      },
      resident: {
        count: 2,
        has: 'nothing',
        joins: 'at-once',
        stays: 'for-ever',
        link: { up: '400kbit/s', down: '1500kbit/s', delay: '30ms', jitter: '5ms', loss: 0.01 },
        options: { rechokeEvery: '5s', optimisticEvery: '15s', piecePolicy: 'random' },
      },
      visitor: {
        count: 3,
        has: { share: 0.25 },
        joins: { within: '10s' },
        stays: 'until-complete',
        link: { up: '50kB/s', down: '200kB/s' },
        neighbours: 4,
        options: { maxPipelineBlocks: 8 },
      },
      poisson: {
        count: 3,
        has: { allBut: [0, 5] },
        joins: { poisson: { perSec: 0.5 } },
        stays: { linger: '8s' },
      },
      weibull: {
        count: 3,
        has: { only: [1, 2] },
        joins: { weibull: { shape: 0.5, scale: '2s' } },
        stays: { linger: { exponential: { mean: '5s' } } },
        options: { piecePolicy: 'sequential', chokePolicy: 'random' },
      },
      exponential: {
        count: 3,
        has: 'dealt',
        joins: { at: '4s' },
        stays: { exponential: { mean: '60s' } },
        networks: 2,
      },
      'heavy-tailed': {
        count: 3,
        has: 'nothing',
        stays: { weibull: { shape: 0.6, scale: '90s' } },
        options: { seedPolicy: 'fastest-upload' },
      },
      'log-normal': {
        count: 3,
        has: 'nothing',
        stays: { logNormal: { median: '50s', sigma: 0.5 } },
      },
    },
    expect: [
      { everyoneCompletes: 'resident' },
      { everyoneCompletes: 'visitor' },
      { everyoneCompletes: 'weibull' },
    ],
  },
  'everything-said',
);

const limitMs = 60_000;

it('reads the same of YAML as of TypeScript', () => {
  expect(parseScenarioText(yaml, 'everything-said.yaml')).toEqual(typed);
});

it(
  'plays it, and records who gave whom how much and when each came, was done and left',
  {
    timeout: limitMs,
  },
  async () => {
    const world = virtualWorld({ fidelity: 'elided', tools: machineTools() });
    const scenario = parseScenarioText(yaml, 'everything-said.yaml');
    const { signal } = new AbortController();
    const record = await run(scenario, world, { seed: 1, signal });
    const broken = record.checks.filter(({ held }) => !held);
    expect(broken.map(({ name, detail }) => `${name}: ${detail}`)).toEqual([]);
    const done = (type: 'join' | 'leave'): ReadonlyMap<string, number> =>
      new Map(
        record.actions.flatMap(({ action, at }) =>
          action.type === type && 'peer' in action ? [[action.peer, at]] : [],
        ),
      );
    const [arrivals, departures] = [done('join'), done('leave')];
    const finishes = new Map(
      record.events.flatMap(({ type, peer, at }) => (type === 'completed' ? [[peer, at]] : [])),
    );
    const names = (role: string): string[] =>
      record.peers.filter((peer) => peer.role === role).map(({ name }) => name);
    const roles = Object.keys(scenario.peers);
    for (const name of roles.flatMap(names)) expect(arrivals.has(name)).toBe(true);
    for (const name of names('visitor')) {
      const [joined, completed, left] = [arrivals, finishes, departures].map((map) =>
        map.get(name),
      );
      expect(joined).toBeLessThan(completed ?? -1);
      expect(completed).toBeLessThanOrEqual(left ?? -1);
    }
    for (const name of names('poisson'))
      expect((departures.get(name) ?? 0) - (finishes.get(name) ?? 0)).toBeGreaterThanOrEqual(8_000);
    for (const name of names('resident')) expect(departures.has(name)).toBe(false);
    // Everything that anybody had came over some pair, while it was unchoked.
    const toResidents = record.transfers.filter(({ to }) => to.startsWith('resident'));
    const received = toResidents.reduce((sum, { bytesReceived }) => sum + bytesReceived, 0);
    expect(received).toBeGreaterThanOrEqual(2 * 2 * 2 ** 20);
    const generous = toResidents.filter(({ bytesSent }) => bytesSent > 2 ** 17);
    expect(generous.length).toBeGreaterThan(0);
    for (const { unchoked } of generous) expect(unchoked).toBeGreaterThan(0);
  },
);
