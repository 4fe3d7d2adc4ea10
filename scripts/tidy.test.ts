/** House rules that no linter knows. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFile, packageRoot } from './package-file.ts';

type Source = { readonly path: string; readonly text: string };

const listed = git('ls-files', '--cached', '--others', '--exclude-standard').filter((path) =>
  existsSync(packageFile(path)),
);
const sources: readonly Source[] = listed
  .filter((path) => /[.](ts|js|cjs)$/.test(path))
  .map((path) => ({ path, text: readFileSync(packageFile(path), 'utf8') }));
const tests = sources.filter(({ path }) => path.endsWith('.test.ts'));
const product = sources.filter(({ path }) => !/[.](test|bench)[.]ts$|\/testing\//.test(path));
const thisFile = 'scripts/tidy.test.ts';

describe('every source file', () => {
  it.each([
    ['leaves nothing for later', /\b(?:TODO|FIXME|XXX|HACK)\b/],
    ['silences no checker', /eslint-disable|@ts-ignore|@ts-nocheck/],
    ['skips no test', /\b(?:it|test|describe)[.](?:skip|only|todo)\b/],
    [
      'knows no machine but the one it runs on',
      /["'`](?:\/home\/|\/work\/|\/root\/|\/Users\/|C:\\)/,
    ],
  ])('%s', (_rule, pattern) => {
    const offenders = sources.filter(({ path, text }) => path !== thisFile && pattern.test(text));
    expect(offenders.map(({ path }) => path)).toEqual([]);
  });

  it('has no mistake that the compiler was told to expect, tests aside', () => {
    const expecting = product.filter(({ text }) => text.includes('@ts-expect-error'));
    expect(expecting.map(({ path }) => path)).toEqual([]);
  });

  it('stays under 300 lines, tests aside', () => {
    const long = product.filter(({ text }) => text.split('\n').length > 301);
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  it('has a name that says what it holds', () => {
    const vague =
      /\/(?:index|utils?|helpers?|common|misc|manager|service|[A-Z_].*|.*[A-Z_].*)[.]ts$/;
    expect(listed.filter((path) => vague.test(path))).toEqual([]);
  });
});

describe('the protocol', () => {
  it('names its specification at the head of each file that speaks to others', () => {
    const speaking = product.filter(({ path }) => /^core\/(?:wire|tracker)\//.test(path));
    const silent = speaking.filter(({ text }) => !/BEP \d+|RFC \d+/.test(headOf(text)));
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  it('waits for nothing outside the drivers', () => {
    const machines = product.filter(
      ({ path }) =>
        /^(?:core|sim\/(?:virtual|hostile))\//.test(path) &&
        !path.startsWith('core/net/') &&
        path !== 'sim/virtual/virtual-world.ts',
    );
    const waiting = machines.filter(({ text }) =>
      /\basync\b|\bawait\b|\bPromise\b/.test(codeOf(text)),
    );
    expect(waiting.map(({ path }) => path)).toEqual([]);
  });
});

describe('what comes with the program', () => {
  it('plays every part of the library in some test', () => {
    const all = tests.map(({ text }) => text).join('\n');
    const calls = [...all.matchAll(/^playLibrary\(\{ part: (\d+), of: (\d+) \}\);$/gm)];
    const parts = calls.map(([, part]) => Number(part)).sort();
    const count = Number(calls[0]?.[2]);
    expect(parts).toEqual(Array.from({ length: count }, (_, part) => part));
  });

  it('uses every sample file', () => {
    const all = sources.map(({ text }) => text).join('\n');
    const samples = listed.filter((path) => path.startsWith('input/') && !path.endsWith('.md'));
    expect(samples.length).toBeGreaterThan(0);
    // A folder whose name is said is read as a whole.
    const isNamed = (path: string): boolean => {
      const [, folder = ''] = path.split('/');
      return all.includes(basename(path)) || all.includes(`input/${folder}/`);
    };
    expect(samples.filter((path) => !isNamed(path))).toEqual([]);
  });

  it('shares a tune that players recognise', () => {
    const music = readFileSync(packageFile('input/music.mp3'));
    expect(music.subarray(0, 3).toString('latin1')).toBe('ID3');
    expect(music.length).toBeGreaterThan(3e6);
    expect(music.length).toBeLessThan(5e6);
  });

  it('locks versions without saying which registry they came from', () => {
    expect(readFileSync(packageFile('package-lock.json'), 'utf8')).not.toContain(
      '"resolved": "http',
    );
  });

  it('is the same program in the changelog and in the package', () => {
    const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as {
      version: string;
    };
    expect(readFileSync(packageFile('CHANGELOG.md'), 'utf8')).toContain(`## [${version}]`);
  });
});

/** The comment that opens the file. */
const headOf = (text: string): string => text.slice(0, text.indexOf('*/') + 2);

/** Without comments and texts, in which anything may be said. */
const codeOf = (text: string): string =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/\/\/ .*$/gm, '')
    .replace(/'[^'\n]*'/g, "''");

function git(...args: readonly string[]): string[] {
  const out = execFileSync('git', [...args], { cwd: packageRoot, encoding: 'utf8' });
  return out.split('\n').filter((line) => line !== '');
}
