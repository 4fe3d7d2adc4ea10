/** `run`, `scenarios`, `schema` and `doctor`: documents, reports, exit codes. */
import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFile } from '../package-file.ts';
import { FakeTerminal, play } from '../testing/fake-terminal.ts';
import { inFolder, withScenario } from '../testing/scenario-files.ts';

const reportFiles = [
  'availability.csv',
  'completion.csv',
  'record.ndjson',
  'report.md',
  'seeders.csv',
  'summary.csv',
  'throughput.csv',
  'transfers.csv',
];

const small = {
  name: 'small',
  story: 'One gives, one takes.',
  content: { bytes: '256KiB', pieceBytes: '16KiB' },
  peers: { seeder: { count: 1, has: 'all' }, leecher: { count: 1, has: 'nothing' } },
  expect: [{ everyoneCompletes: 'leecher' }],
};

describe('run', () => {
  it('prints one document and leaves a report', async () => {
    await withScenario(small, async (file, folder) => {
      const report = join(folder, 'runs', 'first');
      const { exit, out, err } = await play([
        'run',
        file,
        '--seed',
        '5',
        '--report',
        report,
        '--json',
      ]);
      expect(exit).toBe(0);
      expect(err).toBe(`Playing small with seed 5 ...\nTo repeat it: ${replayOf(out)}\n`);
      expect(JSON.parse(out)).toMatchObject({
        scenario: 'small',
        seed: 5,
        world: 'loopback',
        verdict: 'passed',
        report,
        peers: [
          { name: 'seeder-0', role: 'seeder', verified: true },
          { name: 'leecher-0', role: 'leecher', verified: true, bytesDown: 262_144 },
        ],
      });
      expect(replayOf(out)).toContain(`${file} --seed 5`);
      expect(readdirSync(report).sort()).toEqual(reportFiles);
      expect(readlinkSync(join(folder, 'runs', 'latest'))).toBe('first');
    });
  });

  it('points `latest` to the newest report', async () => {
    await withScenario(small, async (file, folder) => {
      for (const name of ['first', 'second'])
        await play(['run', file, '--report', join(folder, 'runs', name), '--quiet']);
      expect(readlinkSync(join(folder, 'runs', 'latest'))).toBe('second');
      expect(readdirSync(join(folder, 'runs')).sort()).toEqual(['first', 'latest', 'second']);
    });
  });

  it('exits with 1, tells how to repeat it, and leaves a report when a check fails', async () => {
    const impossible = { ...small, expect: [{ nobodyCompletes: 'leecher' }] };
    await withScenario(impossible, async (file, folder) => {
      const report = join(folder, 'report');
      const { exit, out, err } = await play(['run', file, '--seed', '5', '--report', report]);
      expect(exit).toBe(1);
      expect(out).toMatch(/BROKEN {2}nobodyCompletes/);
      expect(out).not.toContain('[#');
      expect(err).toMatch(/^swarmproof: failed; to repeat it: .*--seed 5/m);
      expect(readdirSync(report).sort()).toEqual(reportFiles);
      expect(readFileSync(join(report, 'report.md'), 'utf8')).toMatch(/^# small: failed/);
    });
  });

  it('shows a bar for each peer, and leaves a report and exits with 130 when it is interrupted', async () => {
    const peers = { ...small.peers, seeder: { count: 1, has: { share: 0.5 } } };
    await withScenario({ ...small, peers, settleWithin: '10min' }, async (file, folder) => {
      const report = join(folder, 'report');
      const terminal = new FakeTerminal({ NO_COLOR: '1' }, true);
      const played = play(['run', file, '--report', report], terminal);
      await terminal.until(/seeder-0 +\[#+-+\] 50%[^]*leecher-0 +\[/);
      terminal.interrupt();
      const { exit, out, err } = await played;
      expect(exit).toBe(130);
      expect(out).toMatch(/^failed, interrupted: small$/m);
      expect(err).toBe('swarmproof: interrupted\n');
      expect(readdirSync(report).sort()).toEqual(reportFiles);
    });
  });

  it('exits with 130 when it is interrupted before it has begun', async () => {
    await withScenario(small, async (file, folder) => {
      const terminal = new FakeTerminal();
      const played = play(['run', file, '--report', join(folder, 'report')], terminal);
      await terminal.until(/Playing/);
      terminal.interrupt();
      expect(await played).toMatchObject({ exit: 130, err: 'swarmproof: interrupted\n' });
    });
  });

  it('changes the scenario with --set', async () => {
    await withScenario(small, async (file, folder) => {
      const flags = [
        '--set',
        'peers.leecher.count=2',
        '--report',
        join(folder, 'report'),
        '--json',
      ];
      const { out } = await play(['run', file, ...flags]);
      const { peers } = JSON.parse(out) as { peers: { name: string }[] };
      expect(peers.map(({ name }) => name)).toEqual(['seeder-0', 'leecher-0', 'leecher-1']);
      expect(replayOf(out)).toContain('--set');
    });
  });

  it('changes scenarios of the library and of modules with --set, too', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'mine.mjs');
      writeFileSync(file, `export const mine = ${JSON.stringify(small)};\n`);
      for (const source of [file, 'upload-a-file']) {
        const { exit, err } = await play(['run', source, '--set', 'peers.nobody.count=2']);
        expect(exit).toBe(2);
        expect(err).toMatch(/--set peers\.nobody\.count=2: .*nobody/);
      }
    });
  });

  it('tells where in a file the mistakes are, and plays nothing', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'wrong.yaml');
      writeFileSync(
        file,
        'name: wrong\nstory: Nothing.\ncontent: { bytes: lots }\npeers:\n  seeder: { cuont: 1, has: all }\nexpect: []\n',
      );
      const { exit, err } = await play(['run', file]);
      expect(exit).toBe(2);
      expect(err).toContain(`${file}:3:19: `);
      expect(err).toContain(`${file}:5:13: `);
      expect(err).toContain(`${file}:6:9: `);
    });
  });

  it('plays a TypeScript file that imports swarmproof', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'mine.ts');
      const code = `import { defineScenario } from 'swarmproof';\nexport const mine = defineScenario(${JSON.stringify(small)});\n`;
      writeFileSync(file, code);
      const { exit } = await play(['run', file, '--report', join(folder, 'report'), '--quiet']);
      expect(exit).toBe(0);
    });
  });

  it('says that a module exports no scenario', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'nothing.ts');
      writeFileSync(file, 'export const nothing = 1;\n');
      const { exit, err } = await play(['run', file]);
      expect(exit).toBe(2);
      expect(err).toMatch(/exports no scenario/);
    });
  });

  it('annotates broken checks for GitHub, and adds to the summary', async () => {
    const impossible = { ...small, expect: [{ nobodyCompletes: 'leecher' }] };
    await withScenario(impossible, async (file, folder) => {
      const summary = join(folder, 'summary.md');
      const terminal = new FakeTerminal({ GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary });
      const { err } = await play(['run', file, '--report', join(folder, 'report')], terminal);
      expect(err).toMatch(/^::error title=small%3A nobodyCompletes leecher::/m);
      expect(readFileSync(summary, 'utf8')).toMatch(/^- \*\*failed\*\* `small`/);
    });
  });
});

