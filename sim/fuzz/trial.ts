/** One run of one drawn scenario, and what was wrong with it. */
import { isHostile } from '../hostile/kinds.ts';
import type { CheckResult, RunRecord } from '../record.ts';
import { run } from '../run.ts';
import type { ScenarioInput } from '../scenario.ts';
import { parseScenario } from '../schema.ts';
import { type Patience, SeenEnough } from '../watch/swarm-watch.ts';
import type { Simulated, StopSignal, World } from '../world.ts';

export type Fidelity = Simulated['fidelity'];

export type Trial = {
  readonly input: ScenarioInput;
  readonly seed: number;
  readonly fidelity: Fidelity;
};

/** `wrong` is the first check that did not hold; the record is missing when the program itself gave up, or nobody waited for the end. */
export type Outcome = {
  readonly wrong: CheckResult | undefined;
  readonly record: RunRecord | undefined;
  /** After how many inputs to its machines a rule was broken; undefined where no rule was. */
  readonly inputs?: number;
};

/** A run in which the machines are told more takes many seconds, and has shown what it can long before. */
export const huntPatience: Patience = { mostInputs: 50_000, untilBroken: true };

/** `mostInputs`: how long somebody looks on, if he does. */
export type Worlds = (fidelity: Fidelity, mostInputs?: number) => World;

/** A step that cannot be done (a crash of somebody who is down) is drawn now and then, and proves nothing either way. */
const ignored: ReadonlySet<string> = new Set(['timeline']);

/** Plays it. An error of the program is a finding like any other; a scenario that is wrong itself is the caller's bug. */
export async function tried(
  { input, seed, fidelity }: Trial,
  worlds: Worlds,
  signal: StopSignal,
  mostInputs: number = huntPatience.mostInputs,
): Promise<Outcome> {
  const scenario = parseScenario(input);
  try {
    await using world = worlds(fidelity, mostInputs);
    const record = await run(scenario, world, { seed, signal });
    return { wrong: firstBroken(record), record };
  } catch (error) {
    if (error instanceof SeenEnough) return outcomeOf(error);
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { wrong: { name: 'program', held: false, detail }, record: undefined };
  }
}

function outcomeOf({ checks, inputs }: SeenEnough): Outcome {
  const wrong = checks.find(({ held }) => !held);
  return { wrong, record: undefined, ...(wrong !== undefined && { inputs }) };
}

/** Undefined when everything that counts held. */
export function firstBroken({ checks, end, header }: RunRecord): CheckResult | undefined {
  if (end.interrupted) return undefined;
  // What a hostile peer has still to say when all is over is nobody's fault.
  const isHarmed = header.plan.peers.some(isHostile);
  return checks.find(
    ({ name, held }) => !held && !ignored.has(name) && !(isHarmed && name === 'cleanliness'),
  );
}
