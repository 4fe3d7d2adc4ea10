/** Whatever a hunt has found once must never fail again. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFile } from '../package-file.ts';
import { playWatched } from './fuzz.ts';

const folder = packageFile('input/regressions/');
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

/** The first line is the one that repeats it. */
const line =
  /^# swarmproof fuzz input\/regressions\/(\S+) --seed (\d+) --fidelity (byte-exact|elided)\n/;

describe('regressions', () => {
  it.each(files)(
    '%s passes',
    async (name) => {
      const file = join(folder, name);
      const words = line.exec(readFileSync(file, 'utf8'));
      expect(words?.[1]).toBe(name);
      const fidelity = words?.[3] === 'elided' ? 'elided' : 'byte-exact';
      const { signal } = new AbortController();
      const wrong = await playWatched(file, { seed: Number(words?.[2]), fidelity, signal });
      // A step that could not be done (nobody had so much by then) proves nothing.
      expect(wrong.filter(({ name: check }) => check !== 'timeline')).toEqual([]);
    },
    60_000,
  );
});
