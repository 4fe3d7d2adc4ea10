/** What a user of the program does, typed at terminals into the built program: upload, download, more seeders, leaving. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packageFile } from './package-file.ts';
import { ptyProblem, TerminalSession } from './testing/pty.ts';

const limitMs = 120_000;
const music = packageFile('input/music.mp3');
const problem = ptyProblem();
const isRequired = process.env['REQUIRE_PARTNERS'] !== undefined;

describe('the menu at a terminal', () => {
  it('can be tested here, or says why not', () => {
    if (problem !== undefined) process.stderr.write(`not tested at a terminal: ${problem}\n`);
    expect(isRequired ? problem : undefined).toBeUndefined();
    if (problem === undefined) expect(existsSync(packageFile('dist/scripts/cli.js'))).toBe(true);
  });
});

describe.runIf(problem === undefined)('four people with a terminal each', () => {
  const folder = mkdtempSync(join(tmpdir(), 'swarmproof-workflows-'));
  const open: TerminalSession[] = [];
  const at = (name: string, ...argv: readonly string[]): TerminalSession => {
    const session = new TerminalSession(name, folder, argv);
    open.push(session);
    return session;
  };
  const saved = (): readonly string[] =>
    readdirSync(join(folder, 'output')).filter((name) => name.endsWith('.mp3'));
  afterAll(async () => {
    for (const session of open) await session[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  it('upload, download, download from several, and leave', { timeout: limitMs }, async () => {
    // Uploading a file.
    const tracker = at('tracker', 'tracker', '0', '--ip', '127.41.0.1');
    const [, port = ''] = await tracker.sees(/Tracker at http:\/\/127\.41\.0\.1:(\d+)/);
    const peer = (n: number): TerminalSession =>
      at(`peer-${n}`, 'peer', `127.41.0.${n}`, `888${n}`, '127.41.0.1', port);
    const first = peer(2);
    const [, firstId = ''] = await first.sees(
      /Peer (-SW0100-\w{12}) at 127\.41\.0\.2:8882[^]*\n> $/,
    );
    first.types('1');
    await first.sees(/no torrents/);
    first.types('3');
    await first.sees(/File: $/);
    first.types(music);
    await first.sees(/success: seeding music\.mp3 as torrent 0[^]*> $/);
    await tracker.sees(/music\.mp3/);
    first.types('3');
    await first.sees(/File: $/);
    first.types(music);
    await first.sees(/already seeding music\.mp3[^]*> $/);

    // Downloading a file.
    const second = peer(3);
    const [, secondId = ''] = await second.sees(/Peer (-SW0100-\w{12}) at[^]*> $/);
    second.types('1');
    await second.sees(
      new RegExp(`\\[0\\] music\\.mp3[^]*seeder +${firstId} at 127\\.41\\.0\\.2:8882[^]*> $`),
    );
    second.types('2');
    await second.sees(/Torrent id: $/);
    second.types('7');
    await second.sees(/no such torrent id: 7[^]*> $/);
    second.types('2');
    await second.sees(/Torrent id: $/);
    second.types('0');
    await second.sees(/success: saved \S+music\.mp3[^]*> $/);
    expect(saved()).toEqual([`${secondId}_music.mp3`]);
    expect(sha256(join(folder, 'output', `${secondId}_music.mp3`))).toBe(sha256(music));

    // Downloading from more than one peer.
    const third = peer(4);
    await third.sees(/> $/);
    third.types('1');
    await third.sees(
      new RegExp(`2 seeders[^]*${firstId}[^]*${secondId} at 127\\.41\\.0\\.3:8883[^]*> $`),
    );
    third.types('2');
    await third.sees(/Torrent id: $/);
    third.types('0');
    await third.sees(/success: saved[^]*> $/);
    expect(saved()).toHaveLength(2);

    // Updating seeding status.
    first.pressesCtrlC();
    await first.sees(
      /Stopped seeding 1 torrent \(music\.mp3\); the tracker has been told\.[^]*> $/,
    );
    second.pressesCtrlC();
    await second.sees(/Stopped seeding[^]*> $/);
    const fourth = peer(5);
    await fourth.sees(/> $/);
    fourth.types('1');
    const [list = ''] = await fourth.sees(/\[0\] music\.mp3[^]*> $/);
    expect(list).toContain('1 seeder,');
    expect(list).toContain('127.41.0.4:8884');
    expect(list).not.toContain(firstId);
    expect(list).not.toContain(secondId);

    // A second Ctrl+C ends the program; so do 5 and the tracker's first.
    first.pressesCtrlC();
    second.types('5');
    third.types('5');
    fourth.pressesCtrlC();
    const exits = await Promise.all(
      [first, second, third, fourth].map((session) => session.ends()),
    );
    tracker.pressesCtrlC();
    expect([...exits, await tracker.ends()]).toEqual([0, 0, 0, 0, 0]);
    expect([tracker, first, second, third, fourth].map(({ stderr }) => stderr)).toEqual([
      '',
      '',
      '',
      '',
      '',
    ]);
  });

  it(
    'a peer that dies leaves the list within the time the tracker states',
    { timeout: limitMs },
    async () => {
      const tracker = at(
        'tracker-2',
        'tracker',
        '0',
        '--ip',
        '127.41.1.1',
        '--interval',
        '5s',
        '--expire-after',
        '7s',
      );
      const [, port = ''] = await tracker.sees(/Tracker at http:\/\/127\.41\.1\.1:(\d+)/);
      await tracker.sees(/one that dies within 7 s/);
      const seeder = at(
        'seeder-2',
        'peer',
        '127.41.1.2',
        '0',
        '127.41.1.1',
        port,
        '--upload',
        music,
      );
      await seeder.sees(/success: seeding[^]*> $/);
      const watcher = at('watcher-2', 'peer', '127.41.1.3', '0', '127.41.1.1', port);
      await watcher.sees(/> $/);
      watcher.types('1');
      await watcher.sees(/1 seeder,[^]*> $/);
      const killedAt = performance.now();
      seeder.kills();
      for (;;) {
        watcher.types('1');
        const [list = ''] = await watcher.sees(/(?:no torrents|\[0\])[^]*> $/);
        if (list.includes('no torrents')) break;
        // The bound, and what a busy machine may take to show it.
        expect(performance.now() - killedAt).toBeLessThan(7_000 + 3_000);
      }
      watcher.pressesCtrlC();
      expect(await watcher.ends()).toBe(0);
      expect(watcher.stderr).toBe('');
    },
  );
});

const sha256 = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex');
