import { describe, expect, it } from 'vitest';
import { type PeerId, PieceIndex } from '../../core/torrent/ids.ts';
import type { Instant } from '../../core/time.ts';
import { Evidence } from '../evidence.ts';
import type { CheckResult, RunRecord, TrackerSample } from '../record.ts';
import { addressOf, factsOf, pieceLength } from '../testing/fake-world.ts';
import { calm, doctored, recordOf, withEvent } from '../testing/records.ts';
import type { RecordedEvent, TorrentWord } from '../world.ts';
import { accounting } from './accounting.ts';
import { cleanliness } from './cleanliness.ts';
import { integrity } from './integrity.ts';
import { liveness } from './liveness.ts';
import { played } from './played.ts';
import { trackersWord } from './tracker-word.ts';

// Nothing goes wrong: leechers join at 100 ms, complete at 500 ms.
const good = await recordOf(calm);
// A seeder crashes at 200 ms and is listed until 5,200 ms.
const crashed = await recordOf({ ...calm, timeline: [{ at: 200, crash: 'seeder-1' }] });
// A seeder leaves at 300 ms.
const left = await recordOf({ ...calm, timeline: [{ at: 300, leave: 'seeder-1' }] });
const empty = doctored(good, { peers: [], events: [], samples: [], transfers: [], tracker: [] });

describe('integrity', () => {
  it('holds of a calm run', () => {
    expect(judge(integrity, good)).toMatchObject({ held: true });
  });

  it('is broken by a completed file that differs from the source in anything', () => {
    const files = good.files.map((file) =>
      file.peer === 'leecher-1' ? { ...file, sha256: 'f'.repeat(64) } : file,
    );
    expect(judge(integrity, doctored(good, { files })).detail).toContain(
      `content-0.bin of leecher-1 is not the source's`,
    );
  });

  it('is broken by a file that is not there, or still partial, at a peer that completed', () => {
    const gone = good.files.filter(({ peer }) => peer !== 'leecher-1');
    const partial = good.files.map((file) => ({ ...file, isPartial: file.peer === 'leecher-1' }));
    for (const files of [gone, partial]) {
      expect(judge(integrity, doctored(good, { files }))).toMatchObject({ held: false });
    }
  });

  it.each(['served', 'have-announced'] as const)(
    'is broken by a piece %s before it was verified',
    (type) => {
      const early = event(120, 'leecher-1', { type, piece: PieceIndex(7), ...block });
      const { held, detail } = judge(integrity, withEvent(good, early));
      expect(held).toBe(false);
      expect(detail).toContain('leecher-1');
      expect(detail).toContain('piece 7 at 120 ms');
    },
  );

  it('forgets at a restart what the peer did not open with', () => {
    const again = event(600, 'leecher-1', {
      type: 'opened',
      source: 'resume',
      have: '80',
      piecesHave: 1,
      pieceCount: 8,
    });
    const claim = (piece: number): RecordedEvent =>
      event(610, 'leecher-1', { type: 'served', piece: PieceIndex(piece), ...block });
    expect(judge(integrity, withEvent(withEvent(good, again), claim(0))).held).toBe(true);
    expect(judge(integrity, withEvent(withEvent(good, again), claim(1))).held).toBe(false);
  });

  it('does not hold of nobody', () => {
    expect(judge(integrity, empty).held).toBe(false);
  });
});

