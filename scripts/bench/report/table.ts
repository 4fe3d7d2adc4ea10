/** The figures of a bench as people read them. */
import { columns } from '../../show/columns.ts';
import { type Goal, type Measurement, spreadOf } from '../measurement.ts';

/** A table for each bench: a line for each program and metric, and its ratio to the first program. Details are left out. */
export function tableOf(measurements: readonly Measurement[]): string {
  const shown = measurements.filter(({ isDetail }) => isDetail !== true);
  const benches = [...new Set(shown.map(({ bench }) => bench))];
  return benches
    .map((bench) => {
      const ofBench = shown.filter((each) => each.bench === bench);
      // All programs in one figure below each other: that is what is compared.
      const metrics = [...new Set(ofBench.map(({ metric }) => metric))];
      const rows = metrics.flatMap((metric) =>
        ofBench.filter((each) => each.metric === metric).map(rowOf(shown)),
      );
      return `${bench}\n${columns([head, ...rows])}`;
    })
    .join('\n\n');
}

const head = ['program', 'figure', 'median', 'quartiles', 'runs', 'ours to it', 'goal'];

const rowOf =
  (all: readonly Measurement[]) =>
  (measurement: Measurement): string[] => {
    const { bench, goal, metric, subject, values } = measurement;
    const spread = spreadOf(values);
    const ours = all.find((other) => other.bench === bench && other.metric === metric);
    const ratio = ours === undefined ? 1 : spreadOf(ours.values).median / spread.median;
    return [
      subject,
      metric,
      figure(spread.median),
      `${figure(spread.low)}..${figure(spread.high)}`,
      String(spread.runs),
      ours === measurement || spread.median === 0 ? '' : ratio.toFixed(2),
      goal === undefined ? '' : goalText(goal),
    ];
  };

/** Three digits that count. */
export const figure = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

const goalText = (goal: Goal): string =>
  'atMost' in goal ? `at most ${figure(goal.atMost)}` : `at least ${figure(goal.atLeast)}`;
