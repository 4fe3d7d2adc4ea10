/** Worked out by hand: a seed of 100 kB/s and two leechers of 50 kB/s share 131,072 bytes in eight pieces. */
import { describe, expect, it } from 'vitest';
import { PieceIndex } from '../core/torrent/ids.ts';
import { type Instant, millis } from '../core/time.ts';
import type { PeerSample, PerformedAction, RunRecord, Transfer } from '../sim/record.ts';
import { calm, doctored, recordOf } from '../sim/testing/records.ts';
import type { RecordedEvent } from '../sim/world.ts';
import { accountOf } from './account.ts';
import { availabilityCsv, availabilityOf } from './availability.ts';
import { completionCsv, completionTimes, type Finisher } from './completion.ts';
import { jain } from './fairness.ts';
import { livesOf } from './lives.ts';
import { type Metrics, metricsOf } from './metrics.ts';
import { seedRedundancy, uplinkUtilisation } from './uplink.ts';

const bytes = 131_072;

const linked = await recordOf({
  ...calm,
  peers: {
    seeder: { count: 1, has: 'all', link: { up: 100_000 } },
    leecher: { count: 2, has: 'nothing', link: { up: 50_000 }, joins: { at: 100 } },
  },
});

const at = (ms: number): Instant => ms as Instant;

const done = (ms: number, action: PerformedAction['action']): PerformedAction => ({
  at: at(ms),
  doneAt: at(ms),
  action,
  cause: 'group',
});

const joined = [
  done(0, { type: 'join', peer: 'seeder-0' }),
  done(1_000, { type: 'join', peer: 'leecher-0' }),
  done(2_000, { type: 'join', peer: 'leecher-1' }),
];

const sample = (ms: number, peer: string, bytesUp: number, bytesDown = 0): PeerSample => ({
  at: at(ms),
  peer,
  isUp: true,
  piecesHave: 0,
  pieceCount: 8,
  isComplete: true,
  bytesDown,
  bytesUp,
  bytesWasted: 0,
  downBytesPerSec: 0,
  upBytesPerSec: 0,
  connections: 1,
});

const infoHash = linked.contents[0]?.infoHash ?? ('' as RecordedEvent['infoHash']);

const opened = (ms: number, peer: string, have: string): RecordedEvent => ({
  at: at(ms),
  peer,
  infoHash,
  type: 'opened',
  source: 'new',
  have,
  piecesHave: have === 'ff' ? 8 : 0,
  pieceCount: 8,
});

const verified = (ms: number, peer: string, piece: number): RecordedEvent => ({
  at: at(ms),
  peer,
  infoHash,
  type: 'piece-verified',
  piece: PieceIndex(piece),
  piecesHave: piece + 1,
});

const completed = (ms: number, peer: string): RecordedEvent => ({
  at: at(ms),
  peer,
  infoHash,
  type: 'completed',
});

const ended = (record: RunRecord, ms: number, parts: Partial<RunRecord>): RunRecord =>
  doctored(record, { ...parts, end: { ...record.end, at: at(ms) } });

describe('uplink utilisation', () => {
  it('is payload over the capacity of those who were up', () => {
    const run = ended(linked, 4_000, {
      actions: joined,
      samples: [
        sample(0, 'seeder-0', 0),
        sample(4_000, 'seeder-0', 300_000),
        sample(4_000, 'leecher-0', 60_000),
        sample(4_000, 'leecher-1', 20_000),
      ],
    });
    // 3 s of 100 kB/s, 3 s of 50 kB/s and 2 s of 50 kB/s; the seed's bytes of the first second do not count.
    const expected = (225_000 + 60_000 + 20_000) / (300_000 + 150_000 + 100_000);
    expect(uplinkUtilisation(run, { fromMs: 1_000, toMs: 4_000 })).toBeCloseTo(expected, 9);
  });

  it('follows rates that change, and leaves out who is away', () => {
    const run = ended(linked, 10_000, {
      actions: [
        done(0, { type: 'join', peer: 'seeder-0' }),
        done(2_000, { type: 'limit', peer: 'seeder-0', upBytesPerSec: 20_000 }),
        done(4_000, { type: 'crash', peer: 'seeder-0' }),
        done(8_000, { type: 'restart', peer: 'seeder-0', resume: 'trust' }),
      ],
      samples: [sample(0, 'seeder-0', 0), sample(10_000, 'seeder-0', 140_000)],
    });
    expect(livesOf(run).get('seeder-0')).toEqual([
      { fromMs: 0, toMs: 2_000, upBytesPerSec: 100_000 },
      { fromMs: 2_000, toMs: 4_000, upBytesPerSec: 20_000 },
      { fromMs: 8_000, toMs: 10_000, upBytesPerSec: 20_000 },
    ]);
    const expected = 140_000 / (200_000 + 40_000 + 40_000);
    expect(uplinkUtilisation(run, { fromMs: 0, toMs: 10_000 })).toBeCloseTo(expected, 9);
  });

  it('says nothing where somebody has no limit, or nobody was up', () => {
    const lifted = [...joined, done(2_500, { type: 'limit', peer: 'leecher-0' })];
    const run = ended(linked, 4_000, { actions: lifted });
    expect(uplinkUtilisation(run, { fromMs: 0, toMs: 4_000 })).toBeUndefined();
    expect(uplinkUtilisation(run, { fromMs: 0, toMs: 2_400 })).toBeDefined();
    expect(uplinkUtilisation(run, { fromMs: 9_000, toMs: 9_500 })).toBeUndefined();
  });
});