describe("the tracker's word", () => {
  it('holds of runs where the tracker is told everything at once', () => {
    for (const record of [good, crashed, left]) {
      expect(judge(trackersWord, record)).toMatchObject({ held: true });
    }
  });

  it('is broken by a seeder that is not listed, once it has had time to announce', () => {
    const gone = (word: TorrentWord): TorrentWord => withSeeders(word, (ids) => ids.slice(1));
    const { held, detail } = judge(trackersWord, withWord(longer(good), 4_000, gone));
    expect(held).toBe(false);
    expect(detail).toContain('the catalogue has seeder-0 as absent, true is seeder');
    expect(judge(trackersWord, withWord(good, 200, gone)).held).toBe(true);
  });

  it('is broken by a leecher that is still listed as one long after it completed', () => {
    const stale = (word: TorrentWord): TorrentWord => demoted(word, idOf(good, 'leecher-0'));
    expect(judge(trackersWord, withWord(longer(good), 3_400, stale)).held).toBe(true);
    expect(judge(trackersWord, withWord(longer(good), 3_600, stale)).detail).toContain(
      'leecher-0 as leecher, true is seeder',
    );
  });

  it('is broken by a seeder that left and is listed a moment later', () => {
    const back = (word: TorrentWord): TorrentWord =>
      withSeeders(word, (ids) => [...ids, idOf(left, 'seeder-1')]);
    expect(judge(trackersWord, withWord(left, 400, back)).detail).toContain(
      'the catalogue has seeder-1 as seeder, true is absent',
    );
  });

  it.each(['crash', 'power-cut'] as const)(
    'bears with a seeder that went by a %s until it expires, and no longer',
    async (how) => {
      const record = await recordOf({ ...calm, timeline: [goes(how)] });
      const back = (word: TorrentWord): TorrentWord =>
        withSeeders(word, (ids) => [...new Set([...ids, idOf(record, 'seeder-1')])]);
      expect(judge(trackersWord, withWord(longer(record), 5_400, back)).held).toBe(true);
      expect(judge(trackersWord, withWord(longer(record), 5_600, back)).held).toBe(false);
    },
  );

  it('gives an announce to a tracker far away the time that the scenario states', async () => {
    const tracker = { delay: '500ms', announceWithin: '2s' };
    const record = await recordOf({ ...calm, tracker, timeline: [goes('crash')] });
    const back = (word: TorrentWord): TorrentWord =>
      withSeeders(word, (ids) => [...new Set([...ids, idOf(record, 'seeder-1')])]);
    expect(judge(trackersWord, withWord(longer(record), 7_000, back)).held).toBe(true);
    expect(judge(trackersWord, withWord(longer(record), 7_400, back)).held).toBe(false);
  });

  it('lets who moved be told of late, within the bound, and knows its old address', async () => {
    const run = await recordOf({ ...calm, timeline: [{ at: 500, move: 'leecher-0' }] });
    const stale = (word: TorrentWord): TorrentWord => demoted(word, idOf(run, 'leecher-0'));
    expect(judge(trackersWord, withWord(longer(good), 5_400, stale)).held).toBe(false);
    expect(judge(trackersWord, withWord(longer(run), 5_400, stale)).held).toBe(true);
    expect(judge(trackersWord, withWord(longer(run), 8_000, stale)).held).toBe(false);
    const old = { ip: '127.0.0.9', port: 9 };
    const named = ({ infoHash }: TorrentWord): TorrentWord => ({
      infoHash,
      announce: { seeders: 4, leechers: 0, peers: [old] },
    });
    const known = run.peers.map((peer) =>
      peer.name === 'leecher-0' ? { ...peer, movedFrom: [old] } : peer,
    );
    expect(judge(trackersWord, withWord(longer(run), 2_000, named)).held).toBe(false);
    const moved = doctored(run, { peers: known });
    expect(judge(trackersWord, withWord(longer(moved), 2_000, named)).held).toBe(true);
  });

  it.each(['scrape', 'announce'] as const)('is broken by a wrong number in a %s', (source) => {
    const wrong = (word: TorrentWord): TorrentWord => ({
      ...word,
      [source]: { ...word[source], seeders: 5 },
    });
    expect(judge(trackersWord, withWord(good, 500, wrong)).detail).toContain(
      `the ${source} counts 5 seeders`,
    );
  });

  it('is broken by an announce that names who is gone, or whom nobody knows', () => {
    const spec = left.header.plan.peers.find(({ name }) => name === 'seeder-1');
    const ghost = spec === undefined ? unknown : addressOf(spec);
    for (const [address, what] of [
      [ghost, 'an announce names seeder-1, who is gone'],
      [unknown, 'an announce names 10.9.9.9:9, whom nobody knows'],
    ] as const) {
      const named = (word: TorrentWord): TorrentWord => ({
        ...word,
        announce: { seeders: 3, leechers: 0, peers: [address] },
      });
      expect(judge(trackersWord, withWord(left, 500, named)).detail).toContain(what);
    }
  });

  it('is broken by a stranger in the catalogue', () => {
    const stranger = (word: TorrentWord): TorrentWord =>
      withSeeders(word, (ids) => [...ids, 'e'.repeat(40) as PeerId]);
    expect(judge(trackersWord, withWord(good, 500, stranger)).detail).toContain(
      'whom nobody knows',
    );
  });

  it('is broken by silence, except in an outage', async () => {
    const tracker = good.tracker.map((sample) =>
      sample.askedAt === 300 ? { ...sample, word: [], failure: 'timed out' } : sample,
    );
    expect(judge(trackersWord, doctored(good, { tracker })).detail).toContain(
      'at 300 ms it did not answer',
    );
    const outage = await recordOf({
      ...calm,
      timeline: [
        { at: 250, 'tracker-stop': true },
        { at: 350, 'tracker-restart': true },
      ],
    });
    expect(judge(trackersWord, outage)).toMatchObject({ held: true });
    expect(judge(trackersWord, empty)).toMatchObject({ held: false });
  });

  it('lets a tracker that was away, or forgot, be told again, within the bound', () => {
    const forgot = doctored(longer(good), {
      actions: [
        ...good.actions,
        { at: at(500), doneAt: at(500), action: { type: 'tracker-forget' }, cause: 'timeline' },
      ],
    });
    const nobody = (word: TorrentWord): TorrentWord => ({ infoHash: word.infoHash });
    expect(judge(trackersWord, withWord(forgot, 5_400, nobody)).held).toBe(true);
    expect(judge(trackersWord, withWord(forgot, 5_600, nobody)).held).toBe(false);
  });

  it('lets peers come back to a tracker that was away, within the bound', async () => {
    const outage = await recordOf({
      ...calm,
      tracker: { announceWithin: 100, recoverWithin: '7s' },
      timeline: [
        { at: 550, 'tracker-stop': true },
        { at: 800, 'tracker-restart': true },
      ],
    });
    const nobody = (word: TorrentWord): TorrentWord => ({ infoHash: word.infoHash });
    expect(judge(trackersWord, withWord(longer(outage), 7_800, nobody)).held).toBe(true);
    expect(judge(trackersWord, withWord(longer(outage), 8_000, nobody)).held).toBe(false);
  });

  it('lets a change that a crash overtook stay unheard until the peer expires', () => {
    const actions: RunRecord['actions'] = [
      ...good.actions,
      {
        at: at(550),
        doneAt: at(550),
        action: { type: 'crash', peer: 'leecher-0' },
        cause: 'timeline',
      },
    ];
    const untold = (word: TorrentWord): TorrentWord => demoted(word, idOf(good, 'leecher-0'));
    const gone = (word: TorrentWord): TorrentWord =>
      withSeeders(word, (ids) => ids.filter((id) => id !== idOf(good, 'leecher-0')));
    const upTo = (until: number): RunRecord => {
      const run = doctored(longer(good), { actions });
      return run.tracker
        .filter(({ askedAt }) => askedAt > 550)
        .reduce(
          (record, { askedAt }) => withWord(record, askedAt, askedAt < until ? untold : gone),
          run,
        );
    };
    expect(judge(trackersWord, upTo(5_700)).held).toBe(true);
    expect(judge(trackersWord, upTo(6_200)).held).toBe(false);
  });
});

