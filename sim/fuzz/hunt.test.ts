import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { machineTools } from '../loopback/tools.ts';
import { run } from '../run.ts';
import type { ScenarioInput } from '../scenario.ts';
import { parseScenario } from '../schema.ts';
import { virtualWorld } from '../virtual/virtual-world.ts';
import { swarmWatch } from '../watch/swarm-watch.ts';
import type { Witness } from '../witness.ts';
import { Coverage } from './coverage.ts';
import { focuses } from './features.ts';
import { type HuntOptions, hunt } from './hunt.ts';
import { recipes } from './recipe.ts';
import { type Worlds, huntPatience } from './trial.ts';

const tools = machineTools();
const signal = new AbortController().signal;

const watched: Worlds = (fidelity, mostInputs = huntPatience.mostInputs) =>
  virtualWorld({
    fidelity,
    tools,
    witness: (facts) => swarmWatch(facts, { ...huntPatience, mostInputs }),
  });

/** Somebody who thinks that nobody may ever be frozen. */
const strict: Worlds = (fidelity) =>
  virtualWorld({
    fidelity,
    tools,
    witness: ({ plan }): Witness => {
      const steps = [...plan.steps, ...plan.conditional];
      const held = !steps.some(({ action }) => action.type === 'freeze');
      return {
        begins: () => ({ handled: () => undefined }),
        asked: () => undefined,
        forgot: () => undefined,
        checks: [{ name: 'nobody is frozen', held, detail: '' }],
      };
    },
  });

const options: HuntOptions = {
  ...{ runs: 4, seed: 11, signal, shrinkRuns: 40, mostFailures: 1 },
  worlds: watched,
};

describe('hunt', () => {
  it('finds nothing wrong with sixty swarms of this commit', async () => {
    const coverage = new Coverage();
    const { runs, failures } = await hunt({
      ...options,
      runs: 60,
      seed: Math.abs(inject('propertySeed')),
      onRun: (each) => coverage.see(each),
    });
    const told = failures.map(({ seed, focus, wrong }) => ({ seed, focus, wrong }));
    expect(told).toEqual([]);
    expect(runs).toBe(60);
    expect(coverage.met.states).toContain('completed');
  }, 240_000);

  it('draws everything that there is', () => {
    const coverage = new Coverage();
    for (const focus of focuses)
      for (const recipe of fc.sample(recipes(focus), { numRuns: 50, seed: 1 }))
        coverage.see({ index: 0, recipe, record: undefined });
    expect(coverage.met.features.never).toEqual([]);
  });

  it('plays the same from the same seed, and each run alone as in its row', async () => {
    const played = async (seed: number, runs: number): Promise<readonly string[]> => {
      const traces: string[] = [];
      const onRun: HuntOptions['onRun'] = ({ recipe, record }) =>
        traces.push(JSON.stringify([recipe, record?.events]));
      await hunt({ ...options, runs, seed, focus: 'wire', onRun });
      return traces;
    };
    const row = await played(11, 2);
    expect(await played(11, 2)).toEqual(row);
    expect(await played(12, 1)).toEqual(row.slice(1));
    expect(row[0]).not.toBe(row[1]);
  }, 60_000);

  it('makes what fails as small as it can be', async () => {
    const { failures } = await hunt({ ...options, runs: 50, worlds: strict, focus: 'swarm' });
    const [failure] = failures;
    expect(failure?.wrong.name).toBe('nobody is frozen');
    const input = failure?.input as ScenarioInput;
    expect(input.timeline?.length).toBeLessThanOrEqual(2);
    expect(Object.values(input.peers).reduce((sum, { count }) => sum + count, 0)).toBeLessThan(4);
    await using world = strict('elided');
    const { checks } = await run(parseScenario(input), world, { seed: 1, signal });
    expect(checks.find(({ name }) => name === 'nobody is frozen')?.held).toBe(false);
  }, 60_000);

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const onRun = (): void => controller.abort();
    const found = await hunt({ ...options, runs: 100, signal: controller.signal, onRun });
    expect(found).toEqual({ runs: 0, failures: [] });
  }, 30_000);

  it('leaves no focus without features of its own', async () => {
    for (const focus of focuses) {
      const drawn = new Set<string>();
      const onRun: HuntOptions['onRun'] = ({ recipe }) => {
        for (const feature of recipe.features) drawn.add(feature);
      };
      await hunt({ ...options, runs: 1, focus, onRun });
      expect(drawn.size).toBeGreaterThan(2);
    }
  }, 60_000);
});
