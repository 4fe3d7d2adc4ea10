import { once } from 'node:events';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { millis } from '../../core/time.ts';
import { Census } from './census.ts';

const grace = millis(200);

it('finds nothing where nothing was left', async () => {
  const census = new Census({ isOurs: () => true, dir: '/nowhere' });
  const server = await listening('127.61.0.1');
  server.close();
  expect(await census.take(grace)).toEqual([]);
});

it('waits for what is still closing', async () => {
  const census = new Census({ isOurs: (ip) => ip === '127.61.0.2', dir: '/no' });
  const server = await listening('127.61.0.2');
  setTimeout(() => server.close(), 100);
  expect(await census.take(grace)).toEqual([]);
});

it('names a socket, a file and a timer that were left', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'census-'));
  const census = new Census({ isOurs: (ip) => ip === '127.61.0.3', dir });
  const server = await listening('127.61.0.3');
  const file = await open(join(dir, 'left'), 'w');
  const timer = setInterval(() => undefined, 1_000);
  const leaks = await census.take(grace);
  clearInterval(timer);
  await file.close();
  server.close();
  await rm(dir, { recursive: true });
  expect(leaks.map(({ kind }) => kind).sort()).toEqual(['file-handle', 'socket', 'timer']);
  expect(leaks.map(({ what }) => what).join()).toContain('127.61.0.3:');
  expect(leaks.map(({ what }) => what).join()).toContain(join(dir, 'left'));
});

it('says where a timer was set, and only when it is the one run in the process', async () => {
  const census = new Census({ isOurs: () => false, dir: '/nowhere' });
  const timer = setInterval(() => undefined, 1_000);
  setInterval(() => undefined, 1_000).unref();
  const other = new Census({ isOurs: () => false, dir: '/nowhere' });
  expect(await census.take(grace)).toEqual([]);
  expect(await other.take(grace)).toEqual([]);
  const last = new Census({ isOurs: () => false, dir: '/nowhere' });
  clearInterval(timer);
  const left = setTimeout(() => undefined, 60_000);
  expect((await last.take(grace)).map(({ what }) => what)).toEqual([
    expect.stringMatching(/^set at sim\/loopback\/census[.]test[.]ts:\d+$/),
  ]);
  clearTimeout(left);
});

it('leaves alone what belongs to others', async () => {
  const census = new Census({ isOurs: () => false, dir: '/nowhere' });
  const server = await listening('127.61.0.4');
  expect(await census.take(grace)).toEqual([]);
  server.close();
});

async function listening(ip: string): Promise<Server> {
  const server = createServer().listen(0, ip);
  await once(server, 'listening');
  return server;
}
