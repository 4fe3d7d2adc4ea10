/** One scenario with several seeds, one after the other in this process. */
import { type Outcome, outcomeOf } from '../../reports/series.ts';
import type { RunResult } from '../../reports/result.ts';
import type { LoadedScenario } from './load-scenario.ts';
import { playScenario, type RunScenarioOptions } from './run-scenario.ts';

export type PlaySeedsOptions = Omit<RunScenarioOptions, 'seed' | 'reportDir' | 'signal'> & {
  readonly seeds: readonly number[];
  readonly signal: AbortSignal;
  readonly reportDirOf: (seed: number) => string;
  readonly onResult: (result: RunResult) => void;
};

/** Ends early when the signal is aborted, with the runs that were whole by then. */
export async function playSeeds(
  loaded: LoadedScenario,
  { seeds, reportDirOf, onResult, ...options }: PlaySeedsOptions,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const seed of seeds) {
    if (options.signal.aborted) break;
    const { result, record } = await playScenario(loaded, {
      ...options,
      seed,
      reportDir: reportDirOf(seed),
    });
    if (record.end.interrupted) break;
    outcomes.push(outcomeOf(result));
    onResult(result);
  }
  return outcomes;
}