describe('accounting', () => {
  it('holds of a calm run', () => {
    expect(judge(accounting, good)).toMatchObject({ held: true });
  });

  it('is broken when more is received than was sent', () => {
    const more = changeTransfer(good, (row) => ({ ...row, bytesReceived: row.bytesSent + 1 }));
    expect(judge(accounting, more).held).toBe(false);
  });

  it('is broken when bytes vanish on a connection that held', () => {
    const less = changeTransfer(good, (row) => ({ ...row, bytesReceived: row.bytesReceived - 1 }));
    expect(judge(accounting, less).detail).toContain('and 0 connections broke');
  });

  it('allows what was under way on a connection that broke, and no more', () => {
    const broke = withEvent(
      good,
      event(300, 'seeder-0', {
        type: 'disconnected',
        peerId: idOf(good, 'leecher-0'),
        address: unknown,
        conn: 0,
        reason: 'eof',
        bytesDown: 0,
        bytesUp: 0,
      }),
    );
    const lose = (bytes: number): RunRecord =>
      changeTransfer(broke, (row) => ({ ...row, bytesSent: row.bytesReceived + bytes }));
    expect(judge(accounting, lose(1_000_000)).held).toBe(true);
    expect(judge(accounting, lose(12_000_000)).held).toBe(false);
  });

  it('is broken by a peer that announces more than it moved', () => {
    const announced = (more: object): RunRecord =>
      withEvent(good, event(500, 'leecher-0', { ...announce, ...more }));
    expect(judge(accounting, announced({})).held).toBe(true);
    expect(judge(accounting, announced({ uploaded: 100 * pieceLength })).detail).toContain(
      'uploaded, it had sent',
    );
    expect(judge(accounting, announced({ downloaded: 9 * pieceLength })).detail).toContain(
      'had come in',
    );
  });

  it('does not hold of nobody', () => {
    expect(judge(accounting, empty).held).toBe(false);
  });
});

