/** Draws scenario after scenario, plays each, and makes those that fail as small as they can be. */
import fc from 'fast-check';
import type { CheckResult, RunRecord } from '../record.ts';
import type { ScenarioInput } from '../scenario.ts';
import type { StopSignal } from '../world.ts';
import { scenarioOf } from './compose.ts';
import { type Focus, focuses } from './features.ts';
import { type Recipe, recipes } from './recipe.ts';
import { simpler } from './simplify.ts';
import { type Fidelity, type Outcome, type Trial, type Worlds, tried } from './trial.ts';

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
  /** Before it is made smaller. */
  readonly onFailure?: (wrong: CheckResult) => void;
};

export type Run = {
  readonly index: number;
  readonly recipe: Recipe;
  readonly record: RunRecord | undefined;
};

export type Failure = {
  /** Of the run: as the first seed of a hunt with this focus it finds this again at once. */
  readonly seed: number;
  readonly focus: Focus;
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
    const failure = await runOnce(options, runs);
    // What was interrupted has not been run.
    if (options.signal.aborted && failure === undefined) break;
    runs += 1;
    if (failure !== undefined) failures.push(failure);
  }
  return { runs, failures };
}

/** Of the tries to make a failing scenario smaller so many begin with its ingredients: they take out whole features at once. */
const recipeShare = 1 / 3;

/** Its seed and focus alone decide what a run is: the same with one run as with a thousand. */
async function runOnce(options: HuntOptions, index: number): Promise<Failure | undefined> {
  const { focus = focuses[index % focuses.length] ?? 'swarm' } = options;
  const seed = (options.seed + index) | 0;
  const search = new Search(options, { index, seed });
  const property = fc.asyncProperty(recipes(focus), (recipe) => search.isFine(recipe));
  const { counterexamplePath } = await fc.check(property, { numRuns: 1, seed });
  const { found } = search;
  if (found === undefined) return undefined;
  const { trial, wrong } = await smaller(options, found);
  const { input, fidelity } = trial;
  return { seed, focus, run: index + 1, path: counterexamplePath ?? '', fidelity, input, wrong };
}

/** A trial that failed, and how. */
type Found = {
  readonly trial: Trial;
  readonly wrong: CheckResult;
  /** What is smaller is to fail within as many inputs: so nobody waits for what passes. */
  readonly mostInputs: number | undefined;
};

/** Somebody else may speak first in a smaller swarm. */
const leastInputs = 1_000;

const foundIn = (trial: Trial, wrong: CheckResult, inputs: number | undefined): Found => ({
  ...{ trial, wrong },
  mostInputs: inputs === undefined ? undefined : Math.max(leastInputs, inputs),
});

/** One run, and the search for fewer ingredients that make the same check fail. */
class Search {
  readonly #options: HuntOptions;
  readonly #run: { readonly index: number; readonly seed: number };
  #isFirst = true;
  #left: number;
  /** The smallest so far. */
  found: Found | undefined;

  constructor(options: HuntOptions, run: { readonly index: number; readonly seed: number }) {
    this.#options = options;
    this.#run = run;
    this.#left = Math.ceil(options.shrinkRuns * recipeShare);
  }

  async isFine(recipe: Recipe): Promise<boolean> {
    if (!this.#isFirst && (this.#left <= 0 || this.#options.signal.aborted)) return true;
    const { worlds, signal } = this.#options;
    const { seed } = this.#run;
    const trial = { input: scenarioOf(recipe), seed: Math.abs(seed), fidelity: fidelityOf(seed) };
    const outcome = await tried(trial, worlds, signal, this.found?.mostInputs);
    if (this.#isFirst) this.#tell(recipe, outcome);
    else this.#left -= 1;
    this.#isFirst = false;
    const { wrong } = outcome;
    const isSame = this.found === undefined || this.found.wrong.name === wrong?.name;
    if (wrong === undefined || !isSame) return true;
    this.found = foundIn(trial, wrong, outcome.inputs);
    return false;
  }

  #tell(recipe: Recipe, { record, wrong }: Outcome): void {
    const { onRun, onFailure } = this.#options;
    onRun?.({ index: this.#run.index, recipe, record });
    if (wrong !== undefined) onFailure?.(wrong);
  }
}

/** One in five is played byte for byte, so in turn of each focus: it finds what is wrong with the bytes, and takes longer. */
const fidelityOf = (seed: number): Fidelity => (seed % 5 === 0 ? 'byte-exact' : 'elided');

/** Takes away whatever is not needed for the same check to fail. */
async function smaller(options: HuntOptions, begun: Found): Promise<Found> {
  const { signal, worlds, shrinkRuns } = options;
  let smallest = begun;
  let tries = shrinkRuns;
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false;
    for (const input of simpler(smallest.trial.input)) {
      if (tries <= 0 || signal.aborted) return smallest;
      tries -= 1;
      const trial = { ...smallest.trial, input };
      const { wrong, inputs } = await tried(trial, worlds, signal, smallest.mostInputs);
      if (wrong?.name !== begun.wrong.name) continue;
      smallest = foundIn(trial, wrong, inputs);
      isSmaller = true;
      break;
    }
  }
  return smallest;
}
