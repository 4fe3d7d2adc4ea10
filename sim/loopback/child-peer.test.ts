import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../core/net/testing/temporary-directory.ts';
import { ChildPeer, type ChildListener } from './child-peer.ts';
import type { PeerEvent } from './peer-orders.ts';
import { childrenOf, ends, isRunning } from './testing/processes.ts';
import { seederOrder } from './testing/seeder-order.ts';

it('obeys, tells what happens, and leaves nothing behind when it is stopped', async () => {
  await using dir = await temporaryDirectory();
  const heard = listener();
  const peer = await ChildPeer.start(await seederOrder(dir.path, '127.62.1.1'), heard);
  const [pid = 0] = await newestChildren();
  const { address, torrents } = await peer.perform({ type: 'observe' });
  expect(address.ip).toBe('127.62.1.1');
  expect(torrents.map(({ isComplete, stats }) => [isComplete, stats.pieceCount])).toEqual([
    [true, 4],
  ]);
  await peer.perform({ type: 'freeze' });
  await peer.perform({ type: 'thaw' });
  await peer.perform({ type: 'stop' });
  expect(heard.events.map(({ event }) => event.type)).toEqual(
    expect.arrayContaining(['opened', 'announced', 'stopped']),
  );
  expect([heard.leftBehind, heard.lost]).toEqual([[], []]);
  expect(await isRunning(pid)).toBe(false);
  await expect(peer.perform({ type: 'observe' })).rejects.toThrow();
});

it('dies of a real SIGKILL, which is no surprise to who ordered it', async () => {
  await using dir = await temporaryDirectory();
  const heard = listener();
  const peer = await ChildPeer.start(await seederOrder(dir.path, '127.62.1.2'), heard);
  const [pid = 0] = await newestChildren();
  await peer.kill();
  await peer.kill();
  expect(await isRunning(pid)).toBe(false);
  expect(heard.lost).toEqual([]);
  expect(heard.events.map(({ event }) => event.type)).not.toContain('stopped');
});

it('is missed when it ends by itself, and whoever waits for an answer hears of it', async () => {
  await using dir = await temporaryDirectory();
  const heard = listener();
  const peer = await ChildPeer.start(await seederOrder(dir.path, '127.62.1.3'), heard);
  const [pid = 0] = await newestChildren();
  process.kill(pid, 'SIGSTOP');
  const waiting = peer.perform({ type: 'observe' });
  process.kill(pid, 'SIGKILL');
  await expect(waiting).rejects.toThrow('SIGKILL');
  await peer.kill();
  expect(heard.lost).toEqual([expect.stringContaining('SIGKILL')]);
});

it('says why it cannot start, and is gone', async () => {
  await using dir = await temporaryDirectory();
  const { torrents, ...rest } = await seederOrder(dir.path, '127.62.1.4');
  const wrong = torrents.map((torrent) => ({ ...torrent, torrentPath: '/nowhere.torrent' }));
  const before = (await childrenOf(process.pid)).length;
  await expect(ChildPeer.start({ ...rest, torrents: wrong }, listener())).rejects.toThrow('ENOENT');
  expect(await childrenOf(process.pid)).toHaveLength(before);
});

it('does not outlive a bench that was killed', async () => {
  await using dir = await temporaryDirectory();
  const bench = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', fileURLToPath(new URL('testing/lone-bench.ts', import.meta.url))],
      JSON.stringify(await seederOrder(dir.path, '127.62.1.5')),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(bench.stdout, 'data');
  const peers = await childrenOf(bench.pid ?? 0);
  expect(peers.length).toBeGreaterThan(0);
  bench.kill('SIGKILL');
  for (const pid of peers) expect(await ends(pid, 10_000)).toBe(true);
});

type Heard = ChildListener & {
  readonly events: PeerEvent[];
  readonly leftBehind: string[];
  readonly lost: string[];
};

function listener(): Heard {
  const events: PeerEvent[] = [];
  const leftBehind: string[] = [];
  const lost: string[] = [];
  return {
    ...{ events, leftBehind, lost },
    onEvent: (event) => events.push(event),
    onLeftBehind: (resource) => leftBehind.push(resource),
    onLost: (why) => lost.push(why),
  };
}

/** The last to be started comes first. */
const newestChildren = async (): Promise<readonly number[]> =>
  [...(await childrenOf(process.pid))].reverse();
