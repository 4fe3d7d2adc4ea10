import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { piecesHeld } from './holding.ts';
import { type Plan, plan } from './plan.ts';
import type { ScenarioInput } from './scenario.ts';
import { parseScenario } from './schema.ts';

describe('a plan', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(planOf({}, 1)).toEqual(planOf({}, 1));
    expect(planOf({}, 1)).not.toEqual(planOf({}, 2));
    expect(JSON.parse(JSON.stringify(planOf({}, 1)))).toEqual(planOf({}, 1));
  });

  it('gives a peer the same id, number and moments whatever the others are', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 20 }), (seed, count) => {
        const alone = planOf({}, seed);
        const many = planOf({ seeder: { count, has: 'all' } }, seed);
        expect(ofPeer(many, 'leecher-1')).toEqual(ofPeer(alone, 'leecher-1'));
      }),
      few,
    );
  });

  it('gives every peer an id and a number of its own, below 2^24', () => {
    const { peers } = planOf({ seeder: { count: 300, has: 'all' } }, 1);
    expect(new Set(peers.map(({ peerId }) => peerId)).size).toBe(peers.length);
    expect(new Set(peers.map(({ number }) => number)).size).toBe(peers.length);
    expect(peers.every(({ number }) => number > 0 && number < 2 ** 24)).toBe(true);
  });

  it('keeps steps in order of time, and those of one moment in the order of the scenario', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { steps } = planOf(
          { leecher: { count: 9, has: 'nothing', joins: { within: 5 } } },
          seed,
        );
        const times = steps.map(({ at }) => at);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        const first = steps.filter(({ at }) => at === 0).map(({ action }) => action);
        expect(first[0]).toEqual({ type: 'join', peer: 'seeder-0' });
      }),
      few,
    );
  });

  it.each([
    ['at-once', [0, 0, 0, 0]],
    [{ at: '2s' }, [2_000, 2_000, 2_000, 2_000]],
    ['when-told', []],
  ])('makes them join %j', (joins, expected) => {
    expect(joinsOf({ leecher: { count: 4, has: 'nothing', joins } }, 1)).toEqual(expected);
  });

  it('spreads arrivals within a time, and adds up the gaps of a Poisson process', () => {
    const within = joinsOf(
      { leecher: { count: 500, has: 'nothing', joins: { within: '10s' } } },
      1,
    );
    expect(Math.min(...within)).toBeLessThan(200);
    expect(Math.max(...within)).toBeGreaterThan(9_800);
    expect(Math.max(...within)).toBeLessThan(10_000);
    const poisson = { poisson: { perSec: 10 } };
    const arrivals = joinsOf({ leecher: { count: 1_000, has: 'nothing', joins: poisson } }, 1);
    expect(Math.max(...arrivals) / 100_000).toBeCloseTo(1, 0);
    const weibull = { weibull: { shape: 0.5, scale: 100 } };
    const bursts = joinsOf({ leecher: { count: 1_000, has: 'nothing', joins: weibull } }, 1);
    expect(Math.max(...bursts)).toBeGreaterThan(100_000);
  });

  it('makes them leave after a time, after completion, or never', () => {
    const session = planOf(
      { leecher: { count: 1, has: 'nothing', joins: { at: 500 }, stays: { for: '3s' } } },
      1,
    );
    expect(session.steps.at(-1)).toMatchObject({
      at: 3_500,
      action: { type: 'leave', peer: 'leecher-0' },
    });
    const linger = planOf({ leecher: { count: 1, has: 'nothing', stays: { linger: '3s' } } }, 1);
    expect(linger.conditional[0]).toMatchObject({
      after: 3_000,
      when: { peers: ['leecher-0'], reached: { type: 'completed' } },
      cause: 'group',
    });
    const told = planOf(
      { leecher: { count: 1, has: 'nothing', joins: 'when-told', stays: { for: '3s' } } },
      1,
    );
    expect(told.conditional[0]).toMatchObject({
      after: 3_000,
      when: { reached: { type: 'joined' } },
    });
    expect(planOf({}, 1).conditional).toEqual([]);
  });

  it('aims at every member, at one, or at one drawn from the seed', () => {
    const crashes = (seed: number, who: string) =>
      planOf({}, seed, [{ at: '1s', crash: who } as never]).steps.flatMap(({ action }) =>
        action.type === 'crash' ? [action.peer] : [],
      );
    expect(crashes(1, 'leechers')).toEqual(['leecher-0', 'leecher-1', 'leecher-2', 'leecher-3']);
    expect(crashes(1, 'leecher-2')).toEqual(['leecher-2']);
    const drawn = Array.from({ length: 40 }, (_, seed) => crashes(seed, 'any leecher').join());
    expect(new Set(drawn).size).toBe(4);
  });

  it('knows every verb of the timeline', () => {
    const { steps, conditional } = planOf({}, 1, [
      { at: 1, join: 'leecher-0' },
      { at: 2, leave: 'leecher-0' },
      { at: 3, restart: 'leecher-0' },
      { at: 4, cut: ['seeder', 'leecher-1'] },
      { at: 5, heal: 'all' },
      { at: 6, limit: 'leecher-0', up: '1MB/s' },
      { at: 7, corrupt: 'seeder', blocks: { oneIn: 9 } },
      { at: 8, disconnect: ['seeder', 'leecher-1'] },
      { at: 9, 'disk-full': 'leecher-0' },
      { at: 10, 'disk-heal': 'leecher-0' },
      { at: 11, 'tracker-stop': true },
      { at: 12, 'tracker-restart': true },
      { at: 13, 'power-cut': 'leecher-0' },
      { at: 14, move: 'seeder' },
      { at: 15, 'disk-error': 'leecher-1' },
      { at: 16, cut: ['seeder', 'leecher-1'], oneWay: true },
      { when: 'leechers at 50 %', 'tracker-forget': true },
    ]);
    expect(steps.filter(({ cause }) => cause === 'timeline').map(({ action }) => action)).toEqual([
      { type: 'join', peer: 'leecher-0' },
      { type: 'leave', peer: 'leecher-0' },
      { type: 'restart', peer: 'leecher-0', resume: 'trust' },
      { type: 'cut', between: [['seeder-0'], ['leecher-1']] },
      { type: 'heal' },
      { type: 'limit', peer: 'leecher-0', upBytesPerSec: 1_000_000 },
      { type: 'corrupt', peer: 'seeder-0', blocks: { oneIn: 9 } },
      { type: 'disconnect', between: [['seeder-0'], ['leecher-1']] },
      { type: 'disk-full', peer: 'leecher-0', afterBytes: 0 },
      { type: 'disk-heal', peer: 'leecher-0' },
      { type: 'tracker-stop' },
      { type: 'tracker-restart' },
      { type: 'power-cut', peer: 'leecher-0' },
      { type: 'move', peer: 'seeder-0' },
      { type: 'disk-error', peer: 'leecher-1' },
      { type: 'cut', between: [['seeder-0'], ['leecher-1']], oneWay: true },
    ]);
    expect(conditional.map(({ action }) => action)).toEqual([{ type: 'tracker-forget' }]);
  });

  it('turns links, neighbours and files into what a world wants', () => {
    const { peers } = plan(
      parseScenario({
        ...base,
        content: [
          { bytes: 100 },
          {
            files: [
              { path: 'a', bytes: 1 },
              { path: 'b', bytes: 2 },
            ],
          },
        ],
        peers: {
          ...base.peers,
          leecher: {
            count: 1,
            has: ['all', 'nothing'],
            wants: ['b'],
            neighbours: 7,
            link: { up: '1MB/s', delay: '30ms' },
            options: { uploadSlots: 2 },
          },
        },
      }),
      1,
    );
    expect(peers.at(-1)).toMatchObject({
      link: { upBytesPerSec: 1_000_000, delayMs: 30 },
      options: { uploadSlots: 2, maxConnections: 7 },
      contents: [
        { content: 0, has: 'all' },
        { content: 1, has: 'nothing', wants: ['b'] },
      ],
    });
    expect(peers.at(-1)?.contents[0]).not.toHaveProperty('wants');
  });
});

