/** A series of runs for people: the table of its figures, and the line that repeats each run that failed. */
import { metricFacts, metricText } from '../../reports/figures.ts';
import type { Outcome, Series } from '../../reports/series.ts';
import { columns } from './columns.ts';
import { printable } from './printable.ts';
import { countText } from './units.ts';

/** Failures that are told one by one; whoever breaks a hundred seeds wants to repeat the first. */
const maxFailuresTold = 20;

export function spreadTable({ spreads }: Pick<Series, 'spreads'>): string {
  const rows = metricFacts.flatMap(({ name, label, unit }) => {
    const spread = spreads[name];
    if (spread === null) return [];
    const text = (value: number | null): string => (value === null ? '' : metricText(value, unit));
    const { mean, deviation, low, high, runs } = spread;
    const interval = low === null ? '' : `${text(low)} .. ${text(high)}`;
    return [[label, text(mean), text(deviation), interval, String(runs)]];
  });
  return columns([['', 'mean', 'deviation', '95 % interval of the mean', 'runs'], ...rows]);
}

/** Two lines for each: what broke, and how to repeat it. */
export function failureLines({ failures }: Pick<Series, 'failures'>): readonly string[] {
  const told = failures.slice(0, maxFailuresTold).flatMap(linesOf);
  const left = failures.length - maxFailuresTold;
  return left > 0 ? [...told, `and ${countText(left, 'more failed run')}`] : told;
}

const linesOf = ({ seed, verdict, broken, replay }: Outcome): readonly string[] => {
  const [first] = broken;
  const why = first === undefined ? '' : `: ${first.name}: ${printable(first.detail)}`;
  return [`seed ${seed} ${verdict}${why}`, `  ${replay}`];
};
