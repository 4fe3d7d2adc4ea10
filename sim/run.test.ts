import { describe, expect, it } from 'vitest';
import { run } from './run.ts';
import type { ScenarioInput } from './scenario.ts';
import { parseScenario } from './schema.ts';
import { FakeWorld } from './testing/fake-world.ts';
import { broken, calm, recordOf, unstopped } from './testing/records.ts';
import type { Action, Observation, StopSignal } from './world.ts';

describe('a run', () => {
  it('plays a calm swarm to its end, judges it and ends early', async () => {
    const record = await recordOf(calm);
    expect(broken(record)).toEqual([]);
    expect(record.end).toMatchObject({ verdict: 'passed', interrupted: false });
    expect(record.end.at).toBeLessThan(1_000);
    expect(record.end.simulated).toEqual({ fidelity: 'elided', events: record.end.at / 50 });
    expect(record.checks.map(({ name }) => name)).toEqual([
      'integrity',
      "tracker's word",
      'accounting',
      'liveness',
      'bound',
      'cleanliness',
      'timeline',
      'everyoneCompletes leechers',
    ]);
  });

  it('gives the same record for the same seed', async () => {
    expect(await recordOf(calm, 7)).toEqual(await recordOf(calm, 7));
  });

  it('plays a step when its condition has come true, and waits when told to', async () => {
    const record = await recordOf({
      ...calm,
      timeline: [{ when: 'leechers at 50 %', after: 80, crash: 'seeder-1' }],
    });
    const crash = record.actions.find(({ action }) => action.type === 'crash');
    const half = record.samples.find(
      ({ peer, piecesHave }) => peer === 'leecher-1' && piecesHave >= 4,
    );
    expect(crash?.at).toBe((half?.at ?? 0) + 80);
    expect(broken(record)).toEqual([]);
  });

  it('waits until the tracker has dropped who crashed', async () => {
    const record = await recordOf({
      ...calm,
      timeline: [{ at: 200, crash: 'seeder-1' }],
      expect: [{ leavesList: 'seeder-1' }],
    });
    expect(broken(record)).toEqual([]);
    expect(record.end.at).toBeGreaterThanOrEqual(200 + 5_000);
  });

  it('heals at faultsUntil what the timeline left broken', async () => {
    const record = await recordOf({
      ...calm,
      timeline: [
        { at: 110, cut: ['seeders', 'leechers'] },
        { at: 120, freeze: 'leecher-0' },
        { at: 125, 'disk-error': 'leecher-1' },
        { at: 126, 'disk-full': 'leecher-1' },
        { at: 127, freeze: 'seeder-1' },
        { at: 128, 'power-cut': 'seeder-1' },
        { at: 130, 'tracker-stop': true },
      ],
      faultsUntil: 2_000,
    });
    const healing = record.actions.filter(({ cause }) => cause === 'healing');
    expect(healing.map(({ at, action }) => [at, action.type])).toEqual([
      [2_000, 'heal'],
      [2_000, 'thaw'],
      [2_000, 'disk-heal'],
      [2_000, 'tracker-restart'],
    ]);
    expect(broken(record)).toEqual([]);
  });

  it('knows where a peer was before it moved', async () => {
    const record = await recordOf({ ...calm, timeline: [{ at: 200, move: 'seeder-1' }] });
    const { address, movedFrom } = record.peers.find(({ name }) => name === 'seeder-1') ?? {};
    expect(movedFrom).toEqual([{ ip: '127.90.0.2', port: 6_881 }]);
    expect(address).toEqual({ ip: '127.90.0.2', port: 6_882 });
    expect(record.peers[0]).not.toHaveProperty('movedFrom');
    expect(broken(record)).toEqual([]);
  });

  it('does not end on a look at the swarm that is older than its last joining', async () => {
    const world = new LateNewsWorld();
    const record = await run(parseScenario(calm), world, { seed: 1, signal: unstopped });
    expect(broken(record)).toEqual([]);
    expect(record.samples.some(({ peer }) => peer.startsWith('leecher'))).toBe(true);
  });

  it('does not end while something is broken', async () => {
    const record = await recordOf({
      ...calm,
      timeline: [{ at: 50, freeze: 'seeder-1' }],
      faultsUntil: 2_000,
    });
    expect(record.actions.at(-1)).toMatchObject({ at: 2_000, action: { type: 'thaw' } });
    expect(record.end.at).toBe(2_000);
  });

  it('makes those leave who stay until they are complete', async () => {
    const record = await recordOf({
      ...calm,
      peers: { ...calm.peers, leecher: { count: 2, has: 'nothing', stays: { linger: 300 } } },
      expect: [{ leavesList: 'leechers', within: 0 }],
    });
    const left = record.actions.filter(({ action }) => action.type === 'leave');
    expect(left.map(({ cause }) => cause)).toEqual(['group', 'group']);
    expect(broken(record)).toEqual([]);
  });

  it('makes them leave at the moment they complete, however seldom it looks', async () => {
    const leecher = {
      count: 2,
      has: 'nothing',
      joins: { at: 100 },
      stays: 'until-complete',
    } as const;
    const record = await recordOf({
      ...calm,
      peers: { ...calm.peers, leecher },
      sampleEvery: '2s',
    });
    const left = record.actions.filter(({ action }) => action.type === 'leave');
    expect(left.map(({ at }) => at)).toEqual([500, 500]);
    expect(broken(record)).toEqual([]);
  });

  it('gives up when nobody can finish, and says what is missing', async () => {
    const record = await recordOf({ ...stuck, settleWithin: 3_000 });
    expect(broken(record)).toEqual([]);
    expect(record.end.at).toBe(3_000);
    expect(record.checks.find(({ name }) => name === 'liveness')?.detail).toContain(
      'nobody holds 2 pieces (3, 5)',
    );
  });

  it('fails when a step never came to be played', async () => {
    const record = await recordOf({
      ...calm,
      timeline: [{ when: 'leecher-0 sent 1GiB', crash: 'seeder-0' }],
      faultsUntil: 1_000,
    });
    expect(broken(record)).toMatchObject([{ name: 'timeline' }]);
    expect(record.end).toMatchObject({ at: 1_100, verdict: 'failed' });
  });

  it('fails when the world could not do what it was told', async () => {
    const record = await recordOf({ ...calm, timeline: [{ at: 50, freeze: 'leecher-0' }] });
    expect(broken(record)).toMatchObject([
      { name: 'timeline', detail: expect.stringContaining('leecher-0 has not joined') as string },
    ]);
  });

  it('refuses before the start what the world cannot do', async () => {
    const world = new FakeWorld(['freeze']);
    const scenario = parseScenario({ ...calm, timeline: [{ at: 500, freeze: 'leecher-0' }] });
    const record = await run(scenario, world, { seed: 1, signal: unstopped });
    expect(record.end.verdict).toBe('unsupported');
    expect(record.checks).toMatchObject([
      { held: false, detail: 'the virtual world cannot freeze a peer' },
    ]);
    expect(world.performed).toEqual([]);
  });

  it('closes and judges an interrupted run like any other', async () => {
    const signal: { aborted: boolean } & StopSignal = { ...unstopped, aborted: false };
    const record = await run(parseScenario(calm), new FakeWorld(), {
      seed: 1,
      signal,
      onProgress: ({ seen }) => void (signal.aborted = seen.at >= 200),
    });
    expect(record.end).toMatchObject({ interrupted: true, verdict: 'failed' });
    expect(broken(record).map(({ name }) => name)).toEqual(['everyoneCompletes leechers']);
    expect(record.files.length).toBeGreaterThan(0);
  });

  it('does not begin an action for a peer before the last one for it is done', async () => {
    const world = new SlowWorld();
    const scenario = parseScenario({
      ...calm,
      timeline: [
        { at: 150, leave: 'leecher-0' },
        { at: 160, restart: 'leecher-0' },
      ],
    });
    const record = await run(scenario, world, { seed: 1, signal: unstopped });
    const on = record.actions.filter(
      ({ action }) => 'peer' in action && action.peer === 'leecher-0',
    );
    expect(on.map(({ action }) => action.type)).toEqual(['join', 'leave', 'restart']);
    expect(world.mostAtOnce).toBe(1);
    expect(broken(record)).toEqual([]);
  });
});

