/** Every scenario of the library in virtual time: it holds, one seed gives one trace, and both fidelities give the same. */
import { expect, it } from 'vitest';
import { machineTools } from '../sim/loopback/tools.ts';
import type { RunRecord } from '../sim/record.ts';
import { run } from '../sim/run.ts';
import { parseScenario } from '../sim/schema.ts';
import type { Fidelity } from '../sim/virtual/fidelity.ts';
import { virtualWorld } from '../sim/virtual/virtual-world.ts';
import { traceHash } from '../scripts/scenario/trace-hash.ts';
import { library } from './library.ts';

/** Many times what the longest takes on two idle cores. */
const limitMs = 180_000;

/** `SCENARIO_SEED=7` plays other chances than usual. */
const seed = Number(process.env['SCENARIO_SEED'] ?? 1);
const tools = machineTools();

/** What takes minutes even in virtual time is played by `npm run soak`. */
const long = ['thousand-peers', 'thousand-real-peers', 'week-of-churn'];

it.each(library.filter(({ name }) => !long.includes(name)))(
  `$name holds in virtual time, bit for bit (seed ${seed})`,
  { timeout: limitMs },
  async (input) => {
    const exact = await play('byte-exact');
    const again = await play('byte-exact');
    const elided = await play('elided');
    const broken = exact.checks.filter(({ held }) => !held);
    expect(broken.map(({ name, detail }) => `${name}: ${detail}`)).toEqual([]);
    expect(exact.end).toMatchObject({ verdict: 'passed', interrupted: false });
    expect(traceHash(again)).toBe(traceHash(exact));
    expect(traceHash(elided)).toBe(traceHash(exact));

    async function play(fidelity: Fidelity): Promise<RunRecord> {
      const world = virtualWorld({ fidelity, tools });
      const { signal } = new AbortController();
      return run(parseScenario(input, input.name), world, { seed, signal });
    }
  },
);
