/** A scenario by its library name, from a file, or as a value. */
import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { createJiti } from 'jiti';
import { library } from '../../scenarios/library.ts';
import { withOverrides } from '../../sim/overrides.ts';
import type { Scenario, ScenarioInput } from '../../sim/scenario.ts';
import { parseScenarioText } from '../../sim/scenario-text.ts';
import { parseScenario } from '../../sim/schema.ts';
import { usageError } from '../command-line/command-error.ts';

import { hostileInput, hostileName, withoutKind } from './hostile-kind.ts';
import { ownExtension } from '../package-file.ts';

export type LoadedScenario = {
  readonly scenario: Scenario;
  /** How a user names it: for the line that repeats the run. */
  readonly source: string;
};

const texts = new Set(['.yaml', '.yml', '.json']);
const modules = new Set(['.ts', '.mts', '.js', '.mjs']);

/** `settings` are `key=value` changes, made before the check. Throws ScenarioError or a usage error. */
export async function loadScenario(
  given: string | ScenarioInput,
  settings: readonly string[],
): Promise<LoadedScenario> {
  if (typeof given !== 'string') return checked(given, given.name, settings);
  if (given === hostileName) return checked(hostileInput(settings), given, withoutKind(settings));
  const extension = extname(given);
  if (texts.has(extension)) {
    const scenario = parseScenarioText(await readFile(given, 'utf8'), given, settings);
    return { scenario, source: given };
  }
  const input = modules.has(extension) ? await fromModule(given) : fromLibrary(given);
  return checked(input, given, settings);
}

function checked(
  input: ScenarioInput,
  source: string,
  settings: readonly string[],
): LoadedScenario {
  return { scenario: parseScenario(withOverrides(input, settings), source), source };
}

/** TypeScript without a build step; `swarmproof` in its imports is this very program. */
async function fromModule(file: string): Promise<ScenarioInput> {
  const own = new URL(`../exports${ownExtension}`, import.meta.url);
  const swarmproof: unknown = await import(own.href);
  const jiti = createJiti(import.meta.url, { virtualModules: { swarmproof }, fsCache: false });
  const module: unknown = await jiti.import(resolve(file));
  const input = typeof module === 'object' && module !== null ? scenarioIn(module) : undefined;
  if (input === undefined)
    throw usageError(`${file}: exports no scenario (export const mine = defineScenario({ ... }))`);
  return input;
}

function fromLibrary(name: string): ScenarioInput {
  const scenario = library.find((candidate) => candidate.name === name);
  if (scenario !== undefined) return scenario;
  const names = [...library.map((candidate) => candidate.name), hostileName].join(', ');
  throw usageError(
    `no such scenario: ${name}. The library has ${names}; or give the path of a .ts, .yaml or .json file`,
  );
}

/** The one scenario that a module exports, under whatever name; undefined when there is none. */
const scenarioIn = (module: object): ScenarioInput | undefined =>
  Object.values(module).find(isScenario);

const isScenario = (value: unknown): value is ScenarioInput =>
  typeof value === 'object' && value !== null && 'story' in value && 'peers' in value;
