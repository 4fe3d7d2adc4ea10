/** Defaults from outside the command line: flags > SWARMPROOF_* > config file > what the command says. */
import { readFileSync } from 'node:fs';
import { usageError } from './command-error.ts';

/** Values by option name, `announce-ip`; those of the environment are text. */
export type Settings = ReadonlyMap<string, unknown>;

const prefix = 'SWARMPROOF_';

/** `configFile` is a JSON object with option names as keys. */
export function readSettings(
  env: Readonly<Record<string, string | undefined>>,
  configFile: string | undefined,
): Settings {
  const settings = new Map<string, unknown>();
  const file = configFile ?? env[`${prefix}CONFIG`];
  if (file !== undefined) for (const [key, value] of readConfig(file)) settings.set(key, value);
  for (const [name, value] of Object.entries(env))
    if (name.startsWith(prefix) && value !== undefined && value !== '')
      settings.set(name.slice(prefix.length).toLowerCase().replaceAll('_', '-'), value);
  return settings;
}

/** The `--config FILE` of a command line that is not parsed yet. */
export function configFileOf(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((word) => word === '--config' || word.startsWith('--config='));
  const word = argv[at];
  if (word === undefined) return undefined;
  return word.includes('=') ? word.slice(word.indexOf('=') + 1) : argv[at + 1];
}

function readConfig(file: string): [string, unknown][] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw usageError(`--config ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw usageError(`--config ${file}: not a JSON object`);
  return Object.entries(value);
}