describe('seed redundancy', () => {
  const sent = (from: string, bytesSent: number): Transfer => ({
    from,
    to: 'leecher-1',
    content: 0,
    bytesSent,
    bytesReceived: 0,
    unchoked: millis(0),
  });

  it('counts what left those who began with everything, in copies of the content', () => {
    const transfers = [sent('seeder-0', bytes), sent('seeder-0', bytes / 2), sent('leecher-0', 7)];
    expect(seedRedundancy(doctored(linked, { transfers }))).toBe(1.5);
  });

  it('says nothing where nobody begins with everything', async () => {
    const dealt = await recordOf({
      ...calm,
      peers: { leecher: { count: 2, has: 'dealt' } },
    });
    expect(seedRedundancy(dealt)).toBeUndefined();
  });
});

describe('availability', () => {
  const events = [
    opened(0, 'seeder-0', 'ff'),
    opened(1_000, 'leecher-0', '00'),
    ...[0, 1, 2, 3].map((piece) => verified(1_100 + piece, 'leecher-0', piece)),
    opened(2_000, 'leecher-1', '00'),
    ...[4, 5, 6, 7].map((piece) => verified(2_100 + piece, 'leecher-1', piece)),
    ...[4, 5, 6, 7].map((piece) => verified(2_600 + piece, 'leecher-0', piece)),
  ];
  const run = ended(linked, 5_000, {
    actions: [...joined, done(3_000, { type: 'leave', peer: 'seeder-0' })],
    events,
    header: { ...linked.header, plan: { ...linked.header.plan, sampleEvery: millis(500) } },
  });

  it('follows the rarest piece at the rhythm of the samples', () => {
    expect([...availabilityCsv({ record: run, availability: availabilityOf(run) })].join(''))
      .toMatchInlineSnapshot(`
      "time_ms,content,rarest_copies_count,rarest_pieces_count,mean_copies_count,peers_up_count
      500,content-0.bin,1,8,1.000,1
      1500,content-0.bin,1,4,1.500,2
      2500,content-0.bin,2,8,2.000,3
      3000,content-0.bin,2,4,2.500,3
      5000,content-0.bin,1,4,1.500,2
      "
    `);
  });

  it('knows when every piece had left the first seed', () => {
    expect(availabilityOf(run).allOutMs).toEqual([2_107]);
    const { allOutSec, allOutRatio } = accountOf(run).metrics;
    expect(allOutSec).toBeCloseTo(1.107, 9);
    // The seed needs 1.31072 s to send everything once.
    expect(allOutRatio).toBeCloseTo(1.107 / 1.310_72, 9);
  });

  it('does not need to know who served what', () => {
    const told = linked.events.filter(
      ({ type }) => type !== 'served' && type !== 'have-announced' && type !== 'unchoked',
    );
    expect(told.length).toBeLessThan(linked.events.length);
    expect(accountOf(doctored(linked, { events: told })).metrics).toEqual(
      accountOf(linked).metrics,
    );
  });

  it('is never all out while a piece is with the first seed alone', () => {
    const short = doctored(run, { events: events.slice(0, -5).filter((_, i) => i !== 10) });
    expect(availabilityOf(short).allOutMs).toEqual([undefined]);
    expect(accountOf(short).metrics).toMatchObject({ allOutSec: null, allOutRatio: null });
  });
});

