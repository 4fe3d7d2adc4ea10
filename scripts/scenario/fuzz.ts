/** A hunt from the command line: worlds with a witness, an end by time, and a file for each failure. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { stringify } from 'yaml';
import type { Duration } from '../../core/time.ts';
import { Coverage, type Met } from '../../sim/fuzz/coverage.ts';
import type { Focus } from '../../sim/fuzz/features.ts';
import { type Failure, hunt } from '../../sim/fuzz/hunt.ts';
import { type Fidelity, type Worlds, huntPatience } from '../../sim/fuzz/trial.ts';
import { machineTools } from '../../sim/loopback/tools.ts';
import type { CheckResult } from '../../sim/record.ts';
import { run } from '../../sim/run.ts';
import type { World } from '../../sim/world.ts';
import { virtualWorld } from '../../sim/virtual/virtual-world.ts';
import { type Patience, swarmWatch } from '../../sim/watch/swarm-watch.ts';
import { BreathingWorld } from './breathing-world.ts';
import { loadScenario } from './load-scenario.ts';

export type FuzzOrder = {
  /** Infinity: until the time is up. */
  readonly runs: number;
  readonly seed: number;
  readonly time: Duration | undefined;
  readonly focus: Focus | undefined;
  /** Folder for the scenarios that fail. */
  readonly out: string;
  readonly mostFailures: number;
  readonly signal: AbortSignal;
  /** How often a failing scenario is played again to make it smaller. */
  readonly shrinkRuns?: number;
  /** Where they are played; unless said, virtual worlds with every invariant. */
  readonly worlds?: Worlds;
};

export type FuzzReport = {
  readonly runs: number;
  readonly seed: number;
  readonly seconds: number;
  readonly failures: readonly Kept[];
  readonly coverage: Met;
};

/** A failure and where its scenario was written. */
export type Kept = {
  readonly seed: number;
  readonly focus: Focus;
  /** fast-check's way to the smallest ingredients. */
  readonly path: string;
  readonly fidelity: Fidelity;
  readonly check: string;
  readonly detail: string;
  readonly scenario: string;
  readonly replay: string;
};

/** Enough to take a scenario down to a few peers and steps; more only rounds numbers. */
const usualShrinkRuns = 200;

export async function fuzz(
  order: FuzzOrder,
  onRun: (done: number, failed: number) => void,
): Promise<FuzzReport> {
  const { runs, seed, time, focus, mostFailures, shrinkRuns = usualShrinkRuns } = order;
  const coverage = new Coverage();
  const startedAt = performance.now();
  const timeUp = time === undefined ? [] : [AbortSignal.timeout(time)];
  let failed = 0;
  const found = await hunt({
    ...{ runs, seed, focus, mostFailures, shrinkRuns },
    worlds: order.worlds ?? huntedWorld,
    signal: AbortSignal.any([order.signal, ...timeUp]),
    onRun: (each) => {
      coverage.see(each);
      onRun(each.index + 1, failed);
    },
    onFailure: () => (failed += 1),
  });
  const failures: Kept[] = [];
  for (const failure of found.failures) failures.push(await keep(order.out, failure));
  const seconds = (performance.now() - startedAt) / 1_000;
  return { runs: found.runs, seed, seconds, failures, coverage: coverage.met };
}

/** Plays one scenario with every invariant; returns what did not hold. A step that cannot be done proves nothing. */
export async function playWatched(
  file: string,
  options: { readonly seed: number; readonly fidelity: Fidelity; readonly signal: AbortSignal },
): Promise<readonly CheckResult[]> {
  const { seed, fidelity, signal } = options;
  const { scenario } = await loadScenario(file, []);
  await using world = watchedWorld(fidelity);
  const { checks } = await run(scenario, world, { seed, signal });
  return checks.filter(({ name, held }) => !held && name !== 'timeline');
}

/** Asked of the machine once: there are thousands of worlds. */
const tools = machineTools();

const huntedWorld: Worlds = (fidelity, mostInputs = huntPatience.mostInputs) =>
  watchedWorld(fidelity, { ...huntPatience, mostInputs });

const watchedWorld = (fidelity: Fidelity, patience?: Patience): World =>
  new BreathingWorld(
    virtualWorld({
      fidelity,
      tools,
      witness: (facts) => swarmWatch(facts, patience),
    }),
  );

async function keep(folder: string, failure: Failure): Promise<Kept> {
  const { seed, focus, path, fidelity, wrong, input } = failure;
  const { name: check, detail } = wrong;
  const name = `${slug(check)}-${Math.abs(seed)}`;
  const scenario = join(folder, `${name}.yaml`);
  const replay = `swarmproof fuzz ${scenario} --seed ${Math.abs(seed)} --fidelity ${fidelity}`;
  await mkdir(folder, { recursive: true });
  const story = `Found by chance; was wrong: ${check}.`;
  const words = [`# ${replay}`, `# ${detail.split('\n')[0] ?? ''}`, ''].join('\n');
  await writeFile(scenario, words + stringify({ ...input, name, story }));
  return { seed, focus, path, fidelity, check, detail, scenario, replay };
}

/** Of a name that a scenario may have, so much is the check's; the rest is the seed's. */
const mostSlugChars = 40;

const slug = (check: string): string =>
  check
    .replace(/^invariant: /, '')
    .replace(/[^a-z]+/gi, '-')
    .slice(0, mostSlugChars)
    .toLowerCase();
