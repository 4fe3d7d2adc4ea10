/** `swarmproof replay RECORD|LINE`: plays a run again and says whether it came to the same. */
import { existsSync } from 'node:fs';
import type { RunResult } from '../../reports/result.ts';
import type { RunRecord } from '../../sim/record.ts';
import { type Command, defineCommand } from '../command-line/command.ts';
import { usageError } from '../command-line/command-error.ts';
import { exitCode, type ExitCode } from '../command-line/exit-code.ts';
import type { Output } from '../command-line/output.ts';
import { exitOfInterrupt, stopRequest } from '../command-line/terminal.ts';
import type * as again from '../scenario/play-again.ts';
import type * as running from '../scenario/run-scenario.ts';
import { printable } from '../show/printable.ts';
import { exitOfVerdict, tellVerdict } from '../show/verdict-text.ts';
import { withRunBars } from '../show/with-run-bars.ts';

export const replayCommand: Command = defineCommand({
  syntax: 'replay <run>',
  describe:
    'play a run again, from its record or its line; exits with 0 when it came to the same, with 1 when not',
  positionals: {
    run: {
      type: 'string',
      demandOption: true,
      describe: 'a record.ndjson, the folder of a report, or the printed line in quotes',
    },
  },
  flags: {
    hash: {
      type: 'string',
      requiresArg: true,
      describe: 'the trace hash to expect (a record has its own)',
    },
    report: {
      type: 'string',
      requiresArg: true,
      describe: 'folder for a report; none unless said',
    },
  },
  examples: [
    ['replay reports/runs/flash-crowd/latest', 'the last run of flash-crowd'],
    [
      `replay 'swarmproof run churn --seed 7 --world virtual --fidelity elided'`,
      'a line that a failing run printed; without a hash to expect, exits as `run` does',
    ],
  ],
  run: async (args, { terminal, output }) => {
    using stop = stopRequest(terminal);
    const { signal } = stop;
    const { pastOf, playScenario, verdictOf } = await bench();
    if (args.hash !== undefined && !/^[0-9a-f]{64}$/.test(args.hash))
      throw usageError('--hash is 64 hex digits');
    const past = await pastOf(args.run, existsSync(args.run));
    output.say(`Playing ${past.loaded.scenario.name} with seed ${past.seed} again ...`);
    const { record, result } = await withRunBars(output, (onProgress) =>
      playScenario(past.loaded, {
        ...past.choice,
        seed: past.seed,
        set: past.set,
        signal,
        onProgress,
        ...(args.report !== undefined && { reportDir: args.report }),
      }),
    );
    if (record.end.interrupted) return exitOfInterrupt(signal);
    const verdict = verdictOf(past, { record, result }, args.hash);
    output.document({ ...verdict, result });
    tell(output, { record, result }, verdict);
    return exitOf(verdict, result);
  },
});

/** See run.ts. */
const bench = async (): Promise<Bench> => ({
  ...(await import('../scenario/play-again.ts')),
  ...(await import('../scenario/run-scenario.ts')),
});

type Bench = typeof again & typeof running;

function tell(
  output: Output,
  { record, result }: { readonly record: RunRecord; readonly result: RunResult },
  { isSame, expected, why, difference }: again.ReplayVerdict,
): void {
  tellVerdict(output, record, result);
  output.answer(`Trace hash: ${result.traceHash}${expected === null ? '' : `, was ${expected}`}`);
  const style = isSame === false ? 'red' : 'green';
  output.answer(output.styled(['bold', style], why));
  if (difference === null) return;
  output.answer(`  then: ${printable(difference.then)}`);
  output.answer(`  now:  ${printable(difference.now)}`);
}

const exitOf = ({ isSame }: again.ReplayVerdict, result: RunResult): ExitCode => {
  if (isSame === null) return exitOfVerdict(result.verdict);
  return isSame ? exitCode.passed : exitCode.failed;
};
