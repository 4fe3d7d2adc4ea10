/** Puts what a bench has found under `reports/runs/bench`: figures, a page, a chart. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { csv } from '../../../reports/csv.ts';
import { table } from '../../../reports/markdown.ts';
import type { Environment } from '../../../sim/world.ts';
import { packageFile } from '../../package-file.ts';
import { comparisonsOf, type Measurement, spreadOf } from '../measurement.ts';
import { chartOf } from './chart.ts';
import { figure } from './table.ts';

/** Returns the directory. What the last bench left there is written over. */
export async function writeBenchReport(
  measurements: readonly Measurement[],
  environment: Environment,
): Promise<string> {
  const dir = packageFile('reports/runs/bench');
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'runs.csv'), [...csv(columns, rowsOf(measurements))].join(''));
  await writeFile(join(dir, 'bench.md'), pageOf(measurements, environment));
  await writeFile(join(dir, 'chart.svg'), chartOf(measurements));
  return dir;
}

const columns = ['bench', 'subject', 'metric', 'run', 'value'];

const rowsOf = (measurements: readonly Measurement[]): (string | number)[][] =>
  measurements.flatMap(({ bench, subject, metric, values }) =>
    values.map((value, run) => [bench, subject, metric, run + 1, value]),
  );

/** Medians with their quartiles, every program held against every other, and what it was measured on. */
export function pageOf(measurements: readonly Measurement[], environment: Environment): string {
  const medians = measurements.map(({ bench, subject, metric, values }) => {
    const { median, low, high, runs } = spreadOf(values);
    return [bench, subject, metric, figure(median), `${figure(low)}..${figure(high)}`, runs];
  });
  const ratios = comparisonsOf(measurements).map((each) => [
    ...[each.bench, each.subject, each.against, each.metric],
    figure(each.ratio),
  ]);
  return [
    '# Bench',
    'Medians of interleaved runs. Figures of different reports do not compare; ratios do.',
    table(['bench', 'program', 'figure', 'median', 'quartiles', 'runs'], medians),
    '## Ratios',
    table(['bench', 'program', 'against', 'figure', 'ratio'], ratios),
    '## Measured on',
    table(
      ['what', 'is'],
      Object.entries(environment).map(([what, is]) => [what, String(is)]),
    ),
    '![medians](chart.svg)\n',
  ].join('\n\n');
}
