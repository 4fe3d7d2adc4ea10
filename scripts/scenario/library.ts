/** The scenarios that come with the program, by name: each is a file in `scenarios/`. */
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ScenarioInput } from '../../sim/scenario.ts';
import { ownExtension } from '../package-file.ts';

const folder = fileURLToPath(new URL('../../scenarios/', import.meta.url));

/** The names, in alphabetical order. */
export async function libraryNames(): Promise<readonly string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => file.endsWith(ownExtension) && !/[.](test|bench|d)[.]/.test(file))
    .map((file) => basename(file, ownExtension))
    .sort();
}

/** The scenario of that name; undefined when there is none. */
export async function librarySource(name: string): Promise<ScenarioInput | undefined> {
  if (!(await libraryNames()).includes(name)) return undefined;
  const url = pathToFileURL(join(folder, `${name}${ownExtension}`));
  return scenarioIn((await import(url.href)) as object);
}

/** The one scenario that a module exports, under whatever name; undefined when there is none. */
export function scenarioIn(module: object): ScenarioInput | undefined {
  return Object.values(module).find(isScenario);
}

const isScenario = (value: unknown): value is ScenarioInput =>
  typeof value === 'object' && value !== null && 'story' in value && 'peers' in value;
