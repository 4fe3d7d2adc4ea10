/** transmission-daemon: what most home routers and desktops run. */
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contestant } from './contestant.ts';
import { type DaemonOrder, startDaemon } from './daemon.ts';

const settings = ({ address, dir, hook, role }: DaemonOrder, watchDir: string): unknown => ({
  'bind-address-ipv4': address.ip,
  'peer-port': address.port,
  'download-dir': dir,
  'watch-dir': watchDir,
  'watch-dir-enabled': true,
  'cache-size-mb': 64,
  'dht-enabled': false,
  'lpd-enabled': false,
  'pex-enabled': false,
  'utp-enabled': false,
  'port-forwarding-enabled': false,
  'rpc-enabled': false,
  'rename-partial-files': false,
  'ratio-limit-enabled': false,
  'script-torrent-done-enabled': role === 'leech',
  'script-torrent-done-filename': hook,
  encryption: 0,
});

export const transmission: Contestant = {
  name: 'transmission',
  from: { apt: 'transmission-daemon' },
  holdsMany: false,
  refusesLoopback: true,
  isSlow: true,
  isPresent: () => spawnSync('transmission-daemon', ['--version']).status === 0,
  start: (order) =>
    startDaemon(order, async (daemon) => {
      const watchDir = join(daemon.home, 'watch');
      await mkdir(watchDir, { recursive: true });
      await writeFile(
        join(daemon.home, 'settings.json'),
        JSON.stringify(settings(daemon, watchDir)),
      );
      await copyFile(daemon.torrentPath, join(watchDir, 'shared.torrent'));
      return ['transmission-daemon', '--foreground', '--config-dir', daemon.home];
    }),
};