describe('liveness', () => {
  it('holds of a calm run', () => {
    expect(judge(liveness, good)).toMatchObject({ held: true });
  });

  it('is broken by who could have completed and did not', () => {
    const record = doctored(good, { end: { ...good.end, at: at(60_000) } });
    const samples = good.samples.map((sample) =>
      sample.peer === 'leecher-1' ? { ...sample, isComplete: false } : sample,
    );
    expect(judge(liveness, doctored(record, { samples })).detail).toContain(
      'leecher-1 could have completed by 30,100 ms but did not',
    );
  });

  it('does not ask it of who has no disk, until somebody puts it right', () => {
    const record = doctored(good, { end: { ...good.end, at: at(60_000) } });
    const samples = good.samples.map((sample) =>
      sample.peer === 'leecher-1' ? { ...sample, isComplete: false } : sample,
    );
    const fills = { at: at(90), action: { type: 'disk-full', peer: 'leecher-1', afterBytes: 0 } };
    const heals = { at: at(95), action: { type: 'disk-heal', peer: 'leecher-1' } };
    const judged = (...deeds: readonly object[]): boolean =>
      judge(
        liveness,
        doctored(record, {
          samples,
          actions: [...record.actions, ...deeds] as typeof record.actions,
        }),
      ).held;
    expect(judged(fills)).toBe(true);
    expect(judged(fills, heals)).toBe(false);
  });

  it('is broken by who completed too late after the last fault', () => {
    const { plan } = good.header;
    const header = {
      ...good.header,
      plan: { ...plan, settleWithin: 300 as typeof plan.settleWithin },
    };
    expect(judge(liveness, doctored(good, { header })).detail).toContain(
      'completed at 500 ms, due at 400 ms',
    );
  });

  it('does not ask of anybody what nobody holds', async () => {
    const stuck = await recordOf({
      ...calm,
      peers: { seeder: { count: 1, has: 'nothing' }, leecher: { count: 2, has: { allBut: [2] } } },
      settleWithin: 1_000,
    });
    expect(judge(liveness, stuck)).toMatchObject({
      held: true,
      detail: expect.stringContaining('3 could not: nobody holds 1 pieces (2)') as string,
    });
  });

  it.each([
    { seeder: true, leecher: true, third: undefined, able: false },
    { seeder: true, leecher: true, third: true, able: false },
    { seeder: true, leecher: false, third: undefined, able: true },
    { seeder: false, leecher: true, third: undefined, able: true },
    { seeder: true, leecher: true, third: false, able: true },
  ])('knows who can meet whom through NATs: %j', async ({ seeder, leecher, third, able }) => {
    const peer = (nat: boolean) => ({ count: 1, has: 'nothing', nat }) as const;
    const record = await recordOf({
      ...calm,
      peers: {
        seeder: { count: 1, has: 'all', nat: seeder },
        leecher: peer(leecher),
        ...(third === undefined ? {} : { third: peer(third) }),
      },
    });
    const end = { ...record.end, at: at(60_000) };
    const samples = record.samples.map((sample) =>
      sample.peer === 'leecher-0' ? { ...sample, isComplete: false } : sample,
    );
    const events = record.events.filter(
      ({ type, peer: who }) => type !== 'piece-verified' || who !== 'leecher-0',
    );
    const judged = judge(liveness, doctored(record, { samples, events, end }));
    const told = able ? 'leecher-0 could have completed' : '1 could not: nobody holds 8 pieces';
    expect(judged.detail).toContain(told);
  });

  it('does not count on a peer that spoils every block', async () => {
    const record = await recordOf({
      ...calm,
      peers: { ...calm.peers, seeder: { count: 1, has: 'all', corrupt: 'always' } },
    });
    const samples = record.samples.map((sample) =>
      sample.peer === 'leecher-1' ? { ...sample, isComplete: false } : sample,
    );
    const events = record.events.filter(({ type }) => type !== 'piece-verified');
    const end = { ...record.end, at: at(60_000) };
    expect(judge(liveness, doctored(record, { samples, events, end }))).toMatchObject({
      held: true,
    });
  });

  it.each([
    { corrupt: 'always', bannedBy: ['seeder-0', 'seeder-1', 'leecher-0'], held: true },
    { corrupt: 'always', bannedBy: ['seeder-0', 'leecher-0'], held: false },
    { corrupt: 'never', bannedBy: ['seeder-0', 'seeder-1', 'leecher-0'], held: false },
  ] as const)('gives nothing to who was banned for spoiling: %j', ({ bannedBy, corrupt, held }) => {
    const end = { ...good.end, at: at(60_000) };
    const samples = good.samples.map((sample) =>
      sample.peer === 'leecher-1' ? { ...sample, isComplete: false } : sample,
    );
    const events = good.events.filter(
      ({ peer, type }) => type !== 'piece-verified' || peer !== 'leecher-1',
    );
    const address = good.peers.find(({ name }) => name === 'leecher-1')?.address;
    const infoHash = good.contents[0]?.infoHash;
    const reason = 'sent bad blocks';
    const bans = bannedBy.map((peer) => {
      return { at: at(600), peer, type: 'banned', address, reason, infoHash } as RecordedEvent;
    });
    const spoilt = { type: 'corrupt', peer: 'leecher-1', blocks: corrupt } as const;
    const actions = [
      ...good.actions,
      ...(corrupt === 'never' ? [] : [{ at: at(110), action: spoilt, cause: 'timeline' } as const]),
    ];
    const record = doctored(good, { actions, samples, end, events: [...events, ...bans] });
    expect(judge(liveness, record).held).toBe(held);
  });

  it('does not hold of nobody', () => {
    expect(judge(liveness, empty).held).toBe(false);
  });
});

