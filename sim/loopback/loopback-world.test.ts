import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Duration, type Instant, after, millis, start } from '../../core/time.ts';
import { temporaryDirectory } from '../../core/net/testing/temporary-directory.ts';
import { plan } from '../plan.ts';
import type { RunRecord } from '../record.ts';
import { run } from '../run.ts';
import type { Isolation, PeerGroupInput, Scenario, ScenarioInput } from '../scenario.ts';
import { parseScenario } from '../schema.ts';
import type { Observation, World } from '../world.ts';
import { loopbackWorld } from './loopback-world.ts';
import { childrenOf, ends } from './testing/processes.ts';

const never = new AbortController().signal;
const quick = { announceEvery: '300ms', rechokeEvery: '300ms', farewellLimit: '1s' } as const;

describe('the loopback world', () => {
  it.each(['shared', 'process', 'threads'] as const)(
    'leaves nothing of a run that is broken off (%s)',
    async (isolation) => {
      await using dir = await temporaryDirectory();
      const before = await childrenOf(process.pid);
      const world = await begun(small({ isolation }), dir.path);
      await Promise.all([
        world.perform({ type: 'join', peer: 'seeder-0' }),
        world.perform({ type: 'join', peer: 'leecher-0' }),
      ]);
      const late = Promise.resolve(world.perform({ type: 'join', peer: 'leecher-1' }));
      const isRefused = late.then(
        () => false,
        () => true,
      );
      const addresses = addressesIn(await world.observe());
      await world[Symbol.asyncDispose]();
      await isRefused;
      expect(addresses.length).toBeGreaterThan(1);
      expect(await readdir(dir.path)).toEqual([]);
      for (const pid of await childrenOf(process.pid))
        expect(before.includes(pid) || (await ends(pid, 5_000))).toBe(true);
      await world[Symbol.asyncDispose]();
    },
  );

  it('refuses what cannot be done, and goes on', async () => {
    await using dir = await temporaryDirectory();
    await using world = await begun(small(), dir.path);
    await expect(world.perform({ type: 'leave', peer: 'leecher-0' })).rejects.toThrow('not up');
    await expect(world.perform({ type: 'crash', peer: 'leecher-0' })).rejects.toThrow('not up');
    const early = { type: 'restart', peer: 'leecher-0', resume: 'trust' } as const;
    await expect(world.perform(early)).rejects.toThrow('leecher-0 never joined');
    await expect(world.perform({ type: 'freeze', peer: 'ghost-0' })).rejects.toThrow('ghost-0');
    await world.perform({ type: 'join', peer: 'seeder-0' });
    await expect(world.perform({ type: 'join', peer: 'seeder-0' })).rejects.toThrow('up already');
    await world.perform({ type: 'tracker-stop' });
    await expect(world.perform({ type: 'tracker-forget' })).rejects.toThrow('down');
    await world.perform({ type: 'tracker-restart' });
    const { peers, tracker } = await world.observe();
    expect(peers.get('seeder-0')?.isUp).toBe(true);
    expect(tracker?.failure).toBeUndefined();
  });

  it('says that the tracker did not answer while it is down', async () => {
    await using dir = await temporaryDirectory();
    await using world = await begun(small(), dir.path);
    await world.perform({ type: 'tracker-stop' });
    expect((await world.observe()).tracker?.failure).toContain('nobody listens');
  });

  it('gives a restarted peer its address, its id and its data again, or nothing when it is to begin anew', async () => {
    await using dir = await temporaryDirectory();
    await using world = await begun(small(), dir.path);
    await world.perform({ type: 'join', peer: 'seeder-0' });
    await world.perform({ type: 'join', peer: 'leecher-0' });
    const first = await until(world, (seen) => seen.peers.get('leecher-0')?.isComplete === true);
    await world.perform({ type: 'crash', peer: 'leecher-0' });
    const gone = (await world.observe()).peers.get('leecher-0');
    expect(gone).toMatchObject({ isUp: false, isComplete: true, connections: 0 });
    await world.perform({ type: 'restart', peer: 'leecher-0', resume: 'check' });
    const back = (await world.observe()).peers.get('leecher-0');
    expect(back?.address).toEqual(first.peers.get('leecher-0')?.address);
    expect(back?.peerId).toBe(first.peers.get('leecher-0')?.peerId);
    expect(back).toMatchObject({ isComplete: true, bytesDown: gone?.bytesDown });
    await world.perform({ type: 'crash', peer: 'seeder-0' });
    await world.perform({ type: 'restart', peer: 'leecher-0', resume: 'none' });
    expect((await world.observe()).peers.get('leecher-0')?.piecesHave).toBe(0);
  });

  it('cuts, and heals what was cut', async () => {
    await using dir = await temporaryDirectory();
    await using world = await begun(small(), dir.path);
    const between = [['seeder-0'], ['leecher-0', 'leecher-1']] as const;
    await world.perform({ type: 'cut', between });
    for (const peer of ['seeder-0', 'leecher-0', 'leecher-1'])
      await world.perform({ type: 'join', peer });
    await wait(world, millis(800));
    const cut = await world.observe();
    expect(cut.peers.get('leecher-0')?.piecesHave).toBe(0);
    await world.perform({ type: 'heal' });
    await until(world, (seen) => seen.peers.get('leecher-0')?.isComplete === true);
  });

  it('says what it cannot do before the start, and names the world that could', async () => {
    await using world = loopbackWorld();
    const jittery = small({ link: { jitter: '5ms', loss: 0.1 } });
    const record = await run(jittery, world, { seed: 1, signal: never });
    expect(record.end.verdict).toBe('unsupported');
    expect(record.checks[0]?.detail).toBe(
      'the loopback world cannot delay packets unequally (jitter) or lose packets: try --world virtual',
    );
  });

  it('plays with one address for all where there are no others, but cannot cut then', async () => {
    await using dir = await temporaryDirectory();
    await using world = loopbackWorld({ tempDir: dir.path, addresses: 'shared' });
    expect(world.supports.has('cut')).toBe(false);
    const record = await run(small(), world, { seed: 1, signal: never });
    expect(failed(record)).toEqual([]);
    expect(record.peers.map(({ address }) => address?.ip)).toEqual(Array(3).fill('127.0.0.1'));
  });
});