describe('what a peer is given', () => {
  const given = (group: object, seed = 1) =>
    planOf({ leecher: { count: 40, has: 'nothing', ...group } }, seed).peers.filter(
      ({ role }) => role === 'leecher',
    );

  it('is told only when it says something', () => {
    const [plain] = given({
      link: { jitter: 0, loss: 0 },
      nat: false,
      clock: { skew: 0, drift: 0 },
      disk: { seek: 0 },
    });
    expect(plain?.link).toEqual({ delayMs: 0 });
    expect(plain).not.toHaveProperty('isNatted');
    expect(plain).not.toHaveProperty('clock');
    expect(plain).not.toHaveProperty('disk');
    const [poor] = given({
      link: { jitter: '5ms', loss: 0.02 },
      nat: true,
      disk: { rate: '1MB/s' },
    });
    expect(poor).toMatchObject({
      link: { delayMs: 0, jitterMs: 5, loss: 0.02 },
      isNatted: true,
      disk: { bytesPerSec: 1_000_000, seekMs: 0 },
    });
  });

  it('is a clock of its own for each, fast or slow by at most what was said', () => {
    const clocks = given({ clock: { skew: '10s', drift: 50 } }).map(({ clock }) => clock);
    const skews = clocks.map((clock) => clock?.skewMs ?? NaN);
    const drifts = clocks.map((clock) => clock?.driftPpm ?? NaN);
    expect(Math.min(...skews)).toBeLessThan(-7_000);
    expect(Math.max(...skews)).toBeGreaterThan(7_000);
    expect(Math.max(...skews.map(Math.abs))).toBeLessThanOrEqual(10_000);
    expect(Math.min(...drifts)).toBeLessThan(-35);
    expect(Math.max(...drifts)).toBeGreaterThan(35);
    expect(Math.max(...drifts.map(Math.abs))).toBeLessThanOrEqual(50);
    expect([...skews, ...drifts].every(Number.isInteger)).toBe(true);
  });

  it('has the same skew whatever the drift is, and moves nothing else', () => {
    const [right, off] = [given({}), given({ clock: { skew: '10s', drift: 0 } })];
    const drifting = given({ clock: { skew: '10s', drift: 50 } });
    expect(drifting.map(({ clock }) => clock?.skewMs)).toEqual(
      off.map(({ clock }) => clock?.skewMs),
    );
    expect(off.map(({ clock: _, ...rest }) => rest)).toEqual(right);
  });
});

