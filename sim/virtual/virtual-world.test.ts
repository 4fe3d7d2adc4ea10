import { expect, it } from 'vitest';
import { machineTools } from '../loopback/tools.ts';
import type { RunRecord } from '../record.ts';
import { run } from '../run.ts';
import type { ScenarioInput } from '../scenario.ts';
import { parseScenario } from '../schema.ts';
import type { Fidelity } from './fidelity.ts';
import { virtualWorld } from './virtual-world.ts';

const tools = machineTools();

it('takes as long as the links do: a piece of news needs a round trip, a file its bytes', async () => {
  const record = await played({
    ...one('seeder', 'leecher'),
    content: { bytes: '1MB', pieceBytes: '64KiB' },
    peers: {
      seeder: { count: 1, has: 'all', link: { up: '100kB/s', delay: '50ms' } },
      leecher: { count: 1, has: 'nothing', link: { delay: '50ms' } },
    },
  });
  const ms = completedAt(record, 'leecher-0');
  // 10 s of bytes and 0.1 % of headers, and some round trips of 100 ms before the first of them.
  expect(ms).toBeGreaterThan(10_000);
  expect(ms).toBeLessThan(10_800);
});

it('is slowed down by loss and jitter, and nothing is missing in the end', async () => {
  const link = { up: '200kB/s', delay: '30ms' };
  const withLink = (more: object): Promise<RunRecord> =>
    played({
      ...one('seeder', 'leecher'),
      content: { bytes: '1MB', pieceBytes: '64KiB' },
      peers: {
        seeder: { count: 1, has: 'all', link: { ...link, ...more } },
        leecher: { count: 1, has: 'nothing', link },
      },
    });
  const clean = completedAt(await withLink({}), 'leecher-0');
  const poor = completedAt(await withLink({ loss: 0.02, jitter: '40ms' }), 'leecher-0');
  expect(poor).toBeGreaterThan(clean);
});

it('does what waits for another deed in the moment that is done', async () => {
  const { actions } = await played({
    ...one('seeder', 'leecher'),
    timeline: [
      { at: '2s', leave: 'leecher-0' },
      { at: '2s', restart: 'leecher-0' },
      { at: '2s', crash: 'leecher-0' },
      { at: '15s', restart: 'leecher-0' },
    ],
    sampleEvery: '10s',
  });
  const [leave, restart, crash] = actions.filter(({ cause }) => cause === 'timeline');
  expect(leave?.at).toBe(2_000);
  expect(leave?.doneAt).toBeGreaterThan(2_000);
  // As soon as the tracker has heard of it.
  expect(leave?.doneAt).toBeLessThan(2_100);
  expect(restart?.at).toBe(leave?.doneAt);
  expect(crash?.at).toBe(leave?.doneAt);
});

it('restarts nobody who never joined, who then joins as planned', async () => {
  const { actions } = await played(
    {
      ...one('seeder', 'leecher'),
      peers: {
        seeder: { count: 1, has: 'all' },
        leecher: { count: 1, has: 'nothing', joins: { at: '3s' } },
      },
      timeline: [{ at: '1s', restart: 'leecher-0' }],
    },
    { mayFail: true },
  );
  const errors = actions.map(({ action, error }) => [action.type, error]);
  expect(errors).toContainEqual(['restart', 'leecher-0 never joined']);
  expect(errors.filter(([type]) => type === 'join')).toEqual([
    ['join', undefined],
    ['join', undefined],
  ]);
});

it('knows both places of a peer that moved before anybody had looked at it', async () => {
  const { peers } = await played({
    ...one('seeder', 'leecher'),
    timeline: [{ at: '20ms', move: 'leecher-0' }],
    sampleEvery: '5s',
  });
  const { address, movedFrom = [] } = peers.find(({ name }) => name === 'leecher-0') ?? {};
  expect(movedFrom).toHaveLength(1);
  expect(address?.ip).not.toBe(movedFrom[0]?.ip);
});

