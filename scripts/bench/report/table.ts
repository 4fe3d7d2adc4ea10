/** The figures of a bench as people read them. */
import { columns } from '../../show/columns.ts';
import { type Measurement, spreadOf } from '../measurement.ts';

/** A table for each bench: a line for each program and metric, and its ratio to the first program. */
export function tableOf(measurements: readonly Measurement[]): string {
  const benches = [...new Set(measurements.map(({ bench }) => bench))];
  return benches
    .map((bench) => {
      const rows = measurements.filter((each) => each.bench === bench).map(rowOf(measurements));
      return `${bench}\n${columns([head, ...rows])}`;
    })
    .join('\n\n');
}

const head = ['program', 'figure', 'median', 'quartiles', 'runs', 'ours to it'];

const rowOf =
  (all: readonly Measurement[]) =>
  (measurement: Measurement): string[] => {
    const { bench, metric, subject, values } = measurement;
    const spread = spreadOf(values);
    const ours = all.find((other) => other.bench === bench && other.metric === metric);
    const ratio = ours === undefined ? 1 : spreadOf(ours.values).median / spread.median;
    return [
      subject,
      metric,
      figure(spread.median),
      `${figure(spread.low)}..${figure(spread.high)}`,
      String(spread.runs),
      ratio.toFixed(2),
    ];
  };

/** Three digits that count. */
export const figure = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
