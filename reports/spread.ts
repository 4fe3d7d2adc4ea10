/** What several runs say together of one figure. */
import { mean, sampleStandardDeviation } from 'simple-statistics';
import { metricFacts, type MetricName } from './figures.ts';
import type { Metrics } from './metrics.ts';
import { criticalT } from './students-t.ts';

export type Spread = {
  /** Runs that say something of it. */
  readonly runs: number;
  readonly mean: number;
  /** The sample's standard deviation; null of a single run. */
  readonly deviation: number | null;
  /** Ends of the 95 % confidence interval of the mean, by Student's t; null of a single run. */
  readonly low: number | null;
  readonly high: number | null;
};

/** The interval leaves out the true mean with this chance. */
const missChance = 0.05;

/** Undefined of no value at all. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const runs = values.length;
  if (runs === 0) return undefined;
  const middle = mean([...values]);
  if (runs === 1) return { runs, mean: middle, deviation: null, low: null, high: null };
  const deviation = sampleStandardDeviation([...values]);
  const half = (criticalT(missChance, runs - 1) * deviation) / Math.sqrt(runs);
  return { runs, mean: middle, deviation, low: middle - half, high: middle + half };
}

export type Spreads = { readonly [Name in MetricName]: Spread | null };

/** Of every metric; null where no run says anything of it. */
export const spreadsOf = (runs: readonly Metrics[]): Spreads =>
  Object.fromEntries(
    metricFacts.map(({ name }) => [name, spreadOf(valuesOf(runs, name)) ?? null]),
  ) as Spreads;

export const valuesOf = (runs: readonly Metrics[], name: MetricName): readonly number[] =>
  runs.flatMap((metrics) => metrics[name] ?? []);
