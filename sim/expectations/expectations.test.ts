import { describe, expect, it } from 'vitest';
import { PieceIndex } from '../../core/torrent/ids.ts';
import type { Duration, Instant } from '../../core/time.ts';
import { Evidence } from '../evidence.ts';
import type { Expectation } from '../expectation.ts';
import type { PerformedAction, RunRecord } from '../record.ts';
import type { Action, RecordedEvent } from '../world.ts';
import { addressOf, factsOf, pieceLength } from '../testing/fake-world.ts';
import { calm, doctored, recordOf, withEvent } from '../testing/records.ts';
import { judgeExpectation } from './judge.ts';

// Leechers join at 100 ms and complete at 500 ms; everybody gives everybody something.
const good = await recordOf(calm);
const nobody = doctored(good, {
  actions: [],
  peers: [],
  samples: [],
  events: [],
  transfers: [],
  tracker: [],
});
const crashed = await recordOf({ ...calm, timeline: [{ at: 200, crash: 'seeder-1' }] });
const left = await recordOf({ ...calm, timeline: [{ at: 300, leave: 'seeder-1' }] });
const outage = await recordOf({
  ...calm,
  timeline: [
    { at: 250, 'tracker-stop': true },
    { at: 600, 'tracker-restart': true },
  ],
});
const frozen = await recordOf({
  ...calm,
  timeline: [
    { at: 250, freeze: 'seeder-0' },
    { at: 900, thaw: 'seeder-0' },
  ],
});
const resumed = await recordOf({
  ...calm,
  timeline: [
    { at: 300, crash: 'leecher-0' },
    { at: 700, restart: 'leecher-0' },
  ],
});
const stuck = await recordOf({
  ...calm,
  peers: { seeder: { count: 1, has: 'nothing' }, leecher: { count: 2, has: { allBut: [2, 6] } } },
  settleWithin: 500,
});

const full = { code: 'disk-full', message: 'no space left' };

/** An expectation, a record of which it holds, and one of which it does not. */
const rows: readonly (readonly [Expectation, RunRecord, RunRecord])[] = [
  [{ everyoneCompletes: 'leechers' }, good, stuck],
  [{ everyoneCompletes: 'leechers', within: ms(400) }, good, slowed(good)],
  [{ everyoneCompletes: 'leechers' }, good, doctored(good, { files: [] })],
  [{ everyoneCompletes: 'leechers', orLeaves: true }, gone(stuck, 'leecher-1'), stuck],
  [{ nobodyCompletes: 'leechers' }, stuck, good],
  [{ completesAfter: 'leechers', action: 'tracker-stop' }, outage, good],
  [
    { completesAfter: 'leechers', action: 'tracker-stop', before: 'tracker-restart' },
    outage,
    restartedAt(outage, 450),
  ],
  [{ bytesFromEach: 'seeders', to: 'leechers', share: 0.5 }, good, sentNothing(good, 'seeder-1')],
  [
    { shareFrom: 'seeders', to: 'leechers', atLeast: 0.5 },
    good,
    sentNothing(sentNothing(good, 'seeder-0'), 'seeder-1'),
  ],
  [
    { shareFrom: 'seeder-0', to: 'leechers', atMost: 0.5 },
    good,
    sentNothing(sentNothing(good, 'seeder-1'), 'leecher-1', 'leecher-0'),
  ],
  [
    { sendsNothing: 'seeder-0', to: 'leechers', after: 'freeze', until: 'thaw', grace: ms(10) },
    frozen,
    withEvent(frozen, served(400)),
  ],
  [{ listedAsSeeder: 'leechers' }, good, stuck],
  [{ listedAsSeeder: 'seeders', within: ms(300) }, good, unlisted(good, 400)],
  [{ leavesList: 'seeder-1' }, crashed, good],
  [{ leavesList: 'seeder-1', within: ms(6_000) }, crashed, unlisted(crashed, 200)],
  [{ leavesList: 'seeder-1' }, left, crashedInstead(crashed)],
  [
    { leavesList: 'seeder-1', within: ms(5_100) },
    crashed,
    doctored(crashed, { tracker: crashed.tracker.slice(0, -1) }),
  ],
  [{ becomesSeeder: 'leecher-0' }, withEvent(good, servedBy('leecher-0', 600)), good],
  [
    { banned: 'seeder-1', by: 'leechers', atLeast: 2 },
    banning(banning(good, 'leecher-0'), 'leecher-1'),
    banning(good, 'leecher-0'),
  ],
  [{ notBanned: 'seeders' }, good, banning(good, 'leecher-0')],
  [{ wastedBelow: 0.05, of: 'leechers' }, good, wasting(good)],
  [{ slower: 'leecher-1', than: 'leecher-0', ratio: 1 }, good, slowed(good)],
  [{ resumes: 'leecher-0', refetchesAtMost: 0 }, resumed, refetching(resumed)],
  [{ resumes: 'leecher-0', refetchesAtMost: 1 }, resumed, good],
  [
    { pausesBecause: 'disk-full', of: 'leecher-0' },
    withEvent(good, event(200, 'leecher-0', { type: 'paused', reason: full })),
    good,
  ],
  [{ swarmMisses: [2, 6] }, stuck, good],
  [{ swarmMisses: [2] }, stuck, withEvent(stuck, verified(2))],
  [{ swarmMisses: 'something' }, stuck, good],
  [{ swarmMisses: 'nothing' }, good, stuck],
  [{ trackerKeepsIds: true }, outage, renumbered(outage)],
  [{ nobodyLost: 'leechers' }, good, lost(good, 'leecher-1')],
  [{ connectionsAtMost: 1, of: 'leechers' }, good, crowded(good)],
];

