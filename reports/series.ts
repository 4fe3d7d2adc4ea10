/** Several runs of one scenario with different seeds: the document of `run --repeat` and of `sweep`. */
import type { CheckResult, Verdict } from '../sim/record.ts';
import type { Metrics } from './metrics.ts';
import type { RunResult } from './result.ts';
import { type Spreads, spreadsOf } from './spread.ts';

/** One run as the series remembers it. */
export type Outcome = {
  readonly seed: number;
  /** `crashed`: there was no run to judge; why stands in `broken`. */
  readonly verdict: Verdict | 'crashed';
  /** What did not hold. */
  readonly broken: readonly CheckResult[];
  /** The line that repeats the run. */
  readonly replay: string;
  /** Null of a run that crashed, as everything below. */
  readonly traceHash: string | null;
  readonly virtualSeconds: number | null;
  readonly events: number | null;
  readonly wallSeconds: number | null;
  readonly metrics: Metrics | null;
};

export type Series = {
  readonly scenario: string;
  readonly world: string;
  readonly fidelity: RunResult['fidelity'];
  readonly verdict: 'passed' | 'failed';
  /** How many runs there were; `failures` of them were not passed. */
  readonly runs: number;
  readonly failures: readonly Outcome[];
  readonly spreads: Spreads;
  /** Of the whole series, by the clock on the wall. */
  readonly wallSeconds: number;
  /** In the order of the seeds. */
  readonly outcomes: readonly Outcome[];
};

export const outcomeOf = (result: RunResult): Outcome => ({
  seed: result.seed,
  verdict: result.verdict,
  broken: result.checks.filter(({ held }) => !held),
  replay: result.replay,
  traceHash: result.traceHash,
  virtualSeconds: result.virtualSeconds,
  events: result.events,
  wallSeconds: result.wallSeconds,
  metrics: result.metrics,
});

/** Of a run that ended with an error instead of a record. */
export const crashOf = (seed: number, replay: string, why: string): Outcome => ({
  seed,
  verdict: 'crashed',
  broken: [{ name: 'run', held: false, detail: why }],
  replay,
  traceHash: null,
  virtualSeconds: null,
  events: null,
  wallSeconds: null,
  metrics: null,
});

/** Figures are averaged over the runs that passed: what a failed one measured is not what was meant. */
export function seriesOf(
  played: Pick<Series, 'scenario' | 'world' | 'fidelity' | 'wallSeconds'>,
  told: readonly Outcome[],
): Series {
  const outcomes = [...told].sort((a, b) => a.seed - b.seed);
  const failures = outcomes.filter(({ verdict }) => verdict !== 'passed');
  const passed = outcomes.filter(({ verdict }) => verdict === 'passed');
  return {
    scenario: played.scenario,
    world: played.world,
    fidelity: played.fidelity,
    verdict: failures.length === 0 && outcomes.length > 0 ? 'passed' : 'failed',
    runs: outcomes.length,
    failures,
    spreads: spreadsOf(passed.flatMap(({ metrics }) => metrics ?? [])),
    wallSeconds: played.wallSeconds,
    outcomes,
  };
}