describe('what a peer brings', () => {
  it.each([
    ['all', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['nothing', []],
    [{ only: [3, 4, 99] }, [3, 4]],
    [{ allBut: [0, 9] }, [1, 2, 3, 4, 5, 6, 7, 8]],
  ])('is %j', (has, pieces) => {
    const thePlan = planOf({ leecher: { count: 2, has } }, 1);
    expect(held(thePlan, 'leecher-1', 10)).toEqual(pieces);
  });

  it('is every piece once between those to whom they are dealt', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(50), (count, pieceCount) => {
        const thePlan = planOf({ leecher: { count, has: 'dealt' } }, 1);
        const dealt = Array.from({ length: count }, (_, i) =>
          held(thePlan, `leecher-${i}`, pieceCount),
        );
        expect(dealt.flat().sort((a, b) => a - b)).toEqual(
          Array.from({ length: pieceCount }, (_, i) => i),
        );
      }),
    );
  });

  it('is the share that was asked for, another for each peer', () => {
    const thePlan = planOf({ leecher: { count: 2, has: { share: 0.3 } } }, 1);
    expect(held(thePlan, 'leecher-0', 100)).toHaveLength(30);
    expect(held(thePlan, 'leecher-0', 100)).not.toEqual(held(thePlan, 'leecher-1', 100));
    expect(held(thePlan, 'leecher-0', 100)).toEqual(held(thePlan, 'leecher-0', 100));
  });
});

/** Each builds the whole schema, which takes some milliseconds. */
const few = { numRuns: 40 };

const base = {
  name: 'planned',
  story: 'For the plan alone.',
  content: { bytes: '1MiB' },
  peers: {
    seeder: { count: 1, has: 'all' },
    leecher: { count: 4, has: 'nothing', joins: { within: '2s' } },
  },
  expect: [{ nobodyLost: 'seeder' }],
} as const;

function planOf(
  peers: object,
  seed: number,
  timeline: ScenarioInput<'seeder' | 'leecher'>['timeline'] = [],
): Plan {
  const input = { ...base, timeline, peers: { ...base.peers, ...peers } };
  return plan(parseScenario(input), seed);
}

const joinsOf = (peers: object, seed: number): readonly number[] =>
  planOf(peers, seed).steps.flatMap(({ at, action }) =>
    action.type === 'join' && action.peer.startsWith('leecher') ? [at] : [],
  );

const ofPeer = ({ peers, steps }: Plan, name: string): unknown => [
  peers.find((peer) => peer.name === name),
  steps.filter(({ action }) => 'peer' in action && action.peer === name),
];

function held(thePlan: Plan, name: string, pieceCount: number): readonly number[] {
  const peer = thePlan.peers.find((found) => found.name === name);
  return peer === undefined ? [] : piecesHeld(thePlan, peer, { index: 0, pieceCount });
}
