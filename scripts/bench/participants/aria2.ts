/** aria2, a downloader for many protocols. */
import { spawnSync } from 'node:child_process';
import type { Contestant } from './contestant.ts';
import { startDaemon } from './daemon.ts';

/** Plain TCP, its data written through a cache of 64 MiB, and a seeder that believes its file, as the others do. */
export const aria2: Contestant = {
  name: 'aria2',
  from: { apt: 'aria2' },
  holdsMany: false,
  isPresent: () => spawnSync('aria2c', ['--version'], { stdio: 'ignore' }).status === 0,
  start: (order) =>
    startDaemon(order, ({ address, dir, home, hook, role, torrentPath }) => [
      'aria2c',
      ...['--no-conf=true', '--quiet=true', '--summary-interval=0', '--disk-cache=64M'],
      ...['--enable-dht=false', '--enable-dht6=false', '--bt-enable-lpd=false'],
      ...['--enable-peer-exchange=false', '--bt-max-peers=0', '--seed-ratio=0.0'],
      ...['--file-allocation=none', '--allow-overwrite=true', `--dht-file-path=${home}/dht.dat`],
      ...[`--dir=${dir}`, `--interface=${address.ip}`, `--listen-port=${address.port}`],
      role === 'seed' ? '--bt-seed-unverified=true' : `--on-bt-download-complete=${hook}`,
      torrentPath,
    ]),
};
