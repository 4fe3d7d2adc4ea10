/** Hundreds of our own peers on one machine, spread over as many processes as it has cores. */
import { readFile, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { type Content, makeContent } from '../content.ts';
import { interleaved } from '../interleaved.ts';
import type { Measurement } from '../measurement.ts';
import type { Role } from '../participants/contestant.ts';
import { swarmproof } from '../participants/swarmproof.ts';
import { type Bench, runsAlone, type Setting } from '../setting.ts';
import { playSwarm, type ProcessPlan, type SwarmOutcome } from './play-swarm.ts';
import { lineOf, measurementsOf, type Metric, sum, swarmMetrics } from './swarm-metrics.ts';
import { randomGraph } from './wiring.ts';

const MiB = 2 ** 20;
const GiB = 2 ** 30;
const degree = 20;
const sizes = { quick: [100], full: [100, 300, 1_000] } as const;

/** What a thousand peers should need at most. */
const goals = { seconds: 60, bytesPerPeer: 1.5e6 } as const;

/** A listener, and what a peer keeps open of its files. */
const filesOfPeer = 4;
/** What a process has open before it has any peer. */
const filesOfProcess = 50;

/** Memory in which copies can lie, where Linux has it: a thousand copies would wait for most disks. */
const memoryDir = '/dev/shm';

/** Beside the copies: the peers, and whatever else the machine does. */
const memoryBeside = 3 * GiB;

export const crowd: Bench = { name: 'crowd', run };

async function run(setting: Setting): Promise<readonly Measurement[]> {
  const { quick, scratch } = setting;
  const bytes = setting.bytes ?? (quick ? 4 : 16) * MiB;
  const [pieceLength = MiB / 4] = setting.pieceLengths ?? [];
  const content = await makeContent(scratch, { bytes, pieceLength });
  const found: Measurement[] = [];
  for (const count of quick ? sizes.quick : sizes.full)
    found.push(...(await ofSize(count, content, setting)));
  return found;
}

async function ofSize(
  count: number,
  content: Content,
  setting: Setting,
): Promise<readonly Measurement[]> {
  const processes = Math.min(availableParallelism(), count);
  const missing = await missingFiles(count, processes);
  if (missing !== undefined) {
    setting.progress.warn(`without ${count} peers: ${missing}`);
    return [];
  }
  const bytes = (count - 1) * content.bytes;
  const scratch = (await fitsInMemory(bytes)) ? memoryDir : setting.scratch;
  if (scratch !== memoryDir)
    setting.progress.warn(`${count} copies do not fit into memory: the disk is measured, too`);
  const plan = {
    ...{ content, scratch, network: '127.83' as const },
    processes: spread(count, processes),
    wiring: randomGraph(count, degree),
  };
  const trial = { subject: swarmproof.name, play: () => playSwarm(plan), told: lineOf(bytes) };
  const outcomes = await interleaved([trial], { ...setting, runs: runsAlone(setting) });
  const bench = `crowd of ${count}, ${content.bytes / MiB} MiB each, degree ${degree}`;
  return measurementsOf(bench, outcomes, [...crowdMetrics(count), ...swarmMetrics(bytes)]);
}

const crowdMetrics = (count: number): readonly Metric<SwarmOutcome>[] => [
  { metric: 's', valueOf: ({ seconds }) => seconds, goal: { atMost: goals.seconds } },
  {
    metric: 'peak MB a peer',
    valueOf: ({ costs }) => sum(costs.map(({ peakBytes }) => peakBytes)) / 1e6 / count,
    goal: { atMost: goals.bytesPerPeer / 1e6 },
  },
];

/** Peers in turn to each process, the seed first. */
export const spread = (count: number, processes: number): readonly ProcessPlan[] =>
  Array.from({ length: processes }, (_, i) => {
    const own = Math.ceil((count - i) / processes);
    const roles = Array.from({ length: own }, (_each, k): Role => {
      return i === 0 && k === 0 ? 'seed' : 'leech';
    });
    return { contestant: swarmproof, roles };
  });

/** Why a process could not hold its share of the peers; undefined when it can. */
async function missingFiles(count: number, processes: number): Promise<string | undefined> {
  const limits = await readFile('/proc/self/limits', 'latin1').catch(() => '');
  const allowed = Number(/^Max open files +\d+ +(\d+)/m.exec(limits)?.[1] ?? Infinity);
  const needed = Math.ceil(count / processes) * (degree + filesOfPeer) + filesOfProcess;
  if (needed <= allowed) return undefined;
  return `a process would have ${needed} files open, and ${allowed} are allowed (ulimit -Hn)`;
}

async function fitsInMemory(bytes: number): Promise<boolean> {
  const isThere = (await stat(memoryDir).catch(() => undefined))?.isDirectory() === true;
  const text = await readFile('/proc/meminfo', 'latin1').catch(() => '');
  const available = 1024 * Number(/^MemAvailable: +(\d+) kB$/m.exec(text)?.[1] ?? 0);
  return isThere && available >= bytes + memoryBeside;
}