it('lets nobody call a peer behind a NAT, which gets everything by calling others', async () => {
  const record = await played({
    ...one('seeder', 'leecher'),
    peers: {
      seeder: { count: 1, has: 'all', link: { up: '1MB/s' } },
      leecher: { count: 4, has: 'nothing', link: { up: '200kB/s' }, nat: true },
    },
  });
  const calls = record.events.filter((event) => event.type === 'connected' && event.outgoing);
  const spec = new Map(record.header.plan.peers.map((peer) => [peer.peerId, peer]));
  const called = calls.map((event) =>
    'peerId' in event && event.peerId ? spec.get(event.peerId)?.role : '',
  );
  expect(calls.length).toBeGreaterThan(0);
  expect(new Set(called)).toEqual(new Set(['seeder']));
});

it('leaves two peers who are both behind NATs without each other, and says that they could not finish', async () => {
  const record = await played(
    {
      ...one('seeder', 'leecher'),
      peers: {
        seeder: { count: 1, has: 'all', nat: true },
        leecher: { count: 1, has: 'nothing', nat: true },
      },
      settleWithin: '1min',
      lasts: '3min',
    },
    { mayFail: true },
  );
  expect(completedAt(record, 'leecher-0')).toBeNaN();
});

it('cuts one way: requests get through and blocks do not, until the cut is healed', async () => {
  const record = await played({
    ...one('seeder', 'leecher'),
    content: { bytes: '1MB', pieceBytes: '64KiB' },
    peers: {
      seeder: { count: 1, has: 'all', link: { up: '500kB/s' } },
      leecher: { count: 1, has: 'nothing' },
    },
    timeline: [
      { at: '500ms', cut: ['seeders', 'leechers'], oneWay: true },
      { at: '5s', heal: 'all' },
    ],
  });
  const verified = record.events.filter((event) => event.type === 'piece-verified');
  const during = verified.filter(({ at }) => at > 600 && at < 5_000);
  expect(during).toEqual([]);
  expect(completedAt(record, 'leecher-0')).toBeGreaterThan(6_000);
});

it('loses with the power what was not synced, and the peer fetches it again', async () => {
  const scenario = (deed: object): ScenarioInput => ({
    ...one('seeder', 'leecher'),
    content: { bytes: '2MB', pieceBytes: '64KiB' },
    peers: {
      seeder: { count: 1, has: 'all', link: { up: '200kB/s' } },
      leecher: { count: 1, has: 'nothing' },
    },
    timeline: [
      { when: 'leechers at 50 %', ...deed } as never,
      { when: 'leechers at 50 %', after: '2s', restart: 'leecher-0' },
    ],
    faultsUntil: '15s',
  });
  const reopened = async (deed: object): Promise<number> => {
    const record = await played(scenario(deed));
    const opened = record.events.filter(
      (event) => event.type === 'opened' && event.peer === 'leecher-0',
    );
    const last = opened.at(-1);
    return last?.type === 'opened' ? last.piecesHave : 0;
  };
  const afterCrash = await reopened({ crash: 'leecher-0' });
  const afterCut = await reopened({ 'power-cut': 'leecher-0' });
  expect(afterCrash).toBeGreaterThanOrEqual(15);
  // Five seconds of 200 kB/s are 15 pieces of 64 KiB.
  expect(afterCut).toBeLessThan(afterCrash);
  expect(afterCut).toBeGreaterThanOrEqual(afterCrash - 17);
});

it('lets a peer move to another address and go on from there', async () => {
  const record = await played({
    ...one('seeder', 'leecher'),
    content: { bytes: '1MB', pieceBytes: '64KiB' },
    peers: {
      seeder: { count: 1, has: 'all', link: { up: '100kB/s' } },
      leecher: { count: 1, has: 'nothing', options: { silenceLimit: '5s', keepAliveEvery: '2s' } },
    },
    timeline: [{ at: '3s', move: 'leecher-0' }],
    settleWithin: '90s',
  });
  const { address } = record.peers.find(({ name }) => name === 'leecher-0') ?? {};
  expect(address?.ip).toMatch(/^11[.]/);
  expect(completedAt(record, 'leecher-0')).toBeGreaterThan(10_000);
});

