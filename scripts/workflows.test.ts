/** What a user of the program does, typed at terminals into the built program: upload, download, more seeders, leaving. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFile } from './package-file.ts';
import { ptyProblem, TerminalSession } from './testing/pty.ts';

const limitMs = 180_000;
const music = packageFile('input/music.mp3');
const problem = ptyProblem();
const isRequired = process.env['REQUIRE_PARTNERS'] !== undefined;

it('can be tested at a terminal here, or says why not', () => {
  if (problem !== undefined) process.stderr.write(`not tested at a terminal: ${problem}\n`);
  expect(isRequired ? problem : undefined).toBeUndefined();
  if (problem === undefined) expect(existsSync(packageFile('dist/scripts/cli.js'))).toBe(true);
});

describe.runIf(problem === undefined)('the menu at a terminal', () => {
  it('uploads, downloads from one and from several, and leaves', { timeout: limitMs }, async () => {
    await atTerminals(async (at, folder) => {
      const tracker = at('tracker', 'tracker', '0', '--ip', '127.41.0.1');
      const [, port = ''] = await tracker.sees(/Tracker at http:\/\/127\.41\.0\.1:(\d+)/);
      const peer = (n: number): TerminalSession =>
        at(`peer-${n}`, 'peer', `127.41.0.${n}`, `888${n}`, '127.41.0.1', port);

      // Uploading a file.
      const first = peer(2);
      const [, firstId = ''] = await first.sees(
        /Peer (-SW0100-\w{12}) at 127\.41\.0\.2:8882[^]*> $/,
      );
      await answers(first, ['1'], /no torrents/);
      await answers(first, ['3', music], /success: seeding music\.mp3 as torrent 0/);
      await tracker.sees(/music\.mp3[^]*announce/);
      await answers(first, ['3', music], /already seeding music\.mp3/);

      // Downloading a file.
      const second = peer(3);
      const [, secondId = ''] = await second.sees(/Peer (-SW0100-\w{12}) at[^]*> $/);
      const listed = `\\[0\\] music\\.mp3[^]*seeder +${firstId} at 127\\.41\\.0\\.2:8882`;
      await answers(second, ['1'], new RegExp(listed));
      await answers(second, ['2', '7'], /no such torrent id: 7/);
      await answers(second, ['2', '0'], /success: saved \S+music\.mp3/);
      expect(downloads(folder)).toEqual([`${secondId}_music.mp3`]);
      const copy = join(folder, 'output', `${secondId}_music.mp3`);
      expect(sha256(copy)).toBe(sha256(music));

      // Downloading from more than one peer.
      const third = peer(4);
      await third.sees(/> $/);
      const bothListed = `2 seeders[^]*${firstId}[^]*${secondId} at 127\\.41\\.0\\.3:8883`;
      await answers(third, ['1'], new RegExp(bothListed));
      await answers(third, ['2', '0'], /success: saved/);
      expect(downloads(folder)).toHaveLength(2);

      // Updating seeding status.
      const toldOff =
        /Stopped seeding 1 torrent \(music\.mp3\); the tracker has been told\.[^]*> $/;
      for (const seeder of [first, second]) {
        seeder.pressesCtrlC();
        await seeder.sees(toldOff);
      }
      const fourth = peer(5);
      await fourth.sees(/> $/);
      const list = await answers(
        fourth,
        ['1'],
        /\[0\] music\.mp3, [^]*1 seeder,[^]*127\.41\.0\.4:8884/,
      );
      expect(list).not.toContain(firstId);
      expect(list).not.toContain(secondId);

      // A second Ctrl+C ends the program; so do 5, and the tracker's first.
      first.pressesCtrlC();
      second.types('5');
      third.types('5');
      fourth.pressesCtrlC();
      for (const session of [first, second, third, fourth]) expect(await session.ends()).toBe(0);
      tracker.pressesCtrlC();
      expect(await tracker.ends()).toBe(0);
      for (const session of [tracker, first, second, third, fourth])
        expect(session.stderr).toBe('');
    });
  });

  it('shows within the stated time that a peer has died', { timeout: limitMs }, async () => {
    await atTerminals(async (at) => {
      const tracker = at('tracker', 'tracker', '0', '--ip', '127.41.1.1', '--interval', '5s');
      const [, port = '', seconds] = await tracker.sees(
        /Tracker at \S+:(\d+)[^]*one that dies within ([\d.]+) s/,
      );
      const seeder = at('seeder', 'peer', '127.41.1.2', '0', '127.41.1.1', port, '--upload', music);
      await seeder.sees(/success: seeding[^]*> $/);
      const watcher = at('watcher', 'peer', '127.41.1.3', '0', '127.41.1.1', port);
      await watcher.sees(/> $/);
      await answers(watcher, ['1'], /1 seeder,/);
      seeder.kills();
      const killedAt = performance.now();
      while (!(await answers(watcher, ['1'], /no torrents|\[0\]/)).includes('no torrents'))
        expect(performance.now() - killedAt).toBeLessThan(1_000 * Number(seconds) + graceMs);
      watcher.pressesCtrlC();
      expect(await watcher.ends()).toBe(0);
      expect(watcher.stderr).toBe('');
    });
  });

  it('stops a download at Ctrl+C and asks again', { timeout: limitMs }, async () => {
    await atTerminals(async (at) => {
      const tracker = at('tracker', 'tracker', '0', '--ip', '127.41.2.1');
      const [, port = ''] = await tracker.sees(/Tracker at \S+:(\d+)/);
      const slowly = ['--upload', music, '--up', '200kB/s'];
      const seeder = at('seeder', 'peer', '127.41.2.2', '0', '127.41.2.1', port, ...slowly);
      await seeder.sees(/success: seeding[^]*> $/);
      const leecher = at('leecher', 'peer', '127.41.2.3', '0', '127.41.2.1', port);
      await leecher.sees(/> $/);
      leecher.types('2');
      await leecher.sees(/: $/);
      leecher.types('0');
      await leecher.sees(/music\.mp3 \[#*-+\] \d+% from 1 peer/);
      leecher.pressesCtrlC();
      await leecher.sees(/stopped[^]*\[1\] Get the list of torrents[^]*> $/);
      leecher.pressesCtrlC();
      expect(await leecher.ends()).toBe(0);
      expect(leecher.stderr).toBe('');
    });
  });
});

it.runIf(problem === undefined)(
  'seed and download show bars, and end at Ctrl+C',
  { timeout: limitMs },
  async () => {
    await atTerminals(async (at, folder) => {
      const tracker = at('tracker', 'tracker', '0', '--ip', '127.41.3.1');
      const [, port = ''] = await tracker.sees(/Tracker at \S+:(\d+)/);
      const url = `127.41.3.1:${port}`;
      const seeder = at('seeder', 'seed', music, '--tracker', url, '--ip', '127.41.3.2');
      await seeder.sees(/music\.mp3 \[-+\] 0% seeding to 0 peers/);
      const leecher = at('leecher', 'download', '0', '--tracker', url, '--ip', '127.41.3.3');
      await leecher.sees(/success: \S+\/music\.mp3, 4\.0 MiB verified[^]*Seeding; Ctrl\+C stops\./);
      await seeder.sees(/music\.mp3 \[#+\] 100% seeding to \d peer/);
      for (const session of [leecher, seeder, tracker]) {
        session.pressesCtrlC();
        expect(await session.ends()).toBe(0);
        expect(session.stderr).toBe('');
      }
      expect(sha256(join(folder, 'output', 'music.mp3'))).toBe(sha256(music));
    });
  },
);

/** What a busy machine may take to show what the tracker says. */
const graceMs = 5_000;

type Start = (name: string, ...argv: readonly string[]) => TerminalSession;

/** `at` starts the program at another terminal; all of them are closed at the end. */
async function atTerminals(use: (at: Start, folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'swarmproof-workflows-'));
  const open: TerminalSession[] = [];
  const at: Start = (name, ...argv) => {
    const session = new TerminalSession(name, folder, argv);
    open.push(session);
    return session;
  };
  try {
    await use(at, folder);
  } finally {
    for (const session of open) await session[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  }
}

/** Types a line for each question, waits for the answer and the next menu, and returns what was shown. */
async function answers(
  session: TerminalSession,
  lines: readonly string[],
  answer: RegExp,
): Promise<string> {
  for (const [i, line] of lines.entries()) {
    session.types(line);
    if (i < lines.length - 1) await session.sees(/: $/);
  }
  const [shown = ''] = await session.sees(new RegExp(`(?:${answer.source})[^]*> $`));
  return shown;
}

const downloads = (folder: string): readonly string[] =>
  readdirSync(join(folder, 'output')).filter((name) => name.endsWith('.mp3'));

const sha256 = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex');
