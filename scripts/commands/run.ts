/** `swarmproof run SCENARIO`: plays a scenario on loopback, checks it and writes a report. */
import type { RunResult } from '../../reports/result.ts';
import type { CheckResult, RunRecord } from '../../sim/record.ts';
import type { Progress } from '../../sim/run.ts';
import { type Command, type Context, defineCommand } from '../command-line/command.ts';
import { usageError } from '../command-line/command-error.ts';
import { exitCode, type ExitCode } from '../command-line/exit-code.ts';
import type { Output } from '../command-line/output.ts';
import type * as loading from '../scenario/load-scenario.ts';
import type * as running from '../scenario/run-scenario.ts';
import { annotateForGitHub } from '../scenario/github.ts';
import { Bars } from '../show/bars.ts';
import { printable } from '../show/printable.ts';
import { RunBars } from '../show/run-bars.ts';
import { exitOfInterrupt, stopRequest } from '../command-line/terminal.ts';

export const runCommand: Command = defineCommand({
  syntax: 'run <scenario>',
  describe: 'play a scenario with real peers on loopback; exits with 1 when a check fails',
  positionals: {
    scenario: {
      type: 'string',
      demandOption: true,
      describe: 'a library name, or a .ts, .yaml or .json file',
    },
  },
  flags: {
    seed: { type: 'number', requiresArg: true, describe: 'repeats the choices of an earlier run' },
    set: {
      type: 'string',
      array: true,
      default: [],
      requiresArg: true,
      describe: 'change the scenario: peers.leecher.count=3',
    },
    report: {
      type: 'string',
      requiresArg: true,
      describe: 'folder of the report (reports/runs/SCENARIO/TIME-SEED)',
    },
  },
  examples: [
    ['run multi-seeder-download', 'three seeders, one download'],
    [
      'run flash-crowd --set peers.leecher.count=10 --seed 7',
      'smaller, and the same again each time',
    ],
  ],
  run: async (args, context) => {
    const { output, terminal } = context;
    using stop = stopRequest(terminal);
    const { loadScenario, defaultReportDir, playScenario, randomSeed } = await bench();
    const seed = checkedSeed(args.seed) ?? randomSeed();
    const loaded = await loadScenario(args.scenario, args.set);
    const { name } = loaded.scenario;
    const reportDir = args.report ?? defaultReportDir(name, seed, new Date());
    output.say(`Playing ${name} with seed ${seed} ...`);
    const { signal } = stop;
    const { record, result } = await withBars(output, (onProgress) =>
      playScenario(loaded, { seed, set: args.set, reportDir, signal, onProgress }),
    ).catch((error: unknown) => {
      signal.throwIfAborted(); // What ends before it has begun leaves nothing to report.
      throw error;
    });
    output.document(result);
    tell(context, record, result);
    await annotateForGitHub(terminal, result);
    return codeOf(record, signal);
  },
});

/**
 * Loaded when it is needed: a seeder has no use for its memory. Apart from its caller, since TypeScript 6
 * leaves an import as it is in a function with `using`.
 */
const bench = async (): Promise<Bench> => ({
  ...(await import('../scenario/load-scenario.ts')),
  ...(await import('../scenario/run-scenario.ts')),
});

type Bench = typeof loading & typeof running;

async function withBars<Result>(
  output: Output,
  play: (onProgress: (progress: Progress) => void) => Promise<Result>,
): Promise<Result> {
  using bars = new Bars(output);
  const view = new RunBars(bars);
  return await play((progress) => view.update(progress));
}

function checkedSeed(given: number | undefined): number | undefined {
  if (given !== undefined && (!Number.isSafeInteger(given) || given < 0))
    throw usageError('--seed is a whole number from 0 up');
  return given;
}

function tell({ output }: Context, { end }: RunRecord, result: RunResult): void {
  for (const check of result.checks) output.answer(checkLine(check));
  const style = result.verdict === 'passed' ? 'green' : 'red';
  const interrupted = end.interrupted ? ', interrupted' : '';
  output.answer(
    `${output.styled(['bold', style], result.verdict)}${interrupted}: ${result.scenario}`,
  );
  output.answer(`Report: ${result.report}/report.md`);
  if (end.interrupted) output.warn('interrupted');
  else if (result.verdict !== 'passed')
    output.warn(`${result.verdict}; to repeat it: ${result.replay}`);
  else output.say(`To repeat it: ${result.replay}`);
}

const checkLine = ({ name, held, detail }: CheckResult): string =>
  `  ${held ? 'ok    ' : 'BROKEN'}  ${name}: ${printable(detail)}`;

function codeOf({ end }: RunRecord, signal: AbortSignal): ExitCode {
  if (end.interrupted) return exitOfInterrupt(signal);
  switch (end.verdict) {
    case 'passed':
      return exitCode.passed;
    case 'failed':
      return exitCode.failed;
    case 'unsupported':
      return exitCode.unable;
  }
}