describe('cleanliness', () => {
  it('holds when nothing was left behind, and is broken by anything that was', () => {
    expect(judge(cleanliness, good).held).toBe(true);
    const leaks = [{ kind: 'socket', what: '127.0.0.1:6881' }] as const;
    expect(judge(cleanliness, doctored(good, { leaks }))).toMatchObject({
      held: false,
      detail: 'socket left behind: 127.0.0.1:6881',
    });
  });
});

describe('the timeline', () => {
  it('is broken by an action that failed or never came, but not by an early end', () => {
    expect(judge(played, good).held).toBe(true);
    const action = { type: 'crash', peer: 'leecher-0' } as const;
    const failed = { at: at(1), action, cause: 'timeline', error: 'no such peer' } as const;
    expect(judge(played, doctored(good, { actions: [failed] })).held).toBe(false);
    const missed = doctored(good, { missed: [{ when: 'leecher completed', action }] });
    expect(judge(played, missed).detail).toContain(
      `crash leecher-0 never happened: 'leecher completed'`,
    );
    expect(judge(played, doctored(missed, { end: { ...good.end, interrupted: true } })).held).toBe(
      true,
    );
  });
});

const unknown = { ip: '10.9.9.9', port: 9 };

const block = { begin: 0, length: 16_384, peerId: idOf(good, 'leecher-0') };