it('answers with an I/O error while a disk is broken, and the peer waits and goes on', async () => {
  const record = await played({
    ...one('seeder', 'leecher'),
    content: { bytes: '1MB', pieceBytes: '64KiB' },
    peers: {
      seeder: { count: 1, has: 'all', link: { up: '200kB/s' } },
      leecher: { count: 1, has: 'nothing' },
    },
    timeline: [
      { at: '1s', 'disk-error': 'leecher-0' },
      { at: '4s', 'disk-heal': 'leecher-0' },
    ],
  });
  const paused = record.events.find((event) => event.type === 'paused');
  expect(paused).toMatchObject({ peer: 'leecher-0', reason: { code: 'io' } });
});

it('waits for slow disks, slow trackers and clocks that are wrong', async () => {
  const record = await played({
    ...one('seeder', 'leecher'),
    peers: {
      seeder: { count: 1, has: 'all', clock: { skew: '1h', drift: 1_000 } },
      leecher: {
        count: 3,
        has: 'nothing',
        clock: { skew: '1h', drift: 1_000 },
        disk: { rate: '100kB/s', seek: '10ms' },
      },
    },
    tracker: { delay: '300ms', loss: 0.2, announceWithin: '15s' },
    settleWithin: '60s',
  });
  // 256 KiB at 100 kB/s.
  expect(completedAt(record, 'leecher-0')).toBeGreaterThan(2_600);
});

it('freezes a peer in the middle of everything, and it goes on where it was', async () => {
  const record = await played({
    ...one('seeder', 'leecher'),
    content: { bytes: '1MB', pieceBytes: '64KiB' },
    peers: {
      seeder: { count: 1, has: 'all', link: { up: '200kB/s' } },
      leecher: { count: 2, has: 'nothing', link: { up: '200kB/s' } },
    },
    timeline: [
      { at: '1s', freeze: 'leecher-0' },
      { at: '3s', thaw: 'leecher-0' },
    ],
  });
  const silent = record.events.filter(
    ({ peer, at }) => peer === 'leecher-0' && at > 1_000 && at < 3_000,
  );
  expect(silent).toEqual([]);
});

it('says what it is: its fidelity, and how many events it took', async () => {
  const record = await played(one('seeder', 'leecher'), { fidelity: 'elided' });
  expect(record.end.simulated?.fidelity).toBe('elided');
  expect(record.end.simulated?.events).toBeGreaterThan(50);
  expect(record.header.environment).toMatchObject({ fidelity: 'elided', backend: 'virtual time' });
});

it('ends when it is told to, in the middle of a run, and closes all the same', async () => {
  const stop = new AbortController();
  const record = await run(
    parseScenario({
      ...one('seeder', 'leecher'),
      content: { bytes: '8MB' },
      peers: {
        seeder: { count: 1, has: 'all', link: { up: '10kB/s' } },
        leecher: { count: 1, has: 'nothing' },
      },
    }),
    virtualWorld({ fidelity: 'elided', tools }),
    {
      seed: 1,
      signal: stop.signal,
      onProgress: ({ seen }) => {
        if (seen.at > 2_000) stop.abort();
      },
    },
  );
  expect(record.end.interrupted).toBe(true);
  expect(record.end.at).toBeLessThan(3_000);
  expect(record.checks.find(({ name }) => name === 'cleanliness')?.held).toBe(true);
});

/** A seeder and a leecher with a small file, and the least that can be expected. */
function one(seeder: string, leecher: string): ScenarioInput {
  return {
    name: 'small',
    story: 'Somebody gets a small file.',
    content: { bytes: '256KiB', pieceBytes: '32KiB' },
    peers: { [seeder]: { count: 1, has: 'all' }, [leecher]: { count: 1, has: 'nothing' } },
    expect: [{ everyoneCompletes: `${leecher}s` }],
  };
}

async function played(
  input: ScenarioInput,
  { mayFail = false, fidelity = 'byte-exact' }: { mayFail?: boolean; fidelity?: Fidelity } = {},
): Promise<RunRecord> {
  const world = virtualWorld({ fidelity, tools });
  const { signal } = new AbortController();
  const record = await run(parseScenario(input), world, { seed: 1, signal });
  const broken = record.checks.filter(({ held }) => !held);
  if (!mayFail) expect(broken).toEqual([]);
  return record;
}

const completedAt = (record: RunRecord, peer: string): number =>
  record.events.find((event) => event.type === 'completed' && event.peer === peer)?.at ?? NaN;
