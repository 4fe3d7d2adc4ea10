/** What the README promises is tried: its programs run, its scenario plays, its list is the library. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { library } from '../scenarios/library.ts';
import { packageFile, packageRoot } from './package-file.ts';
import { play } from './testing/fake-terminal.ts';

const readme = readFileSync(packageFile('README.md'), 'utf8');
const limitMs = 60_000;

/** Inside the package, so that `swarmproof` in an import means this package, as it does for one that installed it. */
const folder = packageFile('output', 'readme');
mkdirSync(folder, { recursive: true });

const programs = blocks('ts').map((code, number) => {
  const file = join(folder, `example-${number}.ts`);
  writeFileSync(file, code);
  return { number, file };
});

describe('the README', () => {
  it(
    'has programs that compile against what the package exports',
    { timeout: limitMs },
    async () => {
      const flags = [
        '--noEmit',
        '--strict',
        '--skipLibCheck',
        '--module',
        'nodenext',
        '--target',
        'es2022',
      ];
      const types = ['--lib', 'es2023,esnext.disposable', '--types', 'node', '--ignoreConfig'];
      const compiler = packageFile('node_modules', 'typescript', 'bin', 'tsc');
      const words = [compiler, ...flags, ...types, ...programs.map(({ file }) => file)];
      const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: packageRoot });
      expect(stdout).toBe('');
    },
  );

  it.each(programs)(
    'has a program that runs: block $number',
    { timeout: limitMs },
    async ({ file }) => {
      const words = ['--import', 'tsx', file];
      const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: packageRoot });
      expect(stdout).not.toBe('');
      expect(stdout).not.toMatch(/failed|unsupported/);
    },
  );

  it('has a scenario that passes', { timeout: limitMs }, async () => {
    const [code = ''] = blocks('yaml');
    const file = join(folder, 'two-seeders.yaml');
    writeFileSync(file, code);
    const report = join(folder, 'report');
    const { exit, out } = await play(['run', file, '--seed', '1', '--report', report, '--json']);
    expect(out).toContain('"verdict": "passed"');
    expect(exit).toBe(0);
  });

  it('names commands that there are', async () => {
    const lines = blocks('sh').flatMap((code) => code.split('\n'));
    const commands = lines.flatMap((line) => /^npx swarmproof ([a-z]+)/.exec(line)?.[1] ?? []);
    expect(commands.length).toBeGreaterThan(5);
    for (const command of new Set(commands)) {
      const { exit, out } = await play([command, '--help']);
      expect(exit).toBe(0);
      expect(out).toContain(`swarmproof ${command}`);
    }
  });

  it('lists the library as it is', () => {
    const rows = library.map(({ name, story }) => `- \`${name}\`: ${story}`);
    const list =
      /<!-- scenarios: begin -->\n([^]*?)<!-- scenarios: end -->/.exec(readme)?.[1] ?? '';
    expect(list.split('\n').filter((line) => line.startsWith('- `'))).toEqual(rows);
  });

  it('points to files that are there', () => {
    const paths = [
      ...readme.matchAll(/`((?:core|sim|scenarios|reports|scripts|input|docs)\/[\w./-]+)`/g),
    ];
    expect(paths.length).toBeGreaterThan(8);
    for (const [, path = ''] of paths) {
      if (path.startsWith('reports/runs')) continue;
      expect(existsSync(packageFile(path)), `${path} of the README`).toBe(true);
    }
  });
});

function blocks(language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm');
  return [...readme.matchAll(pattern)].map(([, code = '']) => code);
}