const announce = {
  type: 'announced',
  url: 'http://127.0.0.1/announce',
  event: 'completed',
  uploaded: 0,
  downloaded: 8 * pieceLength,
  left: 0,
};

function judge(check: (evidence: Evidence) => CheckResult, record: RunRecord): CheckResult {
  return check(new Evidence(record));
}

function at(ms: number): Instant {
  return ms as Instant;
}

function event(ms: number, peer: string, body: object): RecordedEvent {
  return { at: at(ms), peer, infoHash: factsOf(0).infoHash, ...body } as RecordedEvent;
}

const goes = (how: 'crash' | 'power-cut') =>
  how === 'crash' ? { at: 200, crash: 'seeder-1' } : { at: 200, 'power-cut': 'seeder-1' };

function idOf({ header }: RunRecord, name: string): PeerId {
  const spec = header.plan.peers.find((peer) => peer.name === name);
  if (spec === undefined) throw new Error(`no ${name}`);
  return spec.peerId;
}

/** The run goes on for a while with nothing new to see. */
function longer(record: RunRecord): RunRecord {
  const last = record.tracker.at(-1);
  if (last === undefined) return record;
  const from = Math.ceil((last.askedAt + 1) / 200) * 200;
  const more = Array.from({ length: 40 }, (_, i): TrackerSample => ({
    ...last,
    askedAt: at(from + 200 * i),
    answeredAt: at(from + 200 * i),
  }));
  return doctored(record, { tracker: [...record.tracker, ...more] });
}

/** The tracker said something else at that moment. */
function withWord(
  record: RunRecord,
  askedAt: number,
  change: (word: TorrentWord) => TorrentWord,
): RunRecord {
  if (!record.tracker.some((sample) => sample.askedAt === askedAt))
    throw new Error(`nobody asked at ${askedAt}`);
  const tracker = record.tracker.map((sample) =>
    sample.askedAt === askedAt ? { ...sample, word: sample.word.map(change) } : sample,
  );
  return doctored(record, { tracker });
}

/** Only the catalogue, so that one lie is told at a time. */
function withSeeders(
  { infoHash, catalogue }: TorrentWord,
  change: (seeders: readonly PeerId[]) => readonly PeerId[],
): TorrentWord {
  const { id = 0, seeders = [], leechers = [] } = catalogue ?? {};
  return { infoHash, catalogue: { id, seeders: change(seeders), leechers } };
}

function demoted(word: TorrentWord, peerId: PeerId): TorrentWord {
  const { catalogue, infoHash } = withSeeders(word, (ids) => ids.filter((id) => id !== peerId));
  return catalogue === undefined
    ? word
    : { infoHash, catalogue: { ...catalogue, leechers: [peerId] } };
}

function changeTransfer(
  record: RunRecord,
  change: (row: RunRecord['transfers'][number]) => RunRecord['transfers'][number],
): RunRecord {
  const transfers = record.transfers.map((row) =>
    row.from === 'seeder-0' && row.to === 'leecher-0' ? change(row) : row,
  );
  return doctored(record, { transfers });
}
