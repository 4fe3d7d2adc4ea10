/** Two runs, or two sets of runs: what changed, and whether it is more than noise. */
import { mean, sampleVariance } from 'simple-statistics';
import { metricFacts, type MetricFacts } from './figures.ts';
import type { Metrics } from './metrics.ts';
import { type Spread, spreadOf, valuesOf } from './spread.ts';
import { twoSidedChance } from './students-t.ts';

export type Comparison = {
  readonly metric: MetricFacts;
  readonly before: Spread;
  readonly after: Spread;
  /** Of the mean: relative to `before`, or the difference itself where the metric is a share. */
  readonly change: number;
  /** How probable a difference like this is by chance alone (Welch's t-test); null when either side is a single run. */
  readonly chance: number | null;
  readonly verdict: 'same' | 'small' | 'noise' | 'better' | 'worse' | 'changed';
};

/** Over all metrics together: how often two sets of equal runs may be called different. */
const falseAlarms = 0.05;

/** Of the metrics of which both sides say something. `threshold` is a share: 0.05 lets pass what changed by 5 %. */
export function compare(
  before: readonly Metrics[],
  after: readonly Metrics[],
  threshold: number,
): readonly Comparison[] {
  const both = metricFacts.flatMap((metric) => {
    const a = valuesOf(before, metric.name);
    const b = valuesOf(after, metric.name);
    return a.length > 0 && b.length > 0 ? [{ metric, a, b }] : [];
  });
  // Each of many tests is made stricter, so that all of them together keep the promise (Bonferroni).
  const level = falseAlarms / Math.max(1, both.length);
  return both.map(({ metric, a, b }) => comparison(metric, { a, b }, { threshold, level }));
}

export const isNews = ({ verdict }: Comparison): boolean =>
  verdict === 'better' || verdict === 'worse' || verdict === 'changed';

type Sides = { readonly a: readonly number[]; readonly b: readonly number[] };

function comparison(
  metric: MetricFacts,
  { a, b }: Sides,
  limits: { readonly threshold: number; readonly level: number },
): Comparison {
  const before = spreadOf(a) ?? nothing;
  const after = spreadOf(b) ?? nothing;
  const change = changeOf(metric, before.mean, after.mean);
  const chance = welch(a, b);
  const verdict = verdictOf({ metric, change, chance }, limits);
  return { metric, before, after, change, chance, verdict };
}

/** Never met: who calls has values. */
const nothing: Spread = { runs: 0, mean: 0, deviation: null, low: null, high: null };

function changeOf({ unit }: MetricFacts, before: number, after: number): number {
  const difference = after - before;
  // A share of nearly nothing may double without anybody being the worse for it.
  if (unit === '%' || difference === 0) return difference;
  return difference / Math.abs(before);
}

function verdictOf(
  { metric, change, chance }: Pick<Comparison, 'metric' | 'change' | 'chance'>,
  { threshold, level }: { readonly threshold: number; readonly level: number },
): Comparison['verdict'] {
  if (change === 0) return 'same';
  if (Math.abs(change) <= threshold) return 'small';
  if (chance !== null && chance >= level) return 'noise';
  if (metric.better === 'neither') return 'changed';
  return change > 0 === (metric.better === 'more') ? 'better' : 'worse';
}

/** Welch's t-test: two means whose variances may differ. Null when a side is a single value. */
export function welch(a: readonly number[], b: readonly number[]): number | null {
  if (a.length < 2 || b.length < 2) return null;
  const ofA = sampleVariance([...a]) / a.length;
  const ofB = sampleVariance([...b]) / b.length;
  const difference = mean([...a]) - mean([...b]);
  if (ofA + ofB === 0) return difference === 0 ? 1 : 0;
  const freedom = (ofA + ofB) ** 2 / (ofA ** 2 / (a.length - 1) + ofB ** 2 / (b.length - 1));
  return twoSidedChance(difference / Math.sqrt(ofA + ofB), freedom);
}
