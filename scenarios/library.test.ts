import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parseScenario } from '../sim/schema.ts';
import { library } from './library.ts';

const names = library.map(({ name }) => name);

/** Beside the scenarios lie what they share, the list itself, and one that is a scenario for each kind of hostile peer. */
const others = ['brisk', 'hostile', 'library'];

it('has every scenario of the folder, once, under the name of its file', async () => {
  const files = await readdir(new URL('.', import.meta.url));
  const scenarios = files.flatMap((file) => /^([a-z-]+)[.]ts$/.exec(file)?.[1] ?? []);
  expect([...names].sort()).toEqual(scenarios.filter((name) => !others.includes(name)).sort());
});

it.each(library)(
  '$name is right as it is written, and tells its story in one sentence',
  (input) => {
    const { story, expect: expected } = parseScenario(input, input.name);
    expect(story).toMatch(/^[A-Z][^.]+[.]$/);
    expect(expected.length).toBeGreaterThan(2);
  },
);

it('is written for machines as well: what comes out of a parse goes in again', () => {
  for (const input of library) {
    const parsed = parseScenario(input);
    expect(parseScenario(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed);
  }
});