describe('the end of a run', () => {
  it('is clean, and its record whole, when somebody asks for it early', async () => {
    await using dir = await temporaryDirectory();
    await using world = loopbackWorld({ tempDir: dir.path });
    const stop = new AbortController();
    const slow = small({ link: { up: '50kB/s' } });
    const record = await run(slow, world, {
      seed: 1,
      signal: stop.signal,
      onProgress: ({ seen }) => {
        if (seen.at > 700) stop.abort();
      },
    });
    expect(record.end.interrupted).toBe(true);
    expect(record.leaks).toEqual([]);
    expect(record.peers.every(({ address }) => address !== undefined)).toBe(true);
    expect(await readdir(dir.path)).toEqual([]);
  });

  it('names a file that a peer should have cleared away', async () => {
    await using dir = await temporaryDirectory();
    await using world = await begun(small(), dir.path);
    await world.perform({ type: 'join', peer: 'seeder-0' });
    const [own = ''] = await readdir(dir.path);
    await writeFile(join(dir.path, own, 'peers', 'seeder-0', 'state.tmp'), '');
    const { leaks } = await world.finish();
    expect(leaks).toEqual([
      { kind: 'temporary-file', what: expect.stringContaining('state.tmp') as string },
    ]);
  });

  it('names a peer whose process ended by itself', async () => {
    await using dir = await temporaryDirectory();
    const before = await childrenOf(process.pid);
    await using world = await begun(small({ isolation: 'process' }), dir.path);
    await world.perform({ type: 'join', peer: 'seeder-0' });
    const children = await childrenOf(process.pid);
    for (const pid of children) if (!before.includes(pid)) process.kill(pid, 'SIGKILL');
    await until(world, (seen) => seen.peers.get('seeder-0')?.isUp === false);
    const { leaks } = await world.finish();
    expect(leaks).toEqual([
      { kind: 'child', what: expect.stringContaining('seeder-0 ended by itself') as string },
    ]);
  });
});

type Changes = {
  readonly isolation?: Isolation;
  readonly link?: PeerGroupInput['link'];
};

/** One seeder and two leechers. */
function small({ isolation = 'shared', link = { up: '2MB/s' } }: Changes = {}): Scenario {
  const input: ScenarioInput = {
    name: 'small',
    story: 'Two peers download a little.',
    content: { bytes: '256KiB', pieceBytes: '16KiB' },
    isolation,
    peers: {
      seeder: { count: 1, has: 'all', link, options: quick },
      leecher: { count: 2, has: 'nothing', options: quick },
    },
    expect: [{ everyoneCompletes: 'leechers' }],
  };
  return parseScenario(input);
}

async function begun(scenario: Scenario, tempDir: string): Promise<World> {
  const world = loopbackWorld({ tempDir });
  await world.start(plan(scenario, 1), never);
  return world;
}

const wait = (world: World, time: Duration): Promise<void> =>
  world.advance(after(world.now, time), never);

async function until(
  world: World,
  isReached: (seen: Observation) => boolean,
): Promise<Observation> {
  const limit: Instant = after(start, millis(20_000));
  for (;;) {
    const seen = await world.observe();
    if (isReached(seen)) return seen;
    if (seen.at > limit) throw new Error('it did not come to that');
    await wait(world, millis(50));
  }
}

const addressesIn = ({ peers }: Observation): readonly string[] =>
  [...peers.values()].flatMap(({ address }) => address?.ip ?? []);

const failed = ({ checks }: RunRecord): readonly string[] =>
  checks.filter(({ held }) => !held).map(({ name, detail }) => `${name}: ${detail}`);
