/** The inputs that are kept, a file each: `input/corpus/<target>/<first digits of its SHA-1>`. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { packageFile, packageRoot } from '../../package-file.ts';

export type Kept = { readonly file: string; readonly bytes: Uint8Array };

/** What the name of a file begins with whose input once broke its decoder. */
const crashMark = 'crash-';
/** Enough to tell a few dozen files apart. */
const nameDigits = 12;

export const corpusRoot: string = packageFile('input', 'corpus');

/** Everything kept for a target, by name; crashes are among it. */
export function readCorpus(target: string): readonly Kept[] {
  const folder = join(corpusRoot, target);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => ({ file: join(folder, name), bytes: readInput(join(folder, name)) }));
}

/** In memory of its own: a slice of a Buffer would be a view. */
export const readInput = (file: string): Uint8Array => Uint8Array.from(readFileSync(file));

/** Keeps these and what once crashed, and nothing else. */
export function writeCorpus(target: string, inputs: readonly Uint8Array[]): void {
  const folder = join(corpusRoot, target);
  mkdirSync(folder, { recursive: true });
  const wanted = new Map(inputs.map((bytes) => [nameOf(bytes), bytes]));
  for (const { file } of readCorpus(target)) {
    const name = basename(file);
    if (!name.startsWith(crashMark) && !wanted.has(name)) rmSync(file);
  }
  for (const [name, bytes] of wanted) writeFileSync(join(folder, name), bytes);
}

/** Keeps an input that breaks its decoder; returns its path from the root of the package. */
export function writeCrash(target: string, bytes: Uint8Array): string {
  const folder = join(corpusRoot, target);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${crashMark}${nameOf(bytes)}`);
  writeFileSync(file, bytes);
  return relative(packageRoot, file);
}

/** Which target a kept file is for. */
export const targetOf = (file: string): string => basename(dirname(file));

const nameOf = (bytes: Uint8Array): string =>
  createHash('sha1').update(bytes).digest('hex').slice(0, nameDigits);
