/** Draws scenario after scenario, plays each, and makes those that fail as small as they can be. */
import fc from 'fast-check';
import type { CheckResult, RunRecord } from '../record.ts';
import type { ScenarioInput } from '../scenario.ts';
import type { StopSignal } from '../world.ts';
import { scenarioOf } from './compose.ts';
import { type Focus, focuses } from './features.ts';
import { recipes } from './recipe.ts';
import { simpler } from './simplify.ts';
import { type Fidelity, type Trial, type Worlds, tried } from './trial.ts';

export type HuntOptions = {
  readonly runs: number;
  readonly seed: number;
  /** All of them in turn unless said. */
  readonly focus?: Focus | undefined;
  readonly worlds: Worlds;
  readonly signal: StopSignal;
  /** How often a failing scenario is played again to make it smaller. */
  readonly shrinkRuns: number;
  /** So many failures are enough. */
  readonly mostFailures: number;
  /** After each run; not after those that only make a scenario smaller. */
  readonly onRun?: (run: Run) => void;
};

export type Run = { readonly index: number; readonly record: RunRecord | undefined };

export type Failure = {
  /** Of the run: as the first seed of a hunt it finds this again at once. */
  readonly seed: number;
  /** Which run of the hunt, from 1. */
  readonly run: number;
  /** fast-check's way to the smallest ingredients. */
  readonly path: string;
  readonly fidelity: Fidelity;
  readonly wrong: CheckResult;
  readonly input: ScenarioInput;
};

export type Hunt = { readonly runs: number; readonly failures: readonly Failure[] };

export async function hunt(options: HuntOptions): Promise<Hunt> {
  const failures: Failure[] = [];
  let runs = 0;
  while (runs < options.runs && failures.length < options.mostFailures) {
    if (options.signal.aborted) break;
    const failure = await runOnce(options, runs);
    runs += 1;
    if (failure !== undefined) failures.push(failure);
  }
  return { runs, failures };
}

/** Its seed alone decides what a run is: the same with one run as with a thousand. */
async function runOnce(options: HuntOptions, index: number): Promise<Failure | undefined> {
  const { worlds, signal, focus = focuses[index % focuses.length] ?? 'swarm' } = options;
  const seed = (options.seed + index) | 0;
  let wrong: CheckResult | undefined;
  let left = options.shrinkRuns;
  let smallest: Trial | undefined;
  const property = fc.asyncProperty(recipes(focus), async (recipe) => {
    const isFirst = smallest === undefined;
    if (!isFirst && left <= 0) return true;
    left -= 1;
    const trial = { input: scenarioOf(recipe), seed: Math.abs(seed), fidelity: fidelityOf(seed) };
    const outcome = await tried(trial, worlds, signal);
    if (isFirst) options.onRun?.({ index, record: outcome.record });
    if (isFirst) smallest = trial;
    wrong ??= outcome.wrong;
    if (wrong === undefined || outcome.wrong?.name !== wrong.name) return true;
    smallest = trial;
    return false;
  });
  const { failed, counterexamplePath } = await fc.check(property, { numRuns: 1, seed });
  if (!failed || wrong === undefined || smallest === undefined) return undefined;
  const found = await smaller({ ...options, left: options.shrinkRuns }, smallest, wrong);
  const { input, fidelity } = found.trial;
  const path = counterexamplePath ?? '';
  return { seed, run: index + 1, path, fidelity, input, wrong: found.wrong };
}

/** One in five is played byte for byte, so in turn of each focus: it finds what is wrong with the bytes, and takes longer. */
const fidelityOf = (seed: number): Fidelity => (seed % 5 === 0 ? 'byte-exact' : 'elided');

/** Takes away whatever is not needed for the same check to fail. */
async function smaller(
  { left, signal, worlds }: HuntOptions & { readonly left: number },
  begun: Trial,
  wrong: CheckResult,
): Promise<{ readonly trial: Trial; readonly wrong: CheckResult }> {
  let smallest = { trial: begun, wrong };
  let tries = left;
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false;
    for (const input of simpler(smallest.trial.input)) {
      if (tries <= 0 || signal.aborted) return smallest;
      tries -= 1;
      const trial = { ...smallest.trial, input };
      const outcome = await tried(trial, worlds, signal);
      if (outcome.wrong?.name !== wrong.name) continue;
      smallest = { trial, wrong: outcome.wrong };
      isSmaller = true;
      break;
    }
  }
  return smallest;
}
