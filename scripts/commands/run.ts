/** `swarmproof run SCENARIO`: plays a scenario, checks it and writes a report; with `--repeat` once for each of some seeds. */
import type { RunResult } from '../../reports/result.ts';
import type { RunRecord } from '../../sim/record.ts';
import { type Command, type Context, defineCommand } from '../command-line/command.ts';
import type { ExitCode } from '../command-line/exit-code.ts';
import { stopRequest } from '../command-line/terminal.ts';
import { checkedCount, checkedSeed, seedFlag, worldFlags } from '../options/world-flags.ts';
import { annotateForGitHub } from '../scenario/github.ts';
import type * as loading from '../scenario/load-scenario.ts';
import type * as running from '../scenario/run-scenario.ts';
import type * as worlds from '../scenario/worlds.ts';
import type * as hostility from './run-hostile.ts';
import type * as repeating from './run-repeated.ts';
import type { RunOrder } from './run-repeated.ts';
import { exitOfRun, tellVerdict } from '../show/verdict-text.ts';
import { withRunBars } from '../show/with-run-bars.ts';

/** More seeds than this are a sweep's business, which plays them side by side. */
const maxRepeats = 10_000;

export const runCommand: Command = defineCommand({
  syntax: 'run <scenario>',
  describe:
    'play a scenario with real peers on loopback or in virtual time; exits with 1 when a check fails',
  positionals: {
    scenario: {
      type: 'string',
      demandOption: true,
      describe: 'a library name, or a .ts, .yaml or .json file',
    },
  },
  flags: {
    ...worldFlags,
    seed: seedFlag,
    repeat: {
      type: 'number',
      requiresArg: true,
      describe: 'play it with so many seeds, counting up, and say how the figures spread',
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
    ['run flash-crowd --world virtual --repeat 10', 'ten seeds in virtual time: mean and spread'],
    ['run hostile --set kind=all --world virtual', 'what becomes of every kind of hostile peer'],
  ],
  run: async (args, context) => {
    using stop = stopRequest(context.terminal);
    const { signal } = stop;
    const { loadScenario, chooseWorld, randomSeed, playRepeated, ...hostile } = await bench();
    const seed = checkedSeed(args.seed) ?? randomSeed();
    if (hostile.asksForKinds(args.scenario, args.set))
      return await hostile.playHostile({ ...args, seed, signal }, context);
    const loaded = await loadScenario(args.scenario, args.set);
    const world = chooseWorld(loaded.scenario, args);
    const order: RunOrder = { loaded, world, set: args.set, seed, report: args.report, signal };
    // Awaited, since the request to stop is listened to until this function ends.
    if (args.repeat === undefined) return await playOnce(order, context);
    return await playRepeated(order, checkedCount('repeat', args.repeat, maxRepeats), context);
  },
});

async function playOnce(order: RunOrder, context: Context): Promise<ExitCode> {
  const { loaded, world, set, seed, signal } = order;
  const { output, terminal } = context;
  const { defaultReportDir, playScenario } = await bench();
  const { name } = loaded.scenario;
  const reportDir = order.report ?? defaultReportDir(name, seed, new Date());
  output.say(`Playing ${name} with seed ${seed} ...`);
  const { record, result } = await withRunBars(output, (onProgress) =>
    playScenario(loaded, { ...world, seed, set, reportDir, signal, onProgress }),
  ).catch((error: unknown) => {
    signal.throwIfAborted(); // What ends before it has begun leaves nothing to report.
    throw error;
  });
  output.document(result);
  tell(context, record, result);
  await annotateForGitHub(terminal, result);
  return exitOfRun(record, signal);
}

function tell({ output }: Context, record: RunRecord, result: RunResult): void {
  tellVerdict(output, record, result);
  output.answer(`Report: ${result.report}/report.md`);
  if (result.world === 'virtual') output.answer(`Trace hash: ${result.traceHash}`);
  if (record.end.interrupted) output.warn('interrupted');
  else if (result.verdict !== 'passed')
    output.warn(`${result.verdict}; to repeat it: ${result.replay}`);
  else output.say(`To repeat it: ${result.replay}`);
}

/**
 * Loaded when it is needed: a seeder has no use for its memory. Apart from its caller, since TypeScript 6
 * leaves an import as it is in a function with `using`.
 */
const bench = async (): Promise<Bench> => ({
  ...(await import('../scenario/load-scenario.ts')),
  ...(await import('../scenario/run-scenario.ts')),
  ...(await import('../scenario/worlds.ts')),
  ...(await import('./run-repeated.ts')),
  ...(await import('./run-hostile.ts')),
});

type Bench = typeof loading & typeof running & typeof worlds & typeof repeating & typeof hostility;
