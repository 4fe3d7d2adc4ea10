import { describe, expect, expectTypeOf, it } from 'vitest';
import { ScenarioError } from './scenario-error.ts';
import { type ScenarioInput, defineScenario } from './scenario.ts';
import { parseScenario, scenarioJsonSchema } from './schema.ts';

describe('a scenario', () => {
  it('gets its defaults, and numbers for its quantities', () => {
    const scenario = parseScenario(small);
    expect(scenario).toMatchObject({
      content: [{ bytes: 1_048_576 }],
      world: 'any',
      isolation: 'shared',
      faultsUntil: 10_000,
      settleWithin: 30_000,
      lasts: 80_000,
      sampleEvery: 100,
      tracker: { interval: 2_000, expireAfter: 5_000, keepsState: false },
    });
    expect(scenario.peers['leecher']).toMatchObject({
      joins: { within: 2_000 },
      stays: 'for-ever',
      link: { up: 1_000_000 },
      corrupt: 'never',
    });
  });

  it('is the same when it is parsed again', () => {
    const scenario = parseScenario(small);
    expect(parseScenario(scenario)).toEqual(scenario);
    expect(parseScenario(JSON.parse(JSON.stringify(scenario)))).toEqual(scenario);
  });

  it('looks at a lean run so often that a curve can be drawn, however long it is', () => {
    const long = parseScenario({ ...small, record: 'lean', settleWithin: '1h' });
    expect(long).toMatchObject({ record: 'lean', sampleEvery: 7_220_000 / 500 });
    expect(parseScenario({ ...small, record: 'lean' }).sampleEvery).toBe(160);
    expect(parseScenario(small).record).toBe('full');
  });

  it('takes every way to come and to stay', () => {
    const joins = [
      'at-once',
      'when-told',
      { at: '1s' },
      { within: '1s' },
      { poisson: { perSec: 2 } },
      { weibull: { shape: 0.5, scale: '2s' } },
    ];
    const stays = [
      'for-ever',
      'until-complete',
      { linger: '1s' },
      { linger: { exponential: { mean: '2s' } } },
      { for: '5s' },
      { exponential: { mean: '2s' } },
      { weibull: { shape: 0.4, scale: '2s' } },
      { logNormal: { median: '2s', sigma: 1 } },
    ];
    for (const way of joins) expect(mistakes(withGroup({ joins: way }))).toEqual([]);
    for (const way of stays) expect(mistakes(withGroup({ stays: way }))).toEqual([]);
  });

  it('takes poor links, NATs, wrong clocks, slow disks and a tracker far away', () => {
    const poor = withGroup({
      link: { delay: '40ms', jitter: '20ms', loss: 0.01 },
      nat: true,
      clock: { skew: '2min', drift: 200 },
      disk: { rate: '40MB/s', seek: '9ms' },
    });
    const scenario = parseScenario({ ...small, ...poor, tracker: { delay: '80ms', loss: 0.1 } });
    expect(scenario.peers['leecher']).toMatchObject({
      link: { delay: 40, jitter: 20, loss: 0.01 },
      nat: true,
      clock: { skew: 120_000, drift: 200 },
      disk: { rate: 40_000_000, seek: 9 },
    });
    expect(scenario.tracker).toMatchObject({ delay: 80, loss: 0.1, announceWithin: 10_320 });
    expect(parseScenario(scenario)).toEqual(scenario);
  });

  it.each([
    [
      { peers: { leecher: { cuont: 1, has: 'all' } } },
      [`unknown key 'cuont', did you mean 'count'?`],
    ],
    [withGroup({ count: 0 }), ['at least 1']],
    [withGroup({ count: 1e9 }), ['at most 65535']],
    [withGroup({ count: 1.5 }), ['expected a whole number from 1 to 65535']],
    [withGroup({ has: 'evrything' }), [`'evrything' is none of these`]],
    [withGroup({ has: { share: 2 } }), ['at most 1']],
    [withGroup({ joins: 'at-one' }), [`did you mean 'at-once'?`]],
    [withGroup({ joins: { witin: '1s' } }), [`unknown key 'witin', did you mean 'within'?`]],
    [withGroup({ joins: { within: '10 parsecs' } }), ['"10 parsecs" is not a length of time']],
    [withGroup({ link: { up: 0 } }), ['at least 37 bytes/s']],
    [withGroup({ link: { delay: '60d' } }), ['at most 2592000000 ms']],
    [withGroup({ link: { loss: 1 } }), ['below 1']],
    [withGroup({ link: { loss: -0.1 } }), ['at least 0']],
    [withGroup({ link: { jiter: '1ms' } }), [`did you mean 'jitter'?`]],
    [withGroup({ nat: 'yes' }), ['expected boolean']],
    [withGroup({ clock: { skew: '2d' } }), ['at most 86400000 ms']],
    [withGroup({ clock: { drift: 0.5 } }), ['expected a whole number from 0 to 100000']],
    [withGroup({ disk: { rate: 'fast' } }), ['"fast" is not a rate']],
    [{ tracker: { loss: 2 } }, ['below 1']],
    [withGroup({ options: { uploadSlot: 4 } }), [`did you mean 'uploadSlots'?`]],
    [withGroup({ options: { rechokeEvery: 'often' } }), ['"often" is not a length of time']],
    [{ content: { bytes: '2TB' } }, ['not a size']],
    [{ content: { bytes: 2 ** 41 } }, ['at most 1099511627776 bytes']],
    [{ content: { bytes: 1, pieceBytes: 1_000 } }, ['at least 16384 bytes']],
    [{ content: { file: '../secret' } }, ['may not leave its folder']],
    [{ content: [] }, ['at least one']],
    [{ peers: {} }, ['at least one group of peers']],
    [{ peers: { Leecher: { count: 1, has: 'all' } } }, ['a role is written like']],
    [{ name: 'My scenario' }, [`a name is written like 'flash-crowd'`]],
    [{ tracker: { interval: '10ms' } }, ['at least 1000 ms']],
    [{ tracker: { interval: '10s', expireAfter: '5s' } }, ['peers would expire (5000 ms) before']],
    [{ sampleEvery: 1 }, ['at least 10 ms']],
    [{ timeline: [{ at: '1s', crsh: 'leecher' }] }, [`unknown key 'crsh', did you mean 'crash'?`]],
    [
      { timeline: [{ at: '1s', crash: 'leacher' }] },
      [`no such role: 'leacher', did you mean 'leecher'?`],
    ],
    [{ timeline: [{ at: '1s', crash: 'leecher-7' }] }, ['leecher has 2 members (from 0)']],
    [{ timeline: [{ crash: 'leecher' }] }, [`say when: 'at' a time, or 'when' a condition`]],
    [{ timeline: [{ at: 1, when: 'leecher left', crash: 'leecher' }] }, ['not both']],
    [{ timeline: [{ when: 'leechers att 50 %', crash: 'leecher' }] }, [`did you mean 'at'?`]],
    [{ timeline: [{ at: '1s', cut: ['leecher'] }] }, ['expected two sides']],
    [
      { timeline: [{ at: '1s', cut: ['seeder', 'leecher'], onWay: true }] },
      [`unknown key 'onWay', did you mean 'oneWay'?`],
    ],
    [{ timeline: [{ at: '1s', 'power-cutt': 'seeder' }] }, [`did you mean 'power-cut'?`]],
    [{ timeline: [{ at: '1s', move: 'sender' }] }, [`did you mean 'seeder'?`]],
    [{ timeline: [{ at: '1s' }] }, ['expected one of join, leave, crash']],
    [{ timeline: [{ at: '9s', crash: 'leecher' }], faultsUntil: '5s' }, ['faults end at 5000 ms']],
    [{ lasts: '3s' }, ['need 40000 ms']],
    [
      { record: 'lean', expect: [{ becomesSeeder: 'leechers' }] },
      [`a lean record does not tell whether 'becomesSeeder' holds`],
    ],
    [{ record: 'thin' }, [`'thin' is none of these`]],
    [{ expect: [] }, ['a scenario that expects nothing cannot fail']],
    [{ expect: [{ everyoneComplete: 'leecher' }] }, [`did you mean 'everyoneCompletes'?`]],
    [{ expect: [{ everyoneCompletes: 'leachers' }] }, [`no such role: 'leachers'`]],
    [{ expect: [{ bytesFromEach: 'seeder', to: 'leecher' }] }, [`'share' is missing`]],
    [{ expect: [{ everyoneCompletes: 'leecher', withn: '1s' }] }, [`did you mean 'within'?`]],
    [{ expect: [{ pausesBecause: 'disc-full', of: 'leecher' }] }, [`did you mean 'disk-full'?`]],
    [withGroup({ contents: [1] }), ['there is no content 1']],
    [withGroup({ wants: ['b.txt'] }), [`no content has a file 'b.txt'`]],
    [withGroup({ has: ['all', 'nothing'] }), ['2 entries for 1 contents']],
    [{ story: undefined }, [`'story' is missing, expected one sentence`]],
    [{ faultUntil: 1 }, [`unknown key 'faultUntil', did you mean 'faultsUntil'?`]],
  ])('refuses %j and says why', (change, expected) => {
    const found = mistakes({ ...small, ...change });
    for (const what of expected) expect(found.join('\n')).toContain(what);
    expect(found).not.toEqual([]);
  });

  it.each(['shared', 'process', 'threads', { threads: 4 }] as const)(
    'lets peers live in %j',
    (isolation) => {
      expect(parseScenario({ ...small, isolation }).isolation).toEqual(isolation);
    },
  );

  it('knows no other places for peers to live', () => {
    for (const isolation of ['thread', { threads: 0 }, { threads: 1.5 }, { processes: 2 }, {}])
      expect(mistakes({ ...small, isolation })).not.toEqual([]);
  });

  it('tells every mistake, not the first alone', () => {
    expect(mistakes({ ...small, sampleEvery: 1, isolation: 'none', story: '' }).length).toBe(3);
  });

  it.each([undefined, null, 1, 'text', [], { peers: 1 }, { peers: { a: null } }])(
    'refuses %j with an error of its own kind',
    (input) => {
      expect(() => parseScenario(input)).toThrow(ScenarioError);
    },
  );

  it('refuses misspelt roles at compile time', () => {
    const scenario = defineScenario({
      name: 'typed',
      story: 'Roles are inferred from peers.',
      content: { bytes: 1 },
      peers: { seed: { count: 1, has: 'all' }, leech: { count: 2, has: 'nothing' } },
      timeline: [
        { at: '1s', crash: 'any leech' },
        // @ts-expect-error: there is no role of that name.
        { at: '2s', crash: 'leach' },
      ],
      // @ts-expect-error: there is no role of that name.
      expect: [{ everyoneCompletes: 'leach' }, { nobodyCompletes: 'leech-1' }],
    });
    expectTypeOf(scenario).toEqualTypeOf<ScenarioInput<'seed' | 'leech'>>();
    expect(mistakes(scenario)).toHaveLength(2);
  });

  it('has a JSON Schema for editors', () => {
    const schema = scenarioJsonSchema() as { properties: Record<string, unknown> };
    expect(Object.keys(schema.properties)).toContain('timeline');
    expect(JSON.stringify(schema)).toContain('tracker-forget');
    expect(schema).toMatchObject({
      additionalProperties: false,
      required: ['name', 'story', 'content', 'peers', 'expect'],
    });
  });
});

const small = {
  name: 'small',
  story: 'One seeder, two leechers.',
  content: { bytes: '1MiB' },
  peers: {
    seeder: { count: 1, has: 'all' },
    leecher: { count: 2, has: 'nothing', joins: { within: '2s' }, link: { up: '1MB/s' } },
  },
  timeline: [{ at: '10s', crash: 'any leecher' }],
  expect: [{ everyoneCompletes: 'leechers', within: '20s' }],
};

function withGroup(change: object): object {
  return { peers: { ...small.peers, leecher: { ...small.peers.leecher, ...change } } };
}

function mistakes(input: unknown): readonly string[] {
  const whole =
    typeof input === 'object' && input !== null && 'name' in input
      ? input
      : { ...small, ...(input as object) };
  try {
    parseScenario(whole);
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.mistakes.map(({ what }) => what);
  }
}
