/** The metrics for people: what each is called, in what unit, and which way is better. */
import type { Bound } from '../sim/bound.ts';
import type { Metrics } from './metrics.ts';

export type MetricName = keyof Metrics;

export type MetricFacts = {
  readonly name: MetricName;
  readonly label: string;
  readonly unit: 'peers' | 's' | '%' | '';
  readonly better: 'less' | 'more' | 'neither';
};

const facts: Readonly<Record<MetricName, Omit<MetricFacts, 'name'>>> = {
  finished: { label: 'downloaded to the end', unit: 'peers', better: 'more' },
  completionMinSec: { label: 'fastest download', unit: 's', better: 'less' },
  completionP10Sec: { label: '10 % of them within', unit: 's', better: 'less' },
  completionP50Sec: { label: 'half of them within', unit: 's', better: 'less' },
  completionP90Sec: { label: '90 % of them within', unit: 's', better: 'less' },
  completionP99Sec: { label: '99 % of them within', unit: 's', better: 'less' },
  completionMaxSec: { label: 'slowest download', unit: 's', better: 'less' },
  completionMeanSec: { label: 'mean download', unit: 's', better: 'less' },
  boundRatio: { label: 'R, over the Kumar-Ross bound', unit: '', better: 'less' },
  meanBoundRatio: { label: 'mean completion over its bound', unit: '', better: 'less' },
  nearestBoundRatio: { label: 'nearest completion to its bound', unit: '', better: 'less' },
  uplinkUtilisation: { label: 'uplink utilisation', unit: '%', better: 'more' },
  seedRedundancy: { label: 'seed redundancy', unit: '', better: 'less' },
  allOutSec: { label: 'every piece left the first seeds within', unit: 's', better: 'less' },
  allOutRatio: { label: 'the same over the least time for it', unit: '', better: 'less' },
  downloadFairness: { label: 'Jain fairness of download rates', unit: '', better: 'more' },
  sharingFairness: { label: 'Jain fairness of bytes up per byte down', unit: '', better: 'more' },
  wastedShare: { label: 'wasted of what was received', unit: '%', better: 'less' },
};

/** In the order of the reports. */
export const metricFacts: readonly MetricFacts[] = (Object.keys(facts) as MetricName[]).map(
  (name) => ({ name, ...facts[name] }),
);

/** `12.346 s`, `93.40 %`, `1.204`. */
export function metricText(value: number, unit: MetricFacts['unit']): string {
  if (unit === '%') return `${(value * 100).toFixed(2)} %`;
  if (unit === 'peers') return String(Number(value.toFixed(2)));
  return unit === '' ? value.toFixed(3) : `${value.toFixed(3)} ${unit}`;
}

/** A line for each metric of which the run says something. */
export function figureLines(metrics: Metrics, bound: Bound | undefined): readonly string[] {
  const lines = metricFacts.flatMap(({ name, label, unit }) => {
    const value = metrics[name];
    const isTold = value !== null && name !== 'boundRatio';
    return isTold ? [`${label}: ${metricText(value, unit)}`] : [];
  });
  if (bound === undefined) return lines;
  const { kumarRossSec, binding, ratio } = bound;
  return [
    ...lines,
    `R = ${ratio.toFixed(3)}: the last finished in ${ratio.toFixed(3)} times the Kumar-Ross bound of ${kumarRossSec.toFixed(3)} s (${binding})`,
  ];
}