describe('what the program says of itself', () => {
  it('lists the library', async () => {
    const { out } = await play(['scenarios', '--json']);
    const stories = JSON.parse(out) as { name: string; story: string }[];
    expect(stories).toContainEqual({
      name: 'multi-seeder-download',
      story: expect.stringMatching(/^[A-Z].*[.]$/) as string,
    });
    for (const { name } of stories)
      expect(existsSync(packageFile(`scenarios/${name}.ts`))).toBe(true);
    const lines = (await play(['scenarios'])).out.trim().split('\n');
    expect(lines).toHaveLength(stories.length);
  });

  it('prints the JSON Schema of scenario files', async () => {
    const { out } = await play(['schema']);
    expect(JSON.parse(out)).toMatchObject({ type: 'object', properties: { story: {}, peers: {} } });
    expect((await play(['schema', '--json'])).out).toBe(out);
  });

  it('says what this machine can do', async () => {
    const { exit, out } = await play(['doctor', '--json']);
    const findings = JSON.parse(out) as { name: string; found: boolean; detail: string }[];
    expect([0, 3]).toContain(exit);
    expect(exit === 0).toBe(findings.every(({ found }) => found));
    expect(findings.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Node', '127/8', 'ulimit -n', 'aria2c', 'libtorrent']) as string[],
    );
    for (const { found, detail } of findings)
      if (!found) expect(detail).toMatch(/install|raise|127\.0\.0\.1/);
  });
});

const replayOf = (out: string): string => (JSON.parse(out) as { replay: string }).replay;
