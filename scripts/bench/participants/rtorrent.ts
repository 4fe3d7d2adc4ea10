/** rtorrent: libtorrent of Rakshasa, one thread for the network and one that hashes. */
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contestant } from './contestant.ts';
import { type DaemonOrder, startDaemon } from './daemon.ts';

/** No encryption, buffers of 10 MiB, no second hashing of what has just been hashed by piece. */
const settings = ({ address, dir, hook, role, torrentPath }: DaemonOrder): string =>
  [
    'system.daemon.set = true',
    `directory.default.set = "${dir}"`,
    `network.bind_address.set = ${address.ip}`,
    `network.port_range.set = ${address.port}-${address.port}`,
    'network.port_random.set = no',
    'network.receive_buffer.size.set = 10M',
    'network.send_buffer.size.set = 10M',
    'pieces.hash.on_completion.set = no',
    'pieces.memory.max.set = 2048M',
    'pieces.preload.type.set = 1',
    'protocol.encryption.set = none',
    'protocol.pex.set = no',
    'trackers.use_udp.set = no',
    'dht.mode.set = disable',
    ...(role === 'leech'
      ? [`method.set_key = event.download.finished, done, "execute.nothrow = ${hook}"`]
      : []),
    `load.start = "${torrentPath}"`,
    '',
  ].join('\n');

export const rtorrent: Contestant = {
  name: 'rtorrent',
  from: { apt: 'rtorrent' },
  holdsMany: false,
  isPresent: () => spawnSync('rtorrent', ['-h'], { stdio: 'ignore' }).error === undefined,
  start: (order) =>
    startDaemon(order, async (daemon) => {
      const path = join(daemon.home, 'rtorrent.rc');
      await writeFile(path, settings(daemon));
      return ['rtorrent', '-n', '-o', `import=${path}`];
    }),
};
