/** One story with churn and a crash, wherever its peers live: whoever reads the record finds no difference. */
import { expect, it } from 'vitest';
import type { RunRecord } from '../record.ts';
import { run } from '../run.ts';
import type { Isolation, RecordMode } from '../scenario.ts';
import { parseScenario } from '../schema.ts';
import { loopbackWorld } from './loopback-world.ts';

const quick = {
  announceEvery: '300ms',
  rechokeEvery: '300ms',
  requestLimit: '2s',
  redialAfter: '300ms',
  farewellLimit: '1s',
} as const;

it('leaves the same record of peers in threads as of peers in one', async () => {
  const shared = await played('shared', 'full');
  const threads = await played({ threads: 2 }, 'full');
  expect(threads.header.environment['peers']).toBe('2 threads');
  expect(formOf(threads)).toEqual(formOf(shared));
  expect(threads.leaks).toEqual([]);
});

it('counts claims where they are made when the record is lean', async () => {
  const { checks, end, events } = await played({ threads: 2 }, 'lean');
  expect(checks.filter(({ held }) => !held)).toEqual([]);
  expect(events.map(({ type }) => type)).not.toContain('served');
  // Each of the five announces each piece that it gets, once in one of its lives.
  const pieces = events.filter(({ type }) => type === 'piece-verified').length;
  expect(pieces).toBeGreaterThanOrEqual(5 * 32);
  expect(end.claims?.checked).toBeGreaterThanOrEqual(pieces);
  expect(end.claims?.broken).toEqual([]);
});

/** What is the same however the kernel times it. */
function formOf({ header, checks, peers, actions, events, files, ...rest }: RunRecord): unknown {
  const { isolation: _, ...planned } = header.plan;
  return {
    planned,
    checks: checks.map(({ name, held }) => [name, held]),
    peers: peers.map(({ name, role, peerId }) => [name, role, peerId]),
    actions: new Set(actions.map(({ action, error }) => JSON.stringify([action, error]))),
    completions: new Set(events.flatMap(({ type, peer }) => (type === 'completed' ? [peer] : []))),
    facts: Object.fromEntries(
      ['opened', 'connected', 'unchoked', 'served', 'piece-verified', 'announced', 'stopped'].map(
        (wanted) => [wanted, keysOf(events.find(({ type }) => type === wanted))],
      ),
    ),
    files: new Set(
      files.map(({ peer, path, isPartial, sha256 }) => [peer, path, isPartial, sha256].join()),
    ),
    rows: Object.entries(rest).map(([name, rows]) => [
      name,
      Array.isArray(rows) ? keysOf(rows[0]) : keysOf(rows),
    ]),
  };
}

const keysOf = (row: unknown): readonly string[] => Object.keys(row ?? {}).sort();

async function played(isolation: Isolation, record: RecordMode): Promise<RunRecord> {
  const scenario = parseScenario({
    name: 'isolation',
    story: 'Leechers come and go, one crashes and comes back.',
    content: { bytes: '1MiB', pieceBytes: '32KiB' },
    isolation,
    record,
    peers: {
      seeder: { count: 1, has: 'all', link: { up: '1500kB/s' }, options: quick },
      passer: {
        count: 3,
        has: 'nothing',
        joins: { within: '500ms' },
        stays: { linger: '200ms' },
        options: quick,
      },
      leecher: { count: 2, has: 'nothing', options: quick },
    },
    tracker: { interval: '1s' },
    timeline: [
      { when: 'leecher-0 at 30 %', crash: 'leecher-0' },
      { when: 'leecher-0 at 30 %', after: '500ms', restart: 'leecher-0', resume: 'check' },
    ],
    sampleEvery: '100ms',
    expect: [{ everyoneCompletes: 'leechers' }, { everyoneCompletes: 'passers' }],
  });
  await using world = loopbackWorld();
  const signal = new AbortController().signal;
  const told = await run(scenario, world, { seed: 3, signal });
  expect(told.checks.filter(({ held }) => !held)).toEqual([]);
  return told;
}
