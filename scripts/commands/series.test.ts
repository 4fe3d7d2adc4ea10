/** `run --world virtual`, `run --repeat`, `replay`, `sweep` and `compare`. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Series } from '../../reports/series.ts';
import type { RunResult } from '../../reports/result.ts';
import { FakeTerminal, play } from '../testing/fake-terminal.ts';
import { inFolder, small, withScenario } from '../testing/scenario-files.ts';

const virtual = ['--world', 'virtual'];

const resultIn = (out: string): RunResult => JSON.parse(out) as RunResult;
const seriesIn = (out: string): Series => JSON.parse(out) as Series;

describe('run in virtual time', () => {
  it('gives the same trace for the same seed, and another for another', async () => {
    await withScenario(small, async (file, folder) => {
      const played = async (seed: number): Promise<RunResult> =>
        resultIn(
          (
            await play([
              'run',
              file,
              ...virtual,
              '--seed',
              String(seed),
              '--report',
              folder,
              '--json',
            ])
          ).out,
        );
      const first = await played(3);
      expect(first).toMatchObject({
        world: 'virtual',
        fidelity: 'byte-exact',
        verdict: 'passed',
        traceHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        bound: { binding: 'upload-bound' },
        replay: `swarmproof run ${file} --seed 3 --world virtual --fidelity byte-exact`,
      });
      expect(first.bound?.ratio).toBeGreaterThan(1);
      expect(first.uplinkUtilisation).toBeGreaterThan(0);
      expect(first.events).toBeGreaterThan(100);
      const { wallSeconds: _, ...again } = await played(3);
      expect(first).toMatchObject(again);
      expect((await played(4)).traceHash).not.toBe(first.traceHash);
    });
  });

  it('elides blocks when told to', async () => {
    await withScenario(small, async (file, folder) => {
      const words = ['run', file, ...virtual, '--fidelity', 'elided', '--report', folder];
      const { exit, out, err } = await play([...words, '--seed', '1']);
      expect(exit).toBe(0);
      expect(err).toBe('');
      expect(out).toMatch(/^Trace hash: [0-9a-f]{64}$/m);
      expect(out).toContain('--world virtual --fidelity elided');
    });
  });

  it('has no fidelity to choose on loopback', async () => {
    const { exit, err } = await play(['run', 'upload-a-file', '--fidelity', 'elided']);
    expect(exit).toBe(2);
    expect(err).toContain('--fidelity is for --world virtual');
    expect((await play(['run', 'upload-a-file', '--world', 'moon'])).exit).toBe(2);
  });

  it('stops at Ctrl+C, with a report', async () => {
    const peers = { ...small.peers, seeder: { count: 1, has: { share: 0.5 } } };
    const endless = { ...small, peers, settleWithin: '20h', lasts: '20h', sampleEvery: '100ms' };
    await withScenario(endless, async (file, folder) => {
      const terminal = new FakeTerminal({ NO_COLOR: '1' }, true);
      const report = join(folder, 'report');
      const played = play(['run', file, ...virtual, '--report', report], terminal);
      await terminal.until(/seeder-0 +\[/);
      terminal.interrupt();
      expect((await played).exit).toBe(130);
      expect(existsSync(join(report, 'report.md'))).toBe(true);
    });
  });
});

describe('run --repeat', () => {
  it('plays each seed, leaves a report for each, and tells mean, spread and interval', async () => {
    await withScenario(small, async (file, folder) => {
      const report = join(folder, 'runs');
      const words = ['run', file, ...virtual, '--seed', '5', '--repeat', '3', '--report', report];
      const { exit, out, err } = await play(words);
      expect(exit).toBe(0);
      expect(err).toBe('');
      expect(out).toMatch(/mean +deviation +95 % interval of the mean +runs/);
      expect(out).toMatch(/half of them within +[\d.]+ s +[\d.]+ s +[\d.]+ s \.\. [\d.]+ s +3$/m);
      expect(out).toMatch(/^passed: small, 3 runs$/m);
      expect(readdirSync(report).sort()).toEqual(['5', '6', '7', 'latest']);
      const json = seriesIn((await play([...words, '--json'])).out);
      expect(json.outcomes.map(({ seed }) => seed)).toEqual([5, 6, 7]);
      expect(json).toMatchObject({
        verdict: 'passed',
        runs: 3,
        failures: [],
        fidelity: 'byte-exact',
      });
      expect(json.spreads.completionP50Sec?.runs).toBe(3);
    });
  });

  it('fails when a run failed, and tells how to repeat that one', async () => {
    await withScenario(
      { ...small, expect: [{ nobodyCompletes: 'leecher' }] },
      async (file, folder) => {
        const words = ['run', file, ...virtual, '--seed', '5', '--repeat', '2', '--report', folder];
        const { exit, out, err } = await play(words);
        expect(exit).toBe(1);
        expect(out).toMatch(/^failed: small, 2 runs, 2 of them failed$/m);
        for (const seed of [5, 6])
          expect(err).toContain(`swarmproof run ${file} --seed ${seed} --world virtual`);
      },
    );
  });

  it.each(['0', '1.5', 'x', '20000'])('refuses --repeat %s', async (count) => {
    const { exit, err } = await play(['run', 'upload-a-file', '--repeat', count]);
    expect(exit).toBe(2);
    expect(err).toContain('--repeat is a whole number from 1');
  });
});

describe('replay', () => {
  it('plays a record again and finds the same trace', async () => {
    await withScenario(small, async (file, folder) => {
      const report = join(folder, 'report');
      const set = ['--set', 'peers.leecher.count=2'];
      await play(['run', file, ...virtual, ...set, '--seed', '3', '--report', report, '--json']);
      writeFileSync(file, 'gone'); // The record knows the scenario itself.
      for (const path of [report, join(report, 'record.ndjson')]) {
        const { exit, out } = await play(['replay', path]);
        expect(out).toContain('the same, event for event');
        expect(exit).toBe(0);
      }
      const { out } = await play(['replay', report, '--json']);
      expect(JSON.parse(out)).toMatchObject({ isSame: true, result: { verdict: 'passed' } });
    });
  });

  it('shows where a trace that is not the same begins to differ', async () => {
    await withScenario(small, async (file, folder) => {
      await play(['run', file, ...virtual, '--seed', '3', '--report', folder, '--json']);
      const path = join(folder, 'record.ndjson');
      const changed = readFileSync(path, 'utf8').replace('"bytesSent":', '"bytesSent":1');
      writeFileSync(path, changed);
      const { exit, out } = await play(['replay', path]);
      expect(exit).toBe(1);
      expect(out).toMatch(/^not the same$/m);
      expect(out).toMatch(/^ {2}then: \{"line":"transfer".*"bytesSent":1/m);
      expect(out).toMatch(/^ {2}now: {2}\{"line":"transfer"/m);
    });
  });

  it('plays the line that a failing run printed, and fails as it did', async () => {
    const impossible = { ...small, expect: [{ nobodyCompletes: 'leecher' }] };
    await withScenario(impossible, async (file, folder) => {
      const first = await play(['run', file, ...virtual, '--seed', '9', '--report', folder]);
      const [, line = ''] = /to repeat it: (.*)/.exec(first.err) ?? [];
      const [, hash = ''] = /Trace hash: (\w+)/.exec(first.out) ?? [];
      const again = await play(['replay', line]);
      expect(again.exit).toBe(1);
      expect(again.out).toContain(`Trace hash: ${hash}`);
      expect((await play(['replay', line, '--hash', hash])).exit).toBe(0);
      expect((await play(['replay', line, '--hash', '0'.repeat(64)])).exit).toBe(1);
      expect((await play(['replay', line, '--hash', 'abc'])).exit).toBe(2);
    });
  });

  it('compares verdicts of runs on loopback, where time is not ours', async () => {
    const peers = { ...small.peers, leecher: { count: 1, has: 'nothing' } };
    await withScenario({ ...small, peers }, async (file, folder) => {
      await play(['run', file, '--seed', '3', '--report', folder, '--json']);
      const { exit, out } = await play(['replay', folder]);
      expect(out).toContain('passed as before');
      expect(exit).toBe(0);
    });
  });

  it('says what is no record', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'record.ndjson');
      writeFileSync(path, '{"line":"end"}\n');
      const { exit, err } = await play(['replay', path]);
      expect(exit).toBe(2);
      expect(err).toContain(`${path}: line 1: expected the header`);
      expect((await play(['replay', folder.concat('/nothing')])).exit).toBe(2);
    });
  });
});

describe('sweep', () => {
  it('plays every seed as `run` would, in processes of its own', async () => {
    await withScenario(small, async (file, folder) => {
      const { exit, out, err } = await play([
        'sweep',
        file,
        '--seeds',
        '1..5',
        '--jobs',
        '2',
        '--json',
      ]);
      expect(exit).toBe(0);
      expect(err).toMatch(/5 of 5 seeds in/);
      const { outcomes, runs, world } = seriesIn(out);
      expect({ runs, world }).toEqual({ runs: 5, world: 'virtual' });
      expect(outcomes.map(({ seed }) => seed)).toEqual([1, 2, 3, 4, 5]);
      expect(new Set(outcomes.map(({ traceHash }) => traceHash)).size).toBe(5);
      const third = await play([
        'run',
        file,
        ...virtual,
        '--seed',
        '3',
        '--report',
        folder,
        '--json',
      ]);
      expect(outcomes[2]?.traceHash).toBe(resultIn(third.out).traceHash);
    });
  });

  it('names the seeds that failed, with the line that repeats each', async () => {
    const impossible = { ...small, expect: [{ nobodyCompletes: 'leecher' }] };
    await withScenario(impossible, async (file) => {
      const { exit, out, err } = await play(['sweep', file, '--seeds', '4,7', '--quiet']);
      expect(exit).toBe(1);
      expect(out).toMatch(/^failed: small, 2 runs, 2 of them failed$/m);
      expect(err).toContain('seed 4 failed: nobodyCompletes leecher');
      expect(err).toContain(
        `swarmproof run ${file} --seed 7 --world virtual --fidelity byte-exact`,
      );
    });
  });

  it('goes on when a run cannot even begin', async () => {
    await withScenario({ ...small, content: { file: 'missing.bin' } }, async (file) => {
      const { exit, out, err } = await play([
        'sweep',
        file,
        '--seeds',
        '1..3',
        '--jobs',
        '1',
        '--json',
      ]);
      expect(exit).toBe(1);
      expect(seriesIn(out).failures.map(({ seed, verdict }) => [seed, verdict])).toEqual([
        [1, 'crashed'],
        [2, 'crashed'],
        [3, 'crashed'],
      ]);
      expect(err).toContain('missing.bin');
    });
  });

  it('shows a bar to a person, and stops at Ctrl+C with what is done', async () => {
    await withScenario(small, async (file) => {
      const terminal = new FakeTerminal({ NO_COLOR: '1' }, true);
      const played = play(['sweep', file, '--seeds', '1..5000', '--jobs', '2'], terminal);
      await terminal.until(/seeds \[-+\] 0% [1-9]\d* of 5000, 0 failed/);
      terminal.interrupt();
      const { exit, out } = await played;
      expect(exit).toBe(130);
      expect(out).toMatch(/^\d+ of 5000 seeds in/m);
    });
  });
});

describe('compare', () => {
  it('finds two equal runs equal, and tells what changed when a link is slower', async () => {
    await withScenario(small, async (file, folder) => {
      const run = (name: string, ...more: string[]): ReturnType<typeof play> =>
        play([
          'run',
          file,
          ...virtual,
          '--seed',
          '1',
          '--report',
          join(folder, name),
          '--quiet',
          ...more,
        ]);
      await run('a');
      await run('b');
      await run('slow', '--set', 'peers.seeder.link.up=100kB/s');
      const same = await play(['compare', join(folder, 'a'), join(folder, 'b')]);
      expect(same.exit).toBe(0);
      expect(same.out).toContain('nothing changed by more than 5 %');
      const slower = await play(['compare', join(folder, 'a'), join(folder, 'slow')]);
      expect(slower.exit).toBe(1);
      expect(slower.out).toMatch(/half of them within .* s +\+[\d.]+ % +worse$/m);
      const lenient = await play([
        'compare',
        join(folder, 'a'),
        join(folder, 'slow'),
        '--threshold',
        '1000000',
      ]);
      expect(lenient.exit).toBe(0);
    });
  });

  it('takes sets: folders of reports, and documents of run and sweep', async () => {
    await withScenario(small, async (file, folder) => {
      const report = join(folder, 'runs');
      const repeat = ['--seed', '1', '--repeat', '4', '--report', report, '--json'];
      const repeated = await play(['run', file, ...virtual, ...repeat]);
      const document = join(folder, 'set.json');
      writeFileSync(document, repeated.out);
      const { exit, out } = await play(['compare', document, report, '--json']);
      expect(exit).toBe(0);
      expect(JSON.parse(out)).toMatchObject({
        changed: false,
        before: { scenarios: ['small'], runs: 4, failed: 0 },
        after: { scenarios: ['small'], runs: 4, failed: 0 },
      });
      const single = join(folder, 'one.json');
      writeFileSync(
        single,
        (await play(['run', file, ...virtual, '--report', report, '--json'])).out,
      );
      expect((await play(['compare', single, single])).exit).toBe(0);
    });
  });

  it('counts it as a change when more runs fail', async () => {
    await inFolder(async (folder) => {
      const document = (name: string, verdicts: readonly string[]): string => {
        const path = join(folder, name);
        const outcomes = verdicts.map((verdict) => ({ verdict, metrics: { finished: 1 } }));
        writeFileSync(path, JSON.stringify({ scenario: 'x', outcomes }));
        return path;
      };
      const good = document('good.json', ['passed', 'passed']);
      const bad = document('bad.json', ['passed', 'failed']);
      expect((await play(['compare', good, bad])).exit).toBe(1);
      expect((await play(['compare', bad, good])).exit).toBe(0);
    });
  });

  it('says what it cannot compare', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'x.json');
      writeFileSync(path, '{}');
      for (const [words, why] of [
        [[path, path], 'not a document'],
        [[folder, folder], 'there is no run in it'],
        [[path, path, '--threshold', '-1'], '--threshold is a number'],
      ] as const) {
        const { exit, err } = await play(['compare', ...words]);
        expect(exit).toBe(2);
        expect(err).toContain(why);
      }
    });
  });
});
