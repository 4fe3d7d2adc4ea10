/** Runs inside a build with a fault in it: hunts until something is found, and says what, as one line of JSON. */
import { parse, stringify } from 'yaml';
import { type Focus, focuses } from '../../../sim/fuzz/features.ts';
import { hunt } from '../../../sim/fuzz/hunt.ts';
import { tried } from '../../../sim/fuzz/trial.ts';
import type { ScenarioInput } from '../../../sim/scenario.ts';
import { watchedWorlds } from './watched-worlds.ts';

/** What the hunt is told, as JSON in its first argument. */
export type FaultOrder = {
  readonly focus: Focus;
  readonly seed: number;
  readonly runs: number;
  readonly shrinkRuns: number;
  readonly seconds: number;
};

export type Finding = {
  readonly runs: number;
  /** Undefined: nothing was found. */
  readonly found?: {
    readonly check: string;
    readonly detail: string;
    readonly seed: number;
    readonly fidelity: 'byte-exact' | 'elided';
    /** The shrunk scenario. */
    readonly yaml: string;
    /** Played once more from its text, it fails in the same way. */
    readonly replays: boolean;
  };
};

async function find(order: FaultOrder): Promise<Finding> {
  const signal = AbortSignal.timeout(order.seconds * 1_000);
  // First where the fault should show, then everywhere.
  const first = order.focus;
  const found = await hunt({ ...partOf(order, first), seed: order.seed, signal });
  if (found.failures.length > 0) return findingOf(found.runs, found.failures[0]);
  let { runs } = found;
  for (let i = 0; i < order.runs && !signal.aborted; i += 1) {
    const focus = focuses[i % focuses.length] ?? first;
    const seed = order.seed + order.runs + i;
    const { failures } = await hunt({ ...partOf(order, focus), runs: 1, seed, signal });
    runs += 1;
    if (failures.length > 0) return findingOf(runs, failures[0]);
  }
  return { runs };
}

const partOf = (
  { runs, shrinkRuns }: FaultOrder,
  focus: Focus,
): Omit<Parameters<typeof hunt>[0], 'seed' | 'signal'> => ({
  ...{ runs, shrinkRuns, focus, mostFailures: 1 },
  worlds: watchedWorlds,
});

type Failure = Awaited<ReturnType<typeof hunt>>['failures'][number];

async function findingOf(runs: number, failure: Failure | undefined): Promise<Finding> {
  if (failure === undefined) return { runs };
  const { wrong, fidelity, seed } = failure;
  const yaml = stringify(failure.input);
  const trial = { input: parse(yaml) as ScenarioInput, seed: Math.abs(seed), fidelity };
  const again = await tried(trial, watchedWorlds, new AbortController().signal);
  const replays = again.wrong?.name === wrong.name;
  const detail = wrong.detail.split('\n')[0] ?? '';
  return { runs, found: { check: wrong.name, detail, seed, fidelity, yaml, replays } };
}

const order = JSON.parse(process.argv[2] ?? '{}') as FaultOrder;
process.stdout.write(`${JSON.stringify(await find(order))}\n`);