const stuck: ScenarioInput<'leecher'> = {
  name: 'stuck',
  story: 'Two leechers lack the same two pieces.',
  content: calm.content,
  peers: { leecher: { count: 2, has: { allBut: [3, 5] } } },
  expect: [{ nobodyCompletes: 'leechers' }, { swarmMisses: [3, 5] }],
};

/** Takes a few turns of the event loop for what `leecher-0` is told, and counts how much of it goes on at once. */
class SlowWorld extends FakeWorld {
  mostAtOnce = 0;
  #atOnce = 0;

  override perform(action: Action): Promise<void> | void {
    if (!('peer' in action) || action.peer !== 'leecher-0') return super.perform(action);
    return this.#slowly(action);
  }

  async #slowly(action: Action): Promise<void> {
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    await super.perform(action);
    await turns(50);
    this.#atOnce -= 1;
  }
}

/** Leechers take a while to join, and what was seen takes longer to be told: by then it is old. */
class LateNewsWorld extends FakeWorld {
  override async perform(action: Action): Promise<void> {
    if ('peer' in action && action.peer.startsWith('leecher')) await turns(20);
    await super.perform(action);
  }

  override async observe(): Promise<Observation> {
    const seen = await super.observe();
    await turns(50);
    return seen;
  }
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await Promise.resolve();
}
