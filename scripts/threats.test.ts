/** What docs/threats.md says is shown by a test is shown by one. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { packageFile } from './package-file.ts';

const page = readFileSync(packageFile('docs', 'threats.md'), 'utf8');
const rows = [...page.matchAll(/\| `([\w/.-]+[.]test[.]ts)`(?:: “([^”]+)”)? +\|$/gm)].map(
  ([, file = '', name = '']) => ({ file, name }),
);

it('has a test for every threat', () => {
  const threats = page.split('\n').filter((line) => /^\| (?!threat|-)/.test(line));
  expect(rows.length).toBe(threats.length);
  expect(rows.length).toBeGreaterThan(50);
});

it.each(rows)('$file: $name', ({ file, name }) => {
  expect(existsSync(packageFile(file))).toBe(true);
  // A name that is broken over lines in the source is found all the same.
  const source = readFileSync(packageFile(file), 'utf8').replace(/\s+/g, ' ');
  expect(source).toContain(name);
});
