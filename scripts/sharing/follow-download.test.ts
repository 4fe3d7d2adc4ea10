import { expect, it } from 'vitest';
import type { TorrentStats } from '../../core/swarm/stats.ts';
import { Output } from '../command-line/output.ts';
import { Interrupted } from '../command-line/terminal.ts';
import { FakeTerminal } from '../testing/fake-terminal.ts';
import { type Followed, followDownload } from './follow-download.ts';

const output = new Output(new FakeTerminal(), { json: false, quiet: false, verbose: false });
const unstopped = new AbortController().signal;

const downloading: TorrentStats = {
  state: 'downloading',
  pieceCount: 2,
  piecesHave: 1,
  bytesHave: 10,
  bytesLeft: 10,
  bytesDown: 10,
  bytesWasted: 0,
  bytesUp: 0,
  downBytesPerSec: 0,
  upBytesPerSec: 0,
  peers: [],
};

it('ends when everything is there, and leaves the torrent to seed', async () => {
  const torrent = new FakeTorrent(downloading, Promise.resolve());
  await followDownload(output, torrent, unstopped);
  expect(torrent.stops).toBe(0);
});

it('says why the disk stopped it, and leaves the swarm', async () => {
  const pauseReason = { code: 'disk-full', message: 'the disk is full: a\u001b[2J' } as const;
  const torrent = new FakeTorrent({ ...downloading, state: 'paused', pauseReason }, never());
  await expect(followDownload(output, torrent, unstopped)).rejects.toMatchObject({
    code: 'paused',
    exit: 4,
    message: expect.stringMatching(/^paused: the disk is full: a\\u\{1b\}\[2J; /) as string,
  });
  expect(torrent.stops).toBe(1);
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('leaves the swarm at %s', async (interrupt, exit) => {
  const torrent = new FakeTorrent(downloading, never());
  const controller = new AbortController();
  const followed = followDownload(output, torrent, controller.signal);
  controller.abort(new Interrupted(interrupt));
  await expect(followed).rejects.toMatchObject({ code: 'interrupted', exit });
  expect(torrent.stops).toBe(1);
});

class FakeTorrent implements Followed {
  readonly metainfo = { name: 'a', length: 20 } as Followed['metainfo'];
  readonly completed: Promise<void>;
  readonly #stats: TorrentStats;
  stops = 0;

  constructor(stats: TorrentStats, completed: Promise<void>) {
    this.#stats = stats;
    this.completed = completed;
  }

  stats(): TorrentStats {
    return this.#stats;
  }

  stop(): Promise<void> {
    this.stops += 1;
    return Promise.resolve();
  }
}

const never = (): Promise<void> => new Promise(() => undefined);
