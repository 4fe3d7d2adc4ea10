/** Enhanced CTorrent: one thread, one torrent, C++ of 2008. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Contestant } from './contestant.ts';
import { startDaemon } from './daemon.ts';

const program = '/usr/bin/ctorrent';

/** `-f` spares the seeder its check, as with the others; a cache of 64 MiB instead of 16. */
export const ctorrent: Contestant = {
  name: 'ctorrent',
  from: { apt: 'ctorrent' },
  holdsMany: false,
  isPresent: () => existsSync(program) && spawnSync(program, ['-h']).error === undefined,
  start: (order) =>
    startDaemon(order, ({ address, dir, home, hook, role, torrentPath }) => [
      program,
      ...['-i', address.ip, '-p', String(address.port), '-C', '64', '-e', '1000'],
      ...['-b', join(home, 'bitfield'), '-s', join(dir, order.fileName)],
      ...(role === 'seed' ? ['-f'] : ['-X', hook]),
      torrentPath,
    ]),
};
