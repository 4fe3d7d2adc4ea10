/** How many announces a tracker answers, each answer checked, and what a peer costs it in memory. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { millis, seconds } from '../../../core/time.ts';
import { type LoadReport, loadTracker } from '../../load/load-tracker.ts';
import { infoHashes } from '../../load/population.ts';
import { interleaved } from '../interleaved.ts';
import type { Measurement } from '../measurement.ts';
import { costBetween, costOf, type ProcessCost } from '../process-cost.ts';
import type { Bench, Setting } from '../setting.ts';
import { cpuOf, measurementsOf, type Metric } from '../swarm/swarm-metrics.ts';
import { addressesIn } from '../swarm/wiring.ts';
import { type Road, startTrackerProgram, type TrackerProgram, trackers } from './programs.ts';

const MiB = 2 ** 20;

/** Peers in a torrent, and how many of them an answer names. */
const swarmPeers = 100;
const numwant = 50;
/** What the peers are drawn from: always the same. */
const seed = 1;
/** Announces that wait for their answers at once. */
const inFlight = 64;

const roads: readonly { readonly road: Road; readonly title: string; readonly atLeast?: number }[] =
  [
    { road: 'udp', title: 'UDP' },
    { road: 'http', title: 'HTTP, connections kept', atLeast: 30_000 },
    { road: 'http-close', title: 'HTTP, a connection each' },
  ];

const sizes = {
  quick: { torrents: 10, time: millis(400), populations: [20_000] },
  full: { torrents: 200, time: seconds(5), populations: [100_000, 1_000_000] },
} as const;

const goals = { p99Ms: 3, bytesPerPeer: { atMost: 200, from: 100_000 } } as const;

export type TrackerOutcome = {
  readonly report: LoadReport;
  /** Of the tracker, from the first registration to the last answer. */
  readonly cost: ProcessCost;
  /** Of its own memory, before anybody had announced. */
  readonly emptyBytes: number;
};

export const tracker: Bench = { name: 'tracker', run };

async function run(setting: Setting): Promise<readonly Measurement[]> {
  const { torrents, populations, time } = sizes[setting.quick ? 'quick' : 'full'];
  const programs = setting
    .present(trackers)
    .filter(({ startsSlowly }) => !(setting.quick && startsSlowly === true));
  const found: Measurement[] = [];
  for (const { atLeast, road, title } of roads) {
    const shape = { road, torrents, time };
    const speakers = programs.filter((program) => program.roads.includes(road));
    const outcomes = await interleaved(trialsOf(speakers, shape, setting.scratch), setting);
    const bench = `tracker over ${title}, ${numwant} peers in each answer`;
    found.push(...measurementsOf(bench, outcomes, speedMetrics(atLeast)).map(onlyOurs));
  }
  for (const peers of populations) {
    const shape = { road: 'udp' as const, torrents: peers / swarmPeers, time: millis(0) };
    // What they hold does not differ from run to run as times do.
    const once = { ...setting, runs: 1 };
    const outcomes = await interleaved(trialsOf(programs, shape, setting.scratch), once);
    const bench = `tracker with ${peers.toLocaleString('en')} peers in ${shape.torrents.toLocaleString('en')} torrents`;
    found.push(...measurementsOf(bench, outcomes, memoryMetrics(peers)).map(onlyOurs));
  }
  return found;
}

type Shape = Pick<Parameters<typeof loadTracker>[0], 'torrents' | 'time'> & { readonly road: Road };

const trialsOf = (programs: readonly TrackerProgram[], shape: Shape, scratch: string) =>
  programs.map((program) => ({
    subject: program.name,
    play: () => play(program, shape, scratch),
    told: ({ cost, report }: TrackerOutcome) =>
      [
        `${report.announcesPerSec.toFixed(0)} announces/s,`,
        `${cpuPerAnnounce({ cost, report }).toFixed(0)} us of CPU for each,`,
        `p99 ${report.p99Ms.toFixed(1)} ms,`,
        `${missesOf(report).toFixed(1)} % lost or wrong, ${(cost.privateBytes / MiB).toFixed(0)} MiB`,
      ].join(' '),
  }));

async function play(
  program: TrackerProgram,
  { road, time, torrents }: Shape,
  scratch: string,
): Promise<TrackerOutcome> {
  const home = join(scratch, 'tracker');
  await mkdir(home, { recursive: true });
  const [address = { ip: '127.0.0.1', port: 0 }] = addressesIn('127.83', 1);
  const place = `${address.ip}:${address.port}`;
  const order = { address, home, infoHashes: infoHashes(seed, torrents) };
  const child = await startTrackerProgram(program, order);
  try {
    const before = await costOf(child.pid);
    const report = await loadTracker(
      {
        url: road === 'udp' ? `udp://${place}` : `http://${place}/announce`,
        ...{ torrents, peers: swarmPeers, numwant, inFlight, time },
        ...{ seed, keepAlive: road === 'http', signal: new AbortController().signal },
      },
      () => undefined,
    );
    const cost = costBetween(before, await costOf(child.pid));
    return { report, cost, emptyBytes: before.privateBytes };
  } finally {
    await child.stop();
    await rm(home, { recursive: true, force: true });
  }
}

export const speedMetrics = (atLeast?: number): readonly Metric<TrackerOutcome>[] => [
  {
    metric: 'announces/s',
    valueOf: ({ report }) => report.announcesPerSec,
    ...(atLeast !== undefined && { goal: { atLeast } }),
  },
  { metric: 'CPU us an announce', valueOf: cpuPerAnnounce },
  { metric: 'p50 ms', valueOf: ({ report }) => report.p50Ms, isDetail: true },
  { metric: 'p99 ms', valueOf: ({ report }) => report.p99Ms, goal: { atMost: goals.p99Ms } },
  { metric: 'lost or wrong, %', valueOf: ({ report }) => missesOf(report) },
];

export const memoryMetrics = (peers: number): readonly Metric<TrackerOutcome>[] => [
  {
    metric: 'bytes a peer',
    valueOf: ({ cost, emptyBytes, report }) => (cost.privateBytes - emptyBytes) / report.registered,
    // What few peers have is mostly room that V8 took ahead of need.
    ...(peers >= goals.bytesPerPeer.from && { goal: { atMost: goals.bytesPerPeer.atMost } }),
  },
  { metric: 'private MiB', valueOf: ({ cost }) => cost.privateBytes / MiB },
  { metric: 'lost or wrong, %', valueOf: ({ report }) => missesOf(report) },
];

/** Registrations are announces, too. */
const cpuPerAnnounce = ({ cost, report }: Pick<TrackerOutcome, 'cost' | 'report'>): number =>
  (cpuOf(cost) * 1e6) / (report.answers + report.registered);

/** Of a hundred announces; one answer may be wrong in several ways. */
const missesOf = ({ answers, lost, registered, wrong }: LoadReport): number => {
  const misses = wrong.reduce((total, { count }) => total + count, lost);
  return (100 * misses) / (answers > 0 ? answers : registered);
};

/** Nobody else has been asked to reach what we set ourselves. */
const onlyOurs = ({ goal, ...measurement }: Measurement): Measurement =>
  measurement.subject === trackers[0]?.name && goal !== undefined
    ? { ...measurement, goal }
    : measurement;
