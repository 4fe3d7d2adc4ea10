/** Two sets of runs side by side, for a terminal. */
import type { Comparison } from '../../reports/comparison.ts';
import { metricText } from '../../reports/figures.ts';
import { columns } from './columns.ts';

export const comparisonTable = (rows: readonly Comparison[]): string =>
  columns([['', 'before', 'after', 'change', 'chance', ''], ...rows.map(cells)]);

/** `chance`: how often equal sets differ as much; empty where a single run leaves it open. */
function cells({ metric, before, after, change, chance, verdict }: Comparison): readonly string[] {
  return [
    metric.label,
    metricText(before.mean, metric.unit),
    metricText(after.mean, metric.unit),
    change === 0 ? '0' : signed(change * 100, metric.unit === '%' ? ' points' : ' %'),
    chance === null ? '' : chance.toFixed(4),
    verdict,
  ];
}

const signed = (value: number, unit: string): string =>
  `${value > 0 ? '+' : ''}${value.toFixed(2)}${unit}`;
