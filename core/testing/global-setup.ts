/** Chooses the seed of this test run's properties, once for all files, and says it. */
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    propertySeed: number;
  }
}

/** The commit's hash on a build machine, so that a run repeats and the next commit draws anew. */
const commit = process.env['GITHUB_SHA'] ?? process.env['CI_COMMIT_SHA'];

export default function setup(project: TestProject): void {
  const given = process.env['PROPERTY_SEED'];
  const seed = seedOf(given ?? commit);
  project.provide('propertySeed', seed);
  if (given !== undefined) return;
  // Each part of the tests is set up anew, and all are to have one seed.
  process.env['PROPERTY_SEED'] = String(seed);
  process.stdout.write(`properties: PROPERTY_SEED=${seed} repeats this run\n`);
}

/** A decimal number is taken as it is; of a hash the first 32 bits; without either, chance. */
function seedOf(text: string | undefined): number {
  if (text === undefined || text === '') return Math.trunc(Math.random() * 2 ** 31);
  if (/^-?[0-9]{1,10}$/.test(text)) return Number(text) | 0;
  return Number.parseInt(text.slice(0, 8), 16) | 0;
}
