/** What is fuzzed: a decoder, the bytes to begin with, and what must hold whatever the bytes are. */
import { isDeepStrictEqual } from 'node:util';

/** Decodes the bytes and holds the result against what is known; returns how it went, in a word or two. Throws on a flaw. */
export type Check = (bytes: Uint8Array) => string;

export type Target = {
  readonly name: string;
  /** Inputs that are right, or nearly, from which everything begins. */
  readonly seeds: readonly (string | Uint8Array)[];
  /** What its language is made of. */
  readonly tokens: readonly string[];
  /** Loads the decoder, which must not happen before its branches are counted. */
  readonly load: () => Promise<Check>;
};

/** The decoder did something that it must never do. */
export class Flaw extends Error {
  override readonly name = 'Flaw';
}

export function expectTrue(holds: boolean, what: string): void {
  if (!holds) throw new Flaw(what);
}

export function expectSame(actual: unknown, expected: unknown, what: string): void {
  if (!isDeepStrictEqual(actual, expected)) throw new Flaw(what);
}

/** What `decode` gives, or the error of `kind` with which it refuses: any other error is a flaw. */
export function attempt<Value, Refusal extends Error>(
  kind: abstract new (...args: never[]) => Refusal,
  decode: () => Value,
): Value | Refusal {
  try {
    return decode();
  } catch (error) {
    if (error instanceof kind) return error;
    throw error;
  }
}

/** Characters as bytes: what is not latin1 is written as UTF-8. */
export const bytesOf = (input: string | Uint8Array): Uint8Array =>
  typeof input !== 'string'
    ? input
    : /^[\0-\xff]*$/.test(input)
      ? Uint8Array.from(input, (character) => character.charCodeAt(0))
      : new TextEncoder().encode(input);
