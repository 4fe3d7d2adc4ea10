/** The trackers that can be measured, ours first, each as a user would start it. */
import { connect } from 'node:net';
import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Endpoint } from '../../../core/torrent/ids.ts';
import { Child, type Command } from '../participants/child.ts';
import { npmFile, type Program } from '../participants/programs.ts';

/** How announces travel: over UDP, over HTTP connections that are kept, or over one for each. */
export type Road = 'udp' | 'http' | 'http-close';

export type TrackerProgram = Program & {
  readonly roads: readonly Road[];
  /** How it is called, once what it must be told in files is written. */
  readonly prepare: (order: TrackerOrder) => Promise<Command> | Command;
};

export type TrackerOrder = {
  readonly address: Endpoint;
  /** A directory of its own. */
  readonly home: string;
  /** Of all torrents that will be announced, in hexadecimal. */
  readonly infoHashes: readonly string[];
};

/** How long peers may be silent, in minutes: longer than any bench, so that nobody is forgotten meanwhile. */
const intervalMinutes = 30;

const cli = fileURLToPath(new URL('../../cli.js', import.meta.url));

const swarmproof: TrackerProgram = {
  name: 'swarmproof',
  roads: ['udp', 'http', 'http-close'],
  isPresent: () => true,
  prepare: ({ address: { ip, port } }) => [
    process.execPath,
    ...[cli, 'tracker', String(port)],
    // A line for each announce would cost more than the announce; the others are asked to be silent, too.
    ...['--ip', ip, '--interval', `${intervalMinutes}min`, '--quiet'],
  ],
};

const whitelist = 'whitelist.txt';

/** Where Debian puts it. */
const opentrackerPath = '/usr/bin/opentracker';

const opentracker: TrackerProgram = {
  name: 'opentracker',
  from: { apt: 'opentracker' },
  // It closes every connection.
  roads: ['udp', 'http-close'],
  isPresent: () => existsSync(opentrackerPath),
  prepare: async ({ address: { ip, port }, home, infoHashes }) => {
    // Debian's serves only what is on a list, which it reads as nobody and from within its own directory.
    await writeFile(join(home, whitelist), `${infoHashes.join('\n')}\n`, { mode: 0o644 });
    await chmod(home, 0o755);
    const where = ['-i', ip, '-p', String(port), '-P', String(port)];
    return [opentrackerPath, ...where, '-d', home, '-w', whitelist];
  },
};

const bittorrentTracker: TrackerProgram = {
  name: 'bittorrent-tracker',
  from: { npm: 'bittorrent-tracker@11.2.3' },
  roads: ['udp', 'http', 'http-close'],
  startsSlowly: true,
  isPresent: () => npmFile('bittorrent-tracker', 'bin', 'cmd.js') !== undefined,
  prepare: ({ address: { ip, port } }) => [
    process.execPath,
    npmFile('bittorrent-tracker', 'bin', 'cmd.js') ?? '',
    ...['--http', '--udp', '--silent', '--no-stats', '--port', String(port)],
    ...['--http-hostname', ip, '--udp-hostname', ip],
    ...['--interval', String(intervalMinutes * 60_000)],
  ],
};

export const trackers: readonly TrackerProgram[] = [swarmproof, opentracker, bittorrentTracker];

/** A program that takes no connection for so long does not start. */
const startWithinMs = 20_000;
const tryEveryMs = 50;

/** Resolves when it takes connections. Rejects when it ends before, or never does. */
export async function startTrackerProgram(
  { name, prepare }: TrackerProgram,
  order: TrackerOrder,
): Promise<Child> {
  const { address, home } = order;
  const child = new Child(await prepare(order), home);
  let isUp = false;
  const giveUpAt = Date.now() + startWithinMs;
  const look = setInterval(() => {
    const socket = connect({ host: address.ip, port: address.port });
    socket.once('connect', () => {
      isUp = true;
      socket.destroy();
    });
    socket.once('error', () => undefined).once('close', () => child.poke());
  }, tryEveryMs);
  try {
    await child.until('it listens', () => isUp || Date.now() > giveUpAt);
    if (!isUp) throw new Error(`${name} does not listen at ${address.ip}:${address.port}`);
  } catch (error) {
    await child.stop();
    throw error;
  } finally {
    clearInterval(look);
  }
  return child;
}
