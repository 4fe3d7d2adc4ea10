/** Figures of a swarm. */
import type { Measurement } from '../measurement.ts';
import type { ProcessCost } from '../process-cost.ts';
import type { SwarmOutcome } from './play-swarm.ts';

/** A figure by name; the rest as in `Measurement`. */
export type Metric<Outcome> = Pick<Measurement, 'metric' | 'goal' | 'isDetail'> & {
  readonly valueOf: (outcome: Outcome) => number;
};

const MiB = 2 ** 20;
const GiB = 2 ** 30;

/** `bytes` is what all leechers together fetch: figures per GiB, so that swarms of any size compare. */
export const swarmMetrics = (bytes: number): readonly Metric<SwarmOutcome>[] => [
  ...speedMetrics(bytes),
  {
    metric: 'peak MiB',
    valueOf: ({ costs }) => sum(costs.map(({ peakBytes }) => peakBytes)) / MiB,
  },
  {
    metric: 'private MiB',
    valueOf: ({ costs }) => sum(costs.map(({ privateBytes }) => privateBytes)) / MiB,
  },
];

/** Of one seeder and one leecher, each in its process: what each of them costs, too. */
export const pairMetrics = (bytes: number): readonly Metric<SwarmOutcome>[] => [
  ...speedMetrics(bytes),
  ...(['seeder', 'leecher'] as const).flatMap((who, i): Metric<SwarmOutcome>[] => [
    { metric: `peak MiB, ${who}`, valueOf: of(i, ({ peakBytes }) => peakBytes / MiB) },
    { metric: `private MiB, ${who}`, valueOf: of(i, ({ privateBytes }) => privateBytes / MiB) },
    {
      metric: `CPU-s/GiB, ${who}`,
      valueOf: of(i, (cost) => (cpuOf(cost) * GiB) / bytes),
      isDetail: true,
    },
  ]),
];

const speedMetrics = (bytes: number): readonly Metric<SwarmOutcome>[] => [
  { metric: 'MB/s', valueOf: ({ seconds }) => bytes / 1e6 / seconds },
  { metric: 'CPU-s/GiB', valueOf: ({ costs }) => (sum(costs.map(cpuOf)) * GiB) / bytes },
  {
    metric: 'CPU-s/GiB in the kernel',
    valueOf: ({ costs }) => (sum(costs.map(kernelOf)) * GiB) / bytes,
    isDetail: true,
  },
];

export function measurementsOf<Outcome>(
  bench: string,
  outcomes: ReadonlyMap<string, readonly Outcome[]>,
  metrics: readonly Metric<Outcome>[],
): readonly Measurement[] {
  return [...outcomes].flatMap(([subject, all]) =>
    metrics.map(({ valueOf, ...metric }) => {
      return { bench, subject, ...metric, values: all.map(valueOf) };
    }),
  );
}

export const lineOf =
  (bytes: number) =>
  ({ costs, seconds }: SwarmOutcome): string =>
    [
      `${(bytes / 1e6 / seconds).toFixed(0)} MB/s,`,
      `CPU ${sum(costs.map(cpuOf)).toFixed(2)} s,`,
      `peak ${(sum(costs.map(({ peakBytes }) => peakBytes)) / MiB).toFixed(0)} MiB`,
    ].join(' ');

export const cpuOf = ({ systemSeconds, userSeconds }: ProcessCost): number =>
  userSeconds + systemSeconds;
const kernelOf = ({ systemSeconds }: ProcessCost): number => systemSeconds;

export const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

const of =
  (process: number, valueOf: (cost: ProcessCost) => number) =>
  ({ costs }: SwarmOutcome): number => {
    const cost = costs[process];
    return cost === undefined ? NaN : valueOf(cost);
  };