describe('expectations', () => {
  it.each(rows)(
    '%j holds where it should, is broken where it should, and never holds of nobody',
    (expected, kept, broken) => {
      expect(judged(expected, kept)).toMatchObject({ held: true });
      expect(judged(expected, broken)).toMatchObject({ held: false });
      expect(judged(expected, nobody)).toMatchObject({ held: false });
      for (const record of [kept, broken, nobody]) {
        expect(judged(expected, record).detail).not.toBe('');
      }
    },
  );

  it('finds only the wanted files, and nothing else, of who chose', () => {
    const chose = selective(good, ['a']);
    const only = { hasOnlyWantedFiles: 'leecher-0' } as const;
    expect(judged(only, chose)).toMatchObject({ held: true });
    expect(judged(only, selective(good, ['a', 'b'])).detail).toContain(
      'has b, which it did not want',
    );
    expect(judged(only, selective(good, [])).detail).toContain('lacks files');
    expect(judged(only, good).held).toBe(false);
    expect(judged(only, nobody).held).toBe(false);
  });

  it('measures what each sender gave by an equal part of what all of them gave', () => {
    const row = { to: 'leecher-0', content: 0, bytesSent: 60, unchoked: ms<Duration>(0) };
    const transfers = [
      { ...row, from: 'seeder-0', bytesReceived: 60 },
      { ...row, from: 'seeder-1', bytesReceived: 40 },
      { ...row, from: 'leecher-1', bytesReceived: 500 },
    ];
    const each = (share: number): Expectation => ({
      bytesFromEach: 'seeders',
      to: 'leecher-0',
      share,
    });
    expect(judged(each(0.8), doctored(good, { transfers })).held).toBe(true);
    expect(judged(each(0.81), doctored(good, { transfers })).detail).toBe(
      'seeder-1 gave leecher-0 80 % of an equal part',
    );
  });

  it('is called what was written', () => {
    expect(judged({ bytesFromEach: 'seeders', to: 'leechers', share: 0.5 }, good).name).toBe(
      'bytesFromEach seeders, to leechers, share 0.5',
    );
  });

  it('does not hold of an action that never came, or of no time at all', () => {
    const silence = { sendsNothing: 'seeder-0', to: 'leechers', after: 'freeze' } as const;
    expect(judged(silence, good).detail).toBe('there was no freeze');
    const short: Expectation = { ...silence, until: 'thaw', grace: ms(5_000) };
    expect(judged(short, frozen).detail).toContain('there is no time to look at');
    expect(judged({ ...silence, until: 'crash' }, frozen).detail).toContain('no crash after it');
  });

  it('measures who never completes by the end of the run', () => {
    const never = doctored(good, {
      events: good.events.filter(({ type, peer }) => peer !== 'leecher-1' || type !== 'completed'),
      end: { ...good.end, at: at(2_100) },
    });
    const ratio = (of: number): Expectation => ({
      slower: 'leecher-1',
      than: 'leecher-0',
      ratio: of,
    });
    expect(judged(ratio(5), never).held).toBe(true);
    expect(judged(ratio(5.1), never).held).toBe(false);
    expect(judged({ slower: 'leecher-0', than: 'leecher-1', ratio: 0.1 }, never).held).toBe(false);
  });
});

function judged(
  expected: Expectation,
  record: RunRecord,
): { name: string; held: boolean; detail: string } {
  return judgeExpectation(expected, new Evidence(record));
}

function at(time: number): Instant {
  return time as Instant;
}

function ms<T extends number>(time: number): T {
  return time as T;
}

function event(time: number, peer: string, body: object): RecordedEvent {
  return { at: at(time), peer, infoHash: factsOf(0).infoHash, ...body } as RecordedEvent;
}

function specOf({ header }: RunRecord, name: string): RunRecord['header']['plan']['peers'][number] {
  const spec = header.plan.peers.find((peer) => peer.name === name);
  if (spec === undefined) throw new Error(`no ${name}`);
  return spec;
}

function servedBy(peer: string, time: number): RecordedEvent {
  const { peerId } = specOf(good, 'leecher-1');
  return event(time, peer, {
    type: 'served',
    piece: PieceIndex(0),
    begin: 0,
    length: pieceLength,
    peerId,
  });
}

