/** `swarmproof fuzz`: random swarms with random faults, judged by invariants; what fails is made small and kept. */
import { performance } from 'node:perf_hooks';
import { focuses } from '../../sim/fuzz/features.ts';
import { type Command, type Context, defineCommand } from '../command-line/command.ts';
import { exitCode, type ExitCode } from '../command-line/exit-code.ts';
import { exitOfInterrupt, stopRequest } from '../command-line/terminal.ts';
import { durationOption } from '../options/durations.ts';
import { checkedCount, checkedSeed, seedFlag, worldFlags } from '../options/world-flags.ts';
import type * as fuzzing from '../scenario/fuzz.ts';
import type { FuzzOrder } from '../scenario/fuzz.ts';
import type * as running from '../scenario/run-scenario.ts';
import { Bars } from '../show/bars.ts';
import { fuzzSummary } from '../show/fuzz-text.ts';

const maxRuns = 1_000_000;
const usualRuns = 200;

export const fuzzCommand: Command = defineCommand({
  syntax: 'fuzz [scenario]',
  describe:
    'play random swarms with random faults and look for broken invariants; exits with 1 when any is found',
  positionals: {
    scenario: {
      type: 'string',
      describe: 'a file that an earlier hunt has left: play just this, with all invariants',
    },
  },
  flags: {
    runs: {
      type: 'number',
      requiresArg: true,
      defaultDescription: `${usualRuns}, or without end with --time`,
      describe: 'how many swarms',
    },
    seed: seedFlag,
    time: {
      type: 'string',
      requiresArg: true,
      describe: 'begin no other after so long: 30s, 5min',
    },
    focus: {
      choices: focuses,
      requiresArg: true,
      describe: 'what the faults are mostly about (default: all in turn)',
    },
    fidelity: { ...worldFlags.fidelity, describe: 'for a single scenario (default: byte-exact)' },
    out: {
      type: 'string',
      requiresArg: true,
      default: 'input/regressions',
      describe: 'folder for the scenarios that fail',
    },
    'max-failures': {
      type: 'number',
      requiresArg: true,
      default: 5,
      describe: 'so many failures are enough',
    },
  },
  examples: [
    ['fuzz --runs 2000 --seed 1', 'two thousand swarms'],
    ['fuzz --time 30s --focus disk', 'half a minute of full disks and power cuts'],
  ],
  run: async (args, context) => {
    using stop = stopRequest(context.terminal);
    const { signal } = stop;
    const { randomSeed, playWatched, fuzz } = await bench();
    const seed = checkedSeed(args.seed) ?? randomSeed();
    const { scenario, fidelity = 'byte-exact', focus, out } = args;
    if (scenario !== undefined) {
      const wrong = await playWatched(scenario, { seed, fidelity, signal });
      return tellOne(context, wrong, signal);
    }
    const time = durationOption(args.time);
    const most = time === undefined ? usualRuns : Infinity;
    const runs = args.runs === undefined ? most : checkedCount('runs', args.runs, maxRuns);
    const mostFailures = checkedCount('max-failures', args['max-failures'], maxRuns);
    const order: FuzzOrder = { runs, seed, time, focus, out, mostFailures, signal };
    context.output.say(`Fuzzing from seed ${seed} on ...`);
    return await hunted(context, order, fuzz);
  },
});

async function hunted(
  { output }: Context,
  order: FuzzOrder,
  fuzz: (typeof fuzzing)['fuzz'],
): Promise<ExitCode> {
  const { runs, signal } = order;
  const report = await withProgress(output, runs, (onRun) => fuzz(order, onRun));
  output.document(report);
  output.answer(fuzzSummary(report));
  for (const { check, detail, replay } of report.failures)
    output.warn(`${check}: ${detail}; to repeat it: ${replay}`);
  if (report.failures.length > 0) return exitCode.failed;
  return signal.aborted ? exitOfInterrupt(signal) : exitCode.passed;
}

function tellOne(
  { output }: Context,
  wrong: readonly { readonly name: string; readonly detail: string }[],
  signal: AbortSignal,
): ExitCode {
  output.document({ failed: wrong });
  for (const { name, detail } of wrong) output.warn(`${name}: ${detail}`);
  output.answer(wrong.length === 0 ? 'passed: every invariant held' : 'failed');
  if (wrong.length > 0) return exitCode.failed;
  return signal.aborted ? exitOfInterrupt(signal) : exitCode.passed;
}

async function withProgress<Result>(
  output: Context['output'],
  total: number,
  play: (onRun: (done: number, failed: number) => void) => Promise<Result>,
): Promise<Result> {
  using bars = new Bars(output);
  const bar = bars.add('runs', Number.isFinite(total) ? total : 1);
  const startedAt = performance.now();
  return await play((done, failed) => {
    const perSec = (done / (performance.now() - startedAt)) * 1_000;
    const note = `${done} runs, ${perSec.toFixed(1)}/s, ${failed} failed`;
    bar.update(Number.isFinite(total) ? done : 0, note);
  });
}

/** See run.ts. */
const bench = async (): Promise<Bench> => ({
  ...(await import('../scenario/run-scenario.ts')),
  ...(await import('../scenario/fuzz.ts')),
});

type Bench = typeof running & typeof fuzzing;
