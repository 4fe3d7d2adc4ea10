/** The scenarios that come with the program, by name: each is a file in `scenarios/`. */
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ScenarioInput } from '../../sim/scenario.ts';
import { ownExtension } from '../package-file.ts';

const folder = fileURLToPath(new URL('../../scenarios/', import.meta.url));

/** All of them, in alphabetical order. A file that exports no scenario holds what several have in common. */
export async function library(): Promise<ReadonlyMap<string, ScenarioInput>> {
  const files = await readdir(folder);
  const names = files
    .filter((file) => file.endsWith(ownExtension) && !/[.](test|bench|d)[.]/.test(file))
    .map((file) => basename(file, ownExtension))
    .sort();
  const scenarios = new Map<string, ScenarioInput>();
  for (const name of names) {
    const url = pathToFileURL(join(folder, `${name}${ownExtension}`));
    const scenario = scenarioIn((await import(url.href)) as object);
    if (scenario !== undefined) scenarios.set(name, scenario);
  }
  return scenarios;
}

/** The one scenario that a module exports, under whatever name; undefined when there is none. */
export function scenarioIn(module: object): ScenarioInput | undefined {
  return Object.values(module).find(isScenario);
}

const isScenario = (value: unknown): value is ScenarioInput =>
  typeof value === 'object' && value !== null && 'story' in value && 'peers' in value;
