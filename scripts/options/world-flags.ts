/** The options of every command that plays scenarios. */
import { usageError } from '../command-line/command-error.ts';

export const worldFlags = {
  world: {
    choices: ['loopback', 'virtual'] as const,
    requiresArg: true,
    describe:
      'real sockets on loopback, or virtual time (default: loopback, where it can be played there)',
  },
  fidelity: {
    choices: ['byte-exact', 'elided'] as const,
    requiresArg: true,
    describe:
      'of the virtual world: every byte made and hashed, or blocks stood for by their lengths (default: by the amount of data)',
  },
  set: {
    type: 'string',
    array: true,
    default: [],
    requiresArg: true,
    describe: 'change the scenario: peers.leecher.count=3',
  },
} as const;

export const seedFlag = {
  type: 'number',
  requiresArg: true,
  describe: 'repeats the choices of an earlier run',
} as const;

export function checkedSeed(given: number | undefined): number | undefined {
  if (given !== undefined && (!Number.isSafeInteger(given) || given < 0))
    throw usageError('--seed is a whole number from 0 up');
  return given;
}

/** A whole number from 1 up, of things that are done `most` times at most. */
export function checkedCount(name: string, given: number, most: number): number {
  if (!Number.isSafeInteger(given) || given < 1 || given > most)
    throw usageError(`--${name} is a whole number from 1 to ${most}`);
  return given;
}
