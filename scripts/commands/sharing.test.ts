/** `tracker`, `seed`, `list`, `download` and the menu together, in one process with terminals of paper. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFile } from '../package-file.ts';
import { FakeTerminal, play, type Played } from '../testing/fake-terminal.ts';

const story = packageFile('input/story.txt');
const music = packageFile('input/music.mp3');

describe('sharing without a menu', () => {
  it('goes from a seeder through the list to a download', async () => {
    await withTracker('127.42.0.1', async (tracker, folder) => {
      const seeder = started([
        'seed',
        story,
        music,
        '--tracker',
        tracker,
        '--ip',
        '127.42.0.2',
        '--json',
      ]);
      await seeder.terminal.until(/"path"[^]*"path"[^]*^}/m);
      const list = await play(['list', '--tracker', tracker, '--json']);
      const entries = JSON.parse(list.out) as {
        id: number;
        name: string;
        seeders: { ip: string }[];
      }[];
      expect(entries.map(({ id, name }) => [id, name])).toEqual([
        [0, 'story.txt'],
        [1, 'music.mp3'],
      ]);
      expect(entries[1]?.seeders.map(({ ip }) => ip)).toEqual(['127.42.0.2']);

      const out = join(folder, 'downloads');
      const flags = [
        '--tracker',
        tracker,
        '--ip',
        '127.42.0.3',
        '--out',
        out,
        '--no-seed',
        '--json',
      ];
      const download = await play(['download', '1', ...flags]);
      expect(download).toMatchObject({ exit: 0, err: '' });
      expect(JSON.parse(download.out)).toEqual({
        path: join(out, 'music.mp3'),
        infoHash: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
        verified: true,
        bytes: readFileSync(music).length,
        seconds: expect.any(Number) as number,
      });
      expect(sameFile(join(out, 'music.mp3'), music)).toBe(true);

      seeder.terminal.interrupt();
      expect((await seeder.played).exit).toBe(0);
      expect((await play(['list', '--tracker', tracker])).out).toMatch(/^no torrents/);
    });
  });

  it('downloads by magnet link what the tracker has, and says what it cannot', async () => {
    await withTracker('127.42.1.1', async (tracker, folder) => {
      const seeder = started(['seed', story, '--tracker', tracker, '--ip', '127.42.1.2', '--json']);
      await seeder.terminal.until(/^}/m);
      const { torrents } = JSON.parse(seeder.terminal.out) as { torrents: { infoHash: string }[] };
      const magnet = `magnet:?xt=urn:btih:${torrents[0]?.infoHash}`;
      const flags = ['--tracker', tracker, '--ip', '127.42.1.3', '--out', folder, '--no-seed'];
      expect((await play(['download', magnet, ...flags])).exit).toBe(0);
      expect(sameFile(join(folder, 'story.txt'), story)).toBe(true);
      const unknown = await play(['download', `magnet:?xt=urn:btih:${'0'.repeat(40)}`, ...flags]);
      expect(unknown.exit).toBe(1);
      expect(unknown.err).toMatch(/no such torrent.*BEP 9/);
      seeder.terminal.interrupt();
      await seeder.played;
    });
  });

  it('goes on where an interrupted download stopped', async () => {
    await withTracker('127.42.2.1', async (tracker, folder) => {
      const seed = ['seed', music, '--tracker', tracker, '--ip', '127.42.2.2'];
      const slow = started([...seed, '--up', '400kB/s', '--json']);
      await slow.terminal.until(/^}/m);
      const flags = [
        '--tracker',
        tracker,
        '--ip',
        '127.42.2.3',
        '--out',
        folder,
        '--no-seed',
        '--json',
      ];
      const first = started(['download', '0', ...flags]);
      await partIn(folder);
      first.terminal.interrupt();
      const { exit, out } = await first.played;
      expect(exit).toBe(130);
      expect(JSON.parse(out)).toHaveProperty('error.code', 'interrupted');
      slow.terminal.interrupt();
      await slow.played;
      const fast = started([...seed, '--json']);
      await fast.terminal.until(/^}/m);
      const second = await play(['download', '0', ...flags]);
      expect(second.exit).toBe(0);
      expect(JSON.parse(second.out)).toMatchObject({ verified: true });
      fast.terminal.interrupt();
      await fast.played;
    });
  });

  it('refuses what the tracker does not have', async () => {
    await withTracker('127.42.3.1', async (tracker) => {
      const nothing = await play(['download', '0', '--tracker', tracker]);
      expect(nothing).toMatchObject({
        exit: 1,
        err: expect.stringContaining('no torrents') as string,
      });
    });
  });

  it('says that a tracker takes the file but not the peer', async () => {
    const server = createServer((request, response) => {
      const isAnnounce = request.url?.startsWith('/announce') === true;
      const publication = { id: 0, infoHash: 'ab'.repeat(20), name: 'story.txt' };
      response.end(isAnnounce ? 'd14:failure reason4:fulle' : JSON.stringify(publication));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.42.12.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { exit, err } = await play(['seed', story, '--tracker', `127.42.12.1:${port}`]);
    server.close();
    expect(exit).toBe(4);
    expect(err).toMatch(/^swarmproof: fail: the tracker did not take story\.txt: .*full/);
  });

  it('goes nowhere outside this machine unasked', async () => {
    await withTracker('127.42.4.1', async (_tracker, folder) => {
      const file = join(folder, 'far.torrent');
      await play(['create', story, '-o', file, '--tracker', 'http://192.0.2.1:80/announce']);
      const { exit, err } = await play(['download', file]);
      expect(exit).toBe(2);
      expect(err).toMatch(/outside this machine.*--ip/);
    });
  });

  it('says that the port is taken and exits with 4', async () => {
    await withTracker('127.42.5.1', async (tracker) => {
      const [ip = '', port = ''] = tracker.split(':');
      const { exit, err } = await play(['tracker', port, '--ip', ip]);
      expect(exit).toBe(4);
      expect(err).toMatch(/another program listens there already/);
    });
  });

  it('has one list with a tracker of several processes', async () => {
    const use = async (tracker: string, folder: string): Promise<void> => {
      const seed = ['seed', story, music, '--tracker', tracker, '--ip', '127.42.13.2', '--json'];
      const seeder = started(seed);
      await seeder.terminal.until(/"path"[^]*"path"[^]*^}/m);
      const { out: list } = await play(['list', '--tracker', tracker, '--json']);
      expect(JSON.parse(list)).toMatchObject([
        { id: 0, name: 'story.txt', seeders: [{ ip: '127.42.13.2' }] },
        { id: 1, name: 'music.mp3', seeders: [{ ip: '127.42.13.2' }] },
      ]);
      const flags = ['--tracker', tracker, '--ip', '127.42.13.3', '--out', folder, '--no-seed'];
      for (const id of ['0', '1'])
        expect(await play(['download', id, ...flags])).toMatchObject({ exit: 0, err: '' });
      expect(sameFile(join(folder, 'music.mp3'), music)).toBe(true);
      seeder.terminal.interrupt();
      expect((await seeder.played).exit).toBe(0);
      expect((await play(['list', '--tracker', tracker])).out).toMatch(/^no torrents/);
    };
    await withTracker('127.42.13.1', use, '--workers', '3');
    for (const count of ['0', '1.5', '65', 'all']) {
      const { exit, err } = await play(['tracker', '0', '--ip', '127.42.13.1', '--workers', count]);
      expect([count, exit]).toEqual([count, 2]);
      expect(err).toMatch(/--workers is a whole number from 1 to 64/);
    }
  });
});

describe('the menu from a pipe', () => {
  it('answers each number, and exits at 5', async () => {
    await withTracker('127.42.6.1', async (tracker) => {
      const menu = startedMenu('127.42.6.2', tracker);
      menu.terminal.type('1', '4', '9', '', '5');
      const { exit, out, err } = await menu.played;
      expect({ exit, err }).toEqual({ exit: 0, err: '' });
      expect(out).toMatch(/no torrents/);
      expect(out).toMatch(/Ctrl\+C stops what is being done/);
      expect(out).toMatch(/fail: type a number from 1 to 5/);
      expect(out.match(/\[1\] Get the list of torrents/g)).toHaveLength(5);
    });
  });

  it('tells in the exit code that something failed', async () => {
    await withTracker('127.42.7.1', async (tracker) => {
      const menu = startedMenu('127.42.7.2', tracker);
      menu.terminal.type('3', '/no/such/file', '2', '0', '5');
      const { exit, out, err } = await menu.played;
      expect({ exit, err }).toEqual({ exit: 2, err: '' });
      expect(out).toMatch(/fail: .*\/no\/such\/file/);
      expect(out).toMatch(/no torrents at this tracker/);
    });
  });

  it('seeds until Ctrl+C once its input has ended', async () => {
    await withTracker('127.42.8.1', async (tracker) => {
      const menu = startedMenu('127.42.8.2', tracker, '--upload', story);
      menu.terminal.stdin.end();
      await menu.terminal.until(/seeding until Ctrl\+C/);
      expect((await play(['list', '--tracker', tracker])).out).toMatch(/story\.txt.*1 seeder,/);
      menu.terminal.interrupt();
      expect(await menu.played).toMatchObject({ exit: 0, err: '' });
      expect((await play(['list', '--tracker', tracker])).out).toMatch(/^no torrents/);
    });
  });

  it('stops seeding at the first Ctrl+C and ends at the second', async () => {
    await withTracker('127.42.9.1', async (tracker) => {
      const menu = startedMenu('127.42.9.2', tracker, '--upload', story);
      await menu.terminal.until(/success: seeding story\.txt as torrent 0[^]*> $/);
      menu.terminal.interrupt();
      await menu.terminal.until(
        /Stopped seeding 1 torrent \(story\.txt\); the tracker has been told\.[^]*> $/,
      );
      expect((await play(['list', '--tracker', tracker])).out).toMatch(/^no torrents/);
      menu.terminal.interrupt();
      expect(await menu.played).toMatchObject({ exit: 0, err: '' });
    });
  });

  it('ends at SIGTERM with everybody told', async () => {
    await withTracker('127.42.11.1', async (tracker) => {
      const menu = startedMenu('127.42.11.2', tracker, '--upload', story);
      await menu.terminal.until(/success: seeding story\.txt as torrent 0[^]*> $/);
      menu.terminal.interrupt('SIGTERM');
      expect(await menu.played).toMatchObject({ exit: 0, err: '' });
      expect((await play(['list', '--tracker', tracker])).out).toMatch(/^no torrents/);
    });
  });

  it('says that no tracker answers, and goes on', async () => {
    const menu = startedMenu('127.42.10.2', '127.42.10.1:9');
    menu.terminal.type('1', '5');
    const { exit, out } = await menu.played;
    expect(exit).toBe(4);
    expect(out).toMatch(/fail: tracker: .*127\.42\.10\.1:9/);
  });
});

type Started = { readonly terminal: FakeTerminal; readonly played: Promise<Played> };

function started(argv: readonly string[]): Started {
  const terminal = new FakeTerminal();
  return { terminal, played: play(argv, terminal) };
}

function startedMenu(ip: string, tracker: string, ...flags: readonly string[]): Started {
  const [trackerIp = '', trackerPort = ''] = tracker.split(':');
  return started(['peer', ip, '0', trackerIp, trackerPort, ...flags]);
}

async function withTracker(
  ip: string,
  use: (tracker: string, folder: string) => Promise<void>,
  ...flags: readonly string[]
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'swarmproof-cli-'));
  const { terminal, played } = started(['tracker', '0', '--ip', ip, ...flags]);
  try {
    await terminal.until(/Tracker at http:\/\/\S+/);
    await use(/http:\/\/([\d.]+:\d+)/.exec(terminal.out)?.[1] ?? '', folder);
  } finally {
    terminal.interrupt();
    expect((await played).exit).toBe(0);
    rmSync(folder, { recursive: true });
  }
}

/** Waits until a download has begun to write. */
async function partIn(folder: string): Promise<void> {
  while (!readdirSync(folder).some((name) => name.endsWith('.part')))
    await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Comparing megabytes with `toEqual` takes minutes. */
const sameFile = (a: string, b: string): boolean => readFileSync(a).equals(readFileSync(b));