describe('completion times', () => {
  const finisher = (name: string, joinedMs: number, completedMs: number): Finisher => {
    const [row] = accountOf(linked).rows;
    if (row === undefined) throw new Error('the run has peers');
    return { ...row, name, joinedMs, completedMs, bytesDown: 1 };
  };
  const ten = Array.from({ length: 10 }, (_, i) => finisher(`p-${i}`, 500, 500 + (i + 1) * 1_000));

  it('are told by their quantiles', () => {
    expect(completionTimes(ten)).toEqual({
      count: 10,
      minSec: 1,
      p10Sec: 1.9,
      p50Sec: 5.5,
      p90Sec: 9.1,
      p99Sec: 9.91,
      maxSec: 10,
      meanSec: 5.5,
    });
    expect(completionTimes([])).toBeUndefined();
  });

  it('are put in order of what each took, whoever was the first to be done', () => {
    const rows = [finisher('early', 0, 4_000), finisher('late', 3_000, 5_000)];
    expect(
      [...completionCsv({ rows, finishTimes: [{ name: 'late', sec: 5, leastSec: 2.5 }] })].join(''),
    ).toMatchInlineSnapshot(`
      "took_s,share,name,role,joined_ms,completed_ms,finished_as,since_first_join_s,least_s
      2,0.500000,late,seeder,3000,5000,2,5,2.500
      4,1.000000,early,seeder,0,4000,1,,
      "
    `);
  });
});

describe('the metrics of a run', () => {
  it('come together from a whole record', () => {
    const run = ended(linked, 5_000, {
      actions: joined,
      events: [
        opened(0, 'seeder-0', 'ff'),
        opened(1_000, 'leecher-0', '00'),
        opened(2_000, 'leecher-1', '00'),
        completed(4_000, 'leecher-0'),
        completed(5_000, 'leecher-1'),
      ],
      samples: [
        sample(0, 'seeder-0', 0),
        sample(5_000, 'seeder-0', 200_000),
        { ...sample(5_000, 'leecher-0', 50_000, bytes), bytesWasted: 1_000 },
        { ...sample(5_000, 'leecher-1', 12_144, bytes), bytesWasted: 0 },
      ],
    });
    expect(accountOf(run).metrics).toMatchObject({
      finished: 2,
      completionMinSec: 3,
      completionMaxSec: 3,
      completionMeanSec: 3,
      downloadFairness: 1,
      sharingFairness: jain([50_000, 12_144]),
      wastedShare: 1_000 / (2 * bytes),
      uplinkUtilisation: (160_000 + 62_144) / (400_000 + 200_000 + 150_000),
    } satisfies Partial<Metrics>);
  });

  it('are null where nothing can be said', () => {
    const { rows, availability } = accountOf(linked);
    const nobody = {
      record: doctored(linked, { transfers: [] }),
      rows: rows.slice(0, 1),
      availability,
    };
    const metrics = metricsOf({ ...nobody, bound: undefined, finishTimes: [] });
    expect(metrics.finished).toBe(0);
    expect(metrics.completionP50Sec).toBeNull();
    expect(metrics.uplinkUtilisation).toBeNull();
    expect(metrics.wastedShare).toBeNull();
    expect(metrics.sharingFairness).toBeNull();
    expect(metrics.meanBoundRatio).toBeNull();
    expect(metrics.nearestBoundRatio).toBeNull();
  });
});

it('measures fairness from 1/n to 1', () => {
  expect(jain([5, 5, 5])).toBe(1);
  expect(jain([1, 0, 0, 0])).toBe(0.25);
  expect(jain([1, 3])).toBeCloseTo(0.8);
  expect(jain([])).toBe(1);
});

describe('the least time of each completion', () => {
  it('grows with what all of them lacked until then', () => {
    const run = ended(linked, 5_000, {
      actions: joined,
      events: [
        opened(0, 'seeder-0', 'ff'),
        opened(1_000, 'leecher-0', '00'),
        opened(2_000, 'leecher-1', '00'),
        completed(4_000, 'leecher-0'),
        completed(5_000, 'leecher-1'),
      ],
      samples: [sample(0, 'seeder-0', 0)],
    });
    const { finishTimes, metrics, bound } = accountOf(run);
    // The seed alone needs 1.31072 s; everything for both takes as long through the 200 kB/s of everybody.
    expect(finishTimes.map(({ name, sec }) => [name, sec])).toEqual([
      ['leecher-0', 3],
      ['leecher-1', 4],
    ]);
    expect(finishTimes[0]?.leastSec).toBeCloseTo(1.310_72, 6);
    expect(finishTimes[1]?.leastSec).toBeCloseTo(1.310_72, 6);
    expect(bound?.ratio).toBeCloseTo(4 / 1.310_72, 6);
    expect(metrics.meanBoundRatio).toBeCloseTo(3.5 / 1.310_72, 6);
    expect(metrics.nearestBoundRatio).toBeCloseTo(3 / 1.310_72, 6);
  });
});
