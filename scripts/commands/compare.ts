/** `swarmproof compare A B`: what changed between two runs or two sets of runs, and whether it is more than noise. */
import type { Comparison } from '../../reports/comparison.ts';
import type * as comparing from '../../reports/comparison.ts';
import { type Command, defineCommand } from '../command-line/command.ts';
import { usageError } from '../command-line/command-error.ts';
import { exitCode } from '../command-line/exit-code.ts';
import type { Output } from '../command-line/output.ts';
import type * as reading from '../scenario/read-runs.ts';
import type { RunSet } from '../scenario/read-runs.ts';
import type * as showing from '../show/comparison-table.ts';
import { countText } from '../show/units.ts';

export const compareCommand: Command = defineCommand({
  syntax: 'compare <before> <after>',
  describe:
    'what changed between two runs or sets of runs; exits with 1 when more than the threshold and more than noise did',
  positionals: {
    before: {
      type: 'string',
      demandOption: true,
      describe: 'a record, the folder of a report or of several, or a document of --json',
    },
    after: { type: 'string', demandOption: true, describe: 'the same' },
  },
  flags: {
    threshold: {
      type: 'number',
      requiresArg: true,
      default: 5,
      describe: 'change in per cent (of shares: in points) that is let pass',
    },
  },
  examples: [
    ['compare before.json after.json', 'two documents of `sweep --json`'],
    ['compare reports/runs/churn/a reports/runs/churn/b --threshold 10', 'two single runs'],
  ],
  run: async (args, { output }) => {
    const { threshold } = args;
    if (!(threshold >= 0)) throw usageError('--threshold is a number of per cent from 0 up');
    const { readRuns, compare, isNews, comparisonTable } = await bench();
    const before = await readRuns(args.before);
    const after = await readRuns(args.after);
    const rows = compare(before.metrics, after.metrics, threshold / 100);
    const hasMoreFailures = after.failed / after.runs > before.failed / before.runs;
    if (rows.length === 0 && !hasMoreFailures)
      throw usageError('there is no figure that both of them have');
    const news = rows.filter(isNews);
    const isChanged = news.length > 0 || hasMoreFailures;
    output.document({
      changed: isChanged,
      threshold,
      before: told(before),
      after: told(after),
      rows,
    });
    tell(output, { before, after }, comparisonTable(rows));
    output.answer(conclusion(news, { threshold, hasMoreFailures }));
    return isChanged ? exitCode.failed : exitCode.passed;
  },
});

/** See run.ts. */
const bench = async (): Promise<Bench> => ({
  ...(await import('../scenario/read-runs.ts')),
  ...(await import('../../reports/comparison.ts')),
  ...(await import('../show/comparison-table.ts')),
});

type Bench = typeof reading & typeof comparing & typeof showing;

const told = ({ scenarios, runs, failed }: RunSet): Omit<RunSet, 'metrics'> => ({
  scenarios,
  runs,
  failed,
});

function tell(
  output: Output,
  { before, after }: { readonly before: RunSet; readonly after: RunSet },
  table: string,
): void {
  const line = ({ scenarios, runs, failed }: RunSet): string =>
    `${countText(runs, 'run')} of ${scenarios.join(', ')}, ${failed} failed`;
  output.answer(`before: ${line(before)}\nafter:  ${line(after)}`);
  if (before.scenarios.join() !== after.scenarios.join())
    output.warn('these are not runs of the same scenario');
  if (before.runs === 1 || after.runs === 1)
    output.say('A single run knows no noise: what differs by more than the threshold counts.');
  output.answer(table);
}

function conclusion(
  news: readonly Comparison[],
  { threshold, hasMoreFailures }: { readonly threshold: number; readonly hasMoreFailures: boolean },
): string {
  const parts = news.map(({ metric, verdict }) => `${metric.label} (${verdict})`);
  if (hasMoreFailures) parts.unshift('more runs failed');
  return parts.length === 0
    ? `nothing changed by more than ${threshold} % and more than noise`
    : `changed: ${parts.join(', ')}`;
}
