/** One seed gives one trace on another major version of Node as well: its engine sorts, rounds and hashes as ours does. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { RunResult } from '../reports/result.ts';

/** The path of its program. */
const other = process.env['OTHER_NODE'];
const program = new URL('../dist/scripts/cli.js', import.meta.url).pathname;

/** Many times what the longest takes on two idle cores. */
const limitMs = 120_000;

const scenarios = ['flash-crowd', 'churn', 'one-way-cut', 'wrong-clocks', 'poisoned-peer'];

it('is another major version, or nobody said where one is', () => {
  if (other === undefined) {
    process.stderr.write(
      'not compared with another Node: npm install --no-save --prefix DIR node@22, and OTHER_NODE=DIR/node_modules/node/bin/node\n',
    );
    return;
  }
  const { stdout } = spawnSync(other, ['--version'], { encoding: 'utf8' });
  expect(stdout).toMatch(/^v\d+[.]/);
  expect(majorOf(stdout)).not.toBe(majorOf(process.version));
});

const pairs = other === undefined ? [] : scenarios.map((name) => ({ name, its: other }));

it.each(pairs)('$name goes the same way there', { timeout: limitMs }, async ({ its, name }) => {
  const folder = await mkdtemp(join(tmpdir(), 'swarmproof-other-node-'));
  try {
    const words = [program, 'run', name, '--world', 'virtual', '--seed', '1', '--json'];
    const hashes = await Promise.all(
      [process.execPath, its].map(async (node, i) => {
        const report = ['--report', join(folder, String(i))];
        const { stdout } = await promisify(execFile)(node, [...words, ...report]);
        return (JSON.parse(stdout) as RunResult).traceHash;
      }),
    );
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(hashes[1]).toBe(hashes[0]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

function majorOf(version: string): string | undefined {
  return /^v(\d+)[.]/.exec(version)?.[1];
}
