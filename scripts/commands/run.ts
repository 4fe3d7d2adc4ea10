/** `swarmproof run SCENARIO`: plays a scenario on loopback, checks it and writes a report. */
import { basename } from 'node:path';
import type { RunResult } from '../../reports/result.ts';
import type { CheckResult, RunRecord } from '../../sim/record.ts';
import { type Command, type Context, defineCommand } from '../command-line/command.ts';
import { usageError } from '../command-line/command-error.ts';
import { exitCode, type ExitCode } from '../command-line/exit-code.ts';
import { annotateForGitHub } from '../scenario/github.ts';
import { defaultReportDir, randomSeed, runScenario } from '../scenario/run-scenario.ts';
import { Bars } from '../show/bars.ts';
import { printable } from '../show/printable.ts';
import { RunBars } from '../show/run-bars.ts';
import { stopRequest } from '../command-line/terminal.ts';

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
    const seed = seedOf(args.seed);
    const name = basename(args.scenario).replace(/[.][a-z]+$/, '');
    const reportDir = args.report ?? defaultReportDir(name, seed, new Date());
    output.say(`Playing ${printable(args.scenario)} with seed ${seed} ...`);
    const { record, result } = await played();
    output.document(result);
    tell(context, record, result);
    await annotateForGitHub(terminal, result);
    return codeOf(record, stop.signal);

    async function played(): ReturnType<typeof runScenario> {
      using bars = new Bars(output);
      const view = new RunBars(bars);
      return await runScenario(args.scenario, {
        seed,
        set: args.set,
        reportDir,
        signal: stop.signal,
        onProgress: (progress) => view.update(progress),
      });
    }
  },
});

function seedOf(given: number | undefined): number {
  if (given === undefined) return randomSeed();
  if (!Number.isSafeInteger(given) || given < 0)
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
  if (result.verdict !== 'passed') output.warn(`${result.verdict}; to repeat it: ${result.replay}`);
  else output.say(`To repeat it: ${result.replay}`);
}

const checkLine = ({ name, held, detail }: CheckResult): string =>
  `  ${held ? 'ok    ' : 'BROKEN'}  ${name}: ${printable(detail)}`;

function codeOf({ end }: RunRecord, signal: AbortSignal): ExitCode {
  if (end.interrupted)
    return signal.reason === 'SIGTERM' ? exitCode.terminated : exitCode.interrupted;
  switch (end.verdict) {
    case 'passed':
      return exitCode.passed;
    case 'failed':
      return exitCode.failed;
    case 'unsupported':
      return exitCode.unable;
  }
}
