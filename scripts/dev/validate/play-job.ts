/** Plays one run of a study in virtual time, blocks as lengths: what each worker does. */
import { performance } from 'node:perf_hooks';
import type { ScenarioInput } from '../../../sim/scenario.ts';
import { studies } from '../../../scenarios/paper/studies.ts';
import { machineTools } from '../../../sim/loopback/tools.ts';
import { run } from '../../../sim/run.ts';
import { parseScenario } from '../../../sim/schema.ts';
import { virtualWorld } from '../../../sim/virtual/virtual-world.ts';
import type { Job, JobResult } from './job.ts';
import { measuresOf } from './measures.ts';

export async function playJob(job: Job): Promise<JobResult> {
  const startedAt = performance.now();
  const input = scenarioOf(job);
  const world = virtualWorld({ fidelity: 'elided', tools: machineTools() });
  try {
    const { signal } = new AbortController();
    const record = await run(parseScenario(input, input.name), world, { seed: job.seed, signal });
    const broken = record.checks.filter(({ held }) => !held);
    return {
      measures: measuresOf(record),
      broken: broken.map(({ name, detail }) => `${name}: ${detail}`.slice(0, 300)),
      wallSeconds: (performance.now() - startedAt) / 1_000,
    };
  } finally {
    await world[Symbol.asyncDispose]();
  }
}

export function scenarioOf({ row, size, variant }: Job): ScenarioInput {
  const study = studies.find((candidate) => candidate.row === row);
  const input = study?.variants(study.scales[size])[variant];
  if (input === undefined) throw new Error(`no study ${row} with a variant ${variant}`);
  return input;
}
