/** `swarmproof run --repeat K`: one scenario with K seeds in turn, and how its figures spread. */
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type Series, seriesOf } from '../../reports/series.ts';
import type { RunResult } from '../../reports/result.ts';
import type { Context } from '../command-line/command.ts';
import { exitCode, type ExitCode } from '../command-line/exit-code.ts';
import type { Output } from '../command-line/output.ts';
import { exitOfInterrupt } from '../command-line/terminal.ts';
import { annotateForGitHub } from '../scenario/github.ts';
import type { LoadedScenario } from '../scenario/load-scenario.ts';
import { playSeeds, type PlaySeedsOptions } from '../scenario/play-seeds.ts';
import { defaultReportDir } from '../scenario/run-scenario.ts';
import type { WorldChoice } from '../scenario/worlds.ts';
import { type Bar, Bars } from '../show/bars.ts';
import { failureLines, spreadTable } from '../show/series-text.ts';
import { countText } from '../show/units.ts';

export type RunOrder = {
  readonly loaded: LoadedScenario;
  readonly world: WorldChoice;
  readonly set: readonly string[];
  /** Of the first run. */
  readonly seed: number;
  /** The folder of the report; of several runs it has a folder for each seed. */
  readonly report: string | undefined;
  readonly signal: AbortSignal;
};

export async function playRepeated(
  order: RunOrder,
  count: number,
  { output, terminal }: Context,
): Promise<ExitCode> {
  const { loaded, world, set, seed, report, signal } = order;
  const { name } = loaded.scenario;
  const startedAt = performance.now();
  output.say(`Playing ${name} with ${countText(count, 'seed')} from ${seed} on ...`);
  const results: RunResult[] = [];
  const outcomes = await withBar(output, count, (bar) =>
    playSeeds(loaded, {
      ...world,
      seeds: Array.from({ length: count }, (_, i) => seed + i),
      set,
      signal,
      reportDirOf: reportDirOf(name, report),
      onResult: (result) => {
        results.push(result);
        bar.update(results.length, `seed ${result.seed} ${result.verdict}`);
        output.say(`seed ${result.seed} ${result.verdict}: ${result.report}/report.md`);
      },
    }),
  );
  const wallSeconds = (performance.now() - startedAt) / 1_000;
  const fidelity = world.world === 'virtual' ? world.fidelity : null;
  const series = seriesOf({ scenario: name, world: world.world, fidelity, wallSeconds }, outcomes);
  output.document(series);
  tellSeries(output, series);
  for (const result of results) await annotateForGitHub(terminal, result);
  return exitOfSeries(series, signal);
}

/** The table, the verdict, and a line to repeat each run that failed. */
export function tellSeries(output: Output, series: Series): void {
  output.answer(spreadTable(series));
  const style = series.verdict === 'passed' ? 'green' : 'red';
  const runs = countText(series.runs, 'run');
  const failed = series.failures.length === 0 ? '' : `, ${series.failures.length} of them failed`;
  output.answer(
    `${output.styled(['bold', style], series.verdict)}: ${series.scenario}, ${runs}${failed}`,
  );
  for (const line of failureLines(series)) output.warn(line);
}

export function exitOfSeries({ verdict, failures }: Series, signal: AbortSignal): ExitCode {
  if (signal.aborted) return exitOfInterrupt(signal);
  if (failures.some((outcome) => outcome.verdict === 'unsupported')) return exitCode.unable;
  return verdict === 'passed' ? exitCode.passed : exitCode.failed;
}

function reportDirOf(name: string, report: string | undefined): PlaySeedsOptions['reportDirOf'] {
  const now = new Date();
  return (seed) =>
    report === undefined ? defaultReportDir(name, seed, now) : join(report, String(seed));
}

async function withBar<Result>(
  output: Output,
  total: number,
  play: (bar: Bar) => Promise<Result>,
): Promise<Result> {
  using bars = new Bars(output);
  return await play(bars.add('runs', total));
}
