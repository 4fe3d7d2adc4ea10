/** The printed line that repeats a run, taken apart again. */
import { parseArgs } from 'node:util';
import { usageError } from '../command-line/command-error.ts';
import { fidelities, type Fidelity, type WorldName, worldNames } from './worlds.ts';

export type ReplayWords = {
  readonly scenario: string;
  readonly seed: number;
  readonly world: WorldName;
  readonly fidelity: Fidelity | undefined;
  readonly set: readonly string[];
};

/** `npx` and the like may stand before it. Throws a usage error when it is no such line. */
export function replayWords(line: string): ReplayWords {
  const words = shellWords(line);
  const start = words.findIndex((word, i) => word === 'run' && words[i - 1] === 'swarmproof');
  if (start === -1)
    throw usageError(`neither a record nor a line like 'swarmproof run ...': ${line}`);
  const { values, positionals } = parsed(words.slice(start + 1));
  const [scenario, ...others] = positionals;
  const seed = Number(values.seed);
  if (scenario === undefined || others.length > 0 || !Number.isSafeInteger(seed) || seed < 0)
    throw usageError(`the line must name one scenario and its --seed: ${line}`);
  const world = oneOf(worldNames, 'world', values.world ?? 'loopback');
  const fidelity =
    values.fidelity === undefined ? undefined : oneOf(fidelities, 'fidelity', values.fidelity);
  return { scenario, seed, world, fidelity, set: values.set ?? [] };
}

const options = {
  seed: { type: 'string' },
  world: { type: 'string' },
  fidelity: { type: 'string' },
  set: { type: 'string', multiple: true },
} as const;

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw usageError(error instanceof Error ? error.message : String(error));
  }
}

function oneOf<Word extends string>(words: readonly Word[], name: string, given: string): Word {
  const found = words.find((word) => word === given);
  if (found === undefined) throw usageError(`--${name} is one of ${words.join(', ')}`);
  return found;
}

/** As a POSIX shell would: single quotes keep everything, double quotes all but `\`, and `\` the next letter. */
function shellWords(line: string): readonly string[] {
  const words: string[] = [];
  const piece = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)|(\s+)/gsy;
  let word: string | undefined;
  let at = 0;
  for (const match of line.matchAll(piece)) {
    const [text, single, double, escaped, bare, space] = match;
    at += text.length;
    if (space === undefined) {
      word =
        (word ?? '') + (single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? bare ?? '');
    } else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  if (at < line.length) throw usageError(`a quote is not closed: ${line.slice(at)}`);
  return word === undefined ? words : [...words, word];
}
