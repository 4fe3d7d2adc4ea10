/** Plays a scenario and leaves its report: what `swarmproof run` and programs call. */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { accountOf } from '../../reports/account.ts';
import { resultOf, type RunResult } from '../../reports/result.ts';
import type { RunRecord } from '../../sim/record.ts';
import { type Progress, run } from '../../sim/run.ts';
import type { ScenarioInput } from '../../sim/scenario.ts';
import { type LoadedScenario, loadScenario } from './load-scenario.ts';
import { traceHash } from './trace-hash.ts';
import { chooseWorld, type Fidelity, openWorld, type WorldName } from './worlds.ts';
import { writeReport } from './write-report.ts';

export type RunScenarioOptions = {
  /** Of every chance in the run. Default: drawn; it stands in the result. */
  readonly seed?: number;
  /** Real sockets, or virtual time. Default: `loopback`. */
  readonly world?: WorldName;
  /** Of the virtual world; by the amount of data unless said. */
  readonly fidelity?: Fidelity;
  /** Changes to the scenario, `peers.leecher.count=3`. */
  readonly set?: readonly string[];
  /** The folder of the report. Default: none is written. */
  readonly reportDir?: string;
  /** Ends the run early; there is a record and a report all the same. */
  readonly signal?: AbortSignal;
  /** Called after each sample. */
  readonly onProgress?: (progress: Progress) => void;
};

export type ScenarioRun = { readonly record: RunRecord; readonly result: RunResult };

/** Seeds are drawn below this: short enough to type. */
const seedLimit = 2 ** 31;

/** `scenario` is a library name, the path of a `.ts`, `.yaml` or `.json` file, or a value. Rejects with ScenarioError. */
export async function runScenario(
  scenario: string | ScenarioInput,
  options: RunScenarioOptions = {},
): Promise<ScenarioRun> {
  return playScenario(await loadScenario(scenario, options.set ?? []), options);
}

/** The same for a scenario that is loaded already, with its settings applied. */
export async function playScenario(
  { scenario, source }: LoadedScenario,
  options: RunScenarioOptions,
): Promise<ScenarioRun> {
  const { set = [], seed = randomSeed(), signal = new AbortController().signal } = options;
  const { reportDir, onProgress } = options;
  const startedAt = performance.now();
  await using world = await openWorld(chooseWorld(scenario, options));
  const record = await run(scenario, world, {
    seed,
    signal,
    source,
    overrides: set,
    ...(onProgress !== undefined && { onProgress }),
  });
  const wallSeconds = (performance.now() - startedAt) / 1_000;
  const account = accountOf(record);
  if (reportDir !== undefined) await writeReport(account, reportDir);
  const facts = { report: reportDir ?? '', traceHash: traceHash(record), wallSeconds };
  return { record, result: resultOf(account, facts) };
}

export const randomSeed = (): number => randomInt(seedLimit);

/** `reports/runs/<scenario>/<time>-<seed>` below the current folder. */
export function defaultReportDir(scenario: string, seed: number, now: Date): string {
  const time = now.toISOString().slice(0, 19).replaceAll(':', '-');
  return join('reports', 'runs', scenario, `${time}-${seed}`);
}