function served(time: number): RecordedEvent {
  return servedBy('seeder-0', time);
}

function verified(piece: number): RecordedEvent {
  return event(300, 'leecher-0', {
    type: 'piece-verified',
    piece: PieceIndex(piece),
    piecesHave: 7,
  });
}

function acted(record: RunRecord, time: number, action: Action): RunRecord {
  const done: PerformedAction = { at: at(time), doneAt: at(time), action, cause: 'timeline' };
  return doctored(record, { actions: [...record.actions, done] });
}

function gone(record: RunRecord, peer: string): RunRecord {
  const without = acted(record, 300, { type: 'leave', peer });
  // The other one finds what it lacked.
  const files = record.files.map((file) =>
    file.peer === 'leecher-0'
      ? { ...file, isPartial: false, sha256: factsOf(0).files[0]?.sha256 ?? '' }
      : file,
  );
  return withEvent(doctored(without, { files }), event(400, 'leecher-0', { type: 'completed' }));
}

/** The first leecher takes longer by 50 ms. */
function slowed(record: RunRecord): RunRecord {
  const events = record.events.map((seen) =>
    seen.peer === 'leecher-0' && seen.type === 'completed'
      ? { ...seen, at: at(seen.at + 50) }
      : seen,
  );
  return doctored(record, { events });
}

function restartedAt(record: RunRecord, time: number): RunRecord {
  const actions = record.actions.map((done) =>
    done.action.type === 'tracker-restart' ? { ...done, at: at(time), doneAt: at(time) } : done,
  );
  return doctored(record, { actions });
}

function sentNothing(record: RunRecord, ...names: readonly string[]): RunRecord {
  const transfers = record.transfers.map((row) =>
    names.includes(row.from) ? { ...row, bytesReceived: 0 } : row,
  );
  return doctored(record, { transfers });
}

/** The catalogue is empty up to that time. */
function unlisted(record: RunRecord, until: number): RunRecord {
  const tracker = record.tracker.map((sample) =>
    sample.askedAt > until
      ? sample
      : { ...sample, word: sample.word.map(({ infoHash }) => ({ infoHash })) },
  );
  return doctored(record, { tracker });
}

/** It left gracefully, but the list shows it as long as if it had crashed. */
function crashedInstead(record: RunRecord): RunRecord {
  const actions = record.actions.map((done): PerformedAction =>
    done.action.type === 'crash'
      ? { ...done, action: { type: 'leave', peer: done.action.peer } }
      : done,
  );
  return doctored(record, { actions });
}

function banning(record: RunRecord, judge: string): RunRecord {
  const { ip } = addressOf(specOf(record, 'seeder-1'));
  return withEvent(
    record,
    event(300, judge, { type: 'banned', address: { ip, port: 40_000 }, reason: 'poison' }),
  );
}

function wasting(record: RunRecord): RunRecord {
  const samples = record.samples.map((sample) => ({
    ...sample,
    bytesWasted: sample.bytesDown / 10,
  }));
  return doctored(record, { samples });
}

function refetching(record: RunRecord): RunRecord {
  const transfers = record.transfers.map((row) =>
    row.to === 'leecher-0' ? { ...row, bytesReceived: row.bytesReceived + pieceLength } : row,
  );
  return doctored(record, { transfers });
}

function renumbered(record: RunRecord): RunRecord {
  const tracker = record.tracker.map((sample) => ({
    ...sample,
    word: sample.word.map(({ catalogue, ...word }) => ({
      ...word,
      ...(catalogue === undefined
        ? {}
        : { catalogue: { ...catalogue, id: sample.askedAt >= 600 ? 1 : 0 } }),
    })),
  }));
  return doctored(record, { tracker });
}

function lost(record: RunRecord, name: string): RunRecord {
  const samples = record.samples.map((sample) =>
    sample.peer === name ? { ...sample, isUp: sample.at < 400 } : sample,
  );
  return doctored(record, { samples });
}

function crowded(record: RunRecord): RunRecord {
  const samples = record.samples.map((sample) => ({
    ...sample,
    connections: sample.at === 300 ? 2 : 1,
  }));
  return doctored(record, { samples });
}

/** The content has two files, of which the first leecher wanted one and has these. */
function selective(record: RunRecord, has: readonly string[]): RunRecord {
  const source = (path: string) => ({ path, length: 4 * pieceLength, sha256: path.repeat(64) });
  const contents = [{ ...factsOf(0), files: [source('a'), source('b')] }];
  const { plan } = record.header;
  const peers = plan.peers.map((peer) =>
    peer.name === 'leecher-0'
      ? { ...peer, contents: [{ content: 0, has: 'nothing', wants: ['a'] } as const] }
      : peer,
  );
  const files = has.map((path) => ({
    peer: 'leecher-0',
    content: 0,
    path,
    isPartial: false,
    bytes: 4 * pieceLength,
    sha256: path.repeat(64),
  }));
  return doctored(record, {
    contents,
    files,
    header: { ...record.header, plan: { ...plan, peers } },
  });
}
