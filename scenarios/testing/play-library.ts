/** Plays the scenarios of the library with real peers, in parts, since test files run side by side and tests of one file do not. */
import { expect, it } from 'vitest';
import { loopbackWorld } from '../../sim/loopback/loopback-world.ts';
import { needsOf } from '../../sim/capability.ts';
import { plan } from '../../sim/plan.ts';
import { run } from '../../sim/run.ts';
import type { ScenarioInput } from '../../sim/scenario.ts';
import { parseScenario } from '../../sim/schema.ts';
import { library } from '../library.ts';

/** Many times what the longest takes on two idle cores. */
const limitMs = 180_000;

/** `SCENARIO_SEED=7` plays other chances than usual. */
const seed = Number(process.env['SCENARIO_SEED'] ?? 1);

/** Every `of`-th scenario, from `part` on, each as a test of its own. */
export function playLibrary({ part, of }: { readonly part: number; readonly of: number }): void {
  const mine = library.filter(isPlayable).filter((_, i) => i % of === part);
  it.each(mine)(`$name holds on loopback (seed ${seed})`, { timeout: limitMs }, async (input) => {
    await using world = loopbackWorld();
    const signal = new AbortController().signal;
    const record = await run(parseScenario(input, input.name), world, { seed, signal });
    const broken = record.checks.filter(({ held }) => !held);
    expect(broken.map(({ name, detail }) => `${name}: ${detail}`)).toEqual([]);
    expect(record.end).toMatchObject({ verdict: 'passed', interrupted: false });
  });
}

/** Takes a quiet machine and minutes of it; played by `npm run soak`. */
const long = ['thousand-real-peers'];

/** The rest is for virtual time, and is played there. */
function isPlayable(input: ScenarioInput): boolean {
  if (long.includes(input.name)) return false;
  const { supports } = loopbackWorld();
  return needsOf(plan(parseScenario(input), seed)).every((need) => supports.has(need));
}
