import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { machineTools } from '../../sim/loopback/tools.ts';
import { virtualWorld } from '../../sim/virtual/virtual-world.ts';
import { SeenEnough } from '../../sim/watch/swarm-watch.ts';
import type { World } from '../../sim/world.ts';
import type { FuzzReport } from '../scenario/fuzz.ts';
import { fuzz } from '../scenario/fuzz.ts';
import { FakeTerminal, play } from '../testing/fake-terminal.ts';
import { inFolder, small, withScenario } from '../testing/scenario-files.ts';

const tools = machineTools();

/** Somebody who is never content, and says so as soon as something has begun. */
const complaining = (fidelity: 'byte-exact' | 'elided'): World => {
  const checks = [{ name: 'made up', held: false, detail: 'for the test' }];
  let told = 0;
  const handled = (): void => {
    told += 1;
    if (told > 20) throw new SeenEnough('made up', { checks, inputs: 1 });
  };
  return virtualWorld({
    fidelity,
    tools,
    witness: () => ({
      begins: () => ({ handled }),
      asked: () => undefined,
      forgot: () => undefined,
      checks,
    }),
  });
};

describe('fuzz', () => {
  it('plays swarms and says what they met', async () => {
    await inFolder(async (folder) => {
      const words = ['fuzz', '--runs', '3', '--seed', '1', '--out', folder];
      const { exit, out, err } = await play(words);
      expect({ exit, err }).toEqual({ exit: 0, err: '' });
      expect(out).toMatch(/^3 runs from seed 1 on in [0-9.]+ s, [0-9.]+\/s$/m);
      expect(out).toMatch(/^met: \d+ of \d+ features.*, \d+ of \d+ actions.*, \d+ states$/m);
      expect(readdirSync(folder)).toEqual([]);
    });
  }, 60_000);

  it('is a document with --json', async () => {
    await inFolder(async (folder) => {
      const { exit, out } = await play([
        ...['fuzz', '--runs', '1', '--seed', '2', '--focus', 'disk', '--out', folder, '--json'],
      ]);
      expect(exit).toBe(0);
      const report = JSON.parse(out) as FuzzReport;
      expect(report).toMatchObject({ runs: 1, seed: 2, failures: [] });
      expect(report.seconds).toBeGreaterThan(0);
    });
  }, 60_000);

  it('ends when its time is up', async () => {
    const { exit, out } = await play(['fuzz', '--time', '1s', '--seed', '1', '--json']);
    expect(exit).toBe(0);
    expect((JSON.parse(out) as FuzzReport).seconds).toBeLessThan(30);
  }, 60_000);

  it('ends at Ctrl+C with what it has', async () => {
    const terminal = new FakeTerminal({ NO_COLOR: '1' }, true);
    const played = play(['fuzz', '--runs', '100000', '--seed', '1'], terminal);
    await terminal.until(/runs +\[/);
    terminal.interrupt();
    const { exit, out } = await played;
    expect(exit).toBe(130);
    expect(out).toContain('from seed 1 on');
  }, 60_000);

  it('plays one scenario with every invariant, and says which does not hold', async () => {
    await withScenario(small, async (file, folder) => {
      expect((await play(['fuzz', file, '--seed', '1'])).out).toContain('passed');
      const wrong = {
        ...small,
        name: 'wrong',
        expect: [{ everyoneCompletes: 'leecher', within: 1 }],
      };
      const other = join(folder, 'wrong.json');
      writeFileSync(other, JSON.stringify(wrong));
      const { exit, err } = await play(['fuzz', other, '--seed', '1', '--fidelity', 'elided']);
      expect(exit).toBe(1);
      expect(err).toContain('everyoneCompletes');
    });
  }, 60_000);

  it('does not take what is no number, time or focus', async () => {
    for (const words of [
      ['--runs', '0'],
      ['--time', 'soon'],
      ['--focus', 'moon'],
      ['--seed', '-1'],
    ])
      expect((await play(['fuzz', ...words])).exit).toBe(2);
  });

  it('writes what failed as a scenario that fails again, with the line that plays it', async () => {
    await inFolder(async (folder) => {
      const report = await fuzz(
        {
          ...{ runs: 1, seed: 5, time: undefined, focus: 'wire', out: folder, mostFailures: 1 },
          signal: new AbortController().signal,
          shrinkRuns: 10,
          worlds: complaining,
        },
        () => undefined,
      );
      const [failure] = report.failures;
      expect(failure).toMatchObject({ seed: 5, focus: 'wire', check: 'made up' });
      const text = readFileSync(failure?.scenario ?? '', 'utf8');
      expect(text).toContain(`# ${failure?.replay}`);
      const { exit } = await play(['fuzz', failure?.scenario ?? '', '--seed', '5']);
      // With the invariants that there are nothing is wrong with it.
      expect(exit).toBe(0);
    });
  }, 120_000);
});
