/** What a run left behind in this process: counted from what the system says, not from what the code believes. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { type Duration, seconds } from '../../core/time.ts';
import type { Leak } from '../world.ts';
import { TimerWatch } from './timer-watch.ts';

export type CensusOptions = {
  /** Sockets bound to these addresses are the run's. */
  readonly isOurs: (ip: string) => boolean;
  /** Files below it are the run's. */
  readonly dir: string;
};

/** Closing a socket takes the kernel and the event loop a moment; what is there after this stays there. */
const usualGrace = seconds(2);
const lookEveryMs = 20;

/** Counts what is left of one run. */
export class Census {
  readonly #options: CensusOptions;
  readonly #timers = new TimerWatch();

  /** Make it before anything of the run exists, and take it once. */
  constructor(options: CensusOptions) {
    this.#options = options;
    this.#timers.start();
  }

  /** Looks until nothing is left or the grace is over; call when everything has been closed. */
  async take(grace: Duration = usualGrace): Promise<readonly Leak[]> {
    let leaks = await this.#look();
    for (let waited = 0; leaks.length > 0 && waited < grace; waited += lookEveryMs) {
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
      leaks = await this.#look();
    }
    this.dispose();
    return leaks;
  }

  /** Stops watching, where nobody wants to know any more. Harmless after `take`. */
  dispose(): void {
    this.#timers.stop();
  }

  async #look(): Promise<readonly Leak[]> {
    const timers = this.#timers
      .remaining()
      .map((place) => ({ kind: 'timer' as const, what: `set at ${place}` }));
    const targets = await openTargets();
    const files = targets
      .filter((target) => target.startsWith(this.#options.dir + sep))
      .map((what) => ({ kind: 'file-handle' as const, what }));
    return [...timers, ...files, ...(await this.#sockets(targets))];
  }

  /** Only sockets that this process holds count: the kernel keeps closed ones for a while by itself. */
  async #sockets(targets: readonly string[]): Promise<readonly Leak[]> {
    const held = new Set(targets.map((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1]));
    const tables = await Promise.all(['tcp', 'tcp6', 'udp'].map(socketTable));
    return tables
      .flat()
      .filter(({ ip, inode }) => held.has(inode) && this.#options.isOurs(ip))
      .map(({ ip, port }) => ({ kind: 'socket', what: `${ip}:${port}` }));
  }
}

/** What the descriptors of this process lead to; nothing where the system does not tell. */
async function openTargets(): Promise<readonly string[]> {
  const dir = '/proc/self/fd';
  const names = await readdir(dir).catch(() => []);
  return Promise.all(names.map((name) => readlink(join(dir, name)).catch(() => '')));
}

type SocketRow = { readonly ip: string; readonly port: number; readonly inode: string };

/** The kernel's sockets, by their local address: column 1 is `0100007F:1AE1`, column 9 the inode. */
async function socketTable(protocol: string): Promise<readonly SocketRow[]> {
  const text = await readFile(`/proc/net/${protocol}`, 'utf8').catch(() => '');
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .map(([, local = '', , , , , , , , inode = '']) => {
      const [ip = '', port = '0'] = local.split(':');
      return { ip: ipv4(ip), port: Number.parseInt(port, 16), inode };
    });
}

/** The last four bytes, which the kernel writes in the order of the host; every host this runs on is little-endian. */
const ipv4 = (hex: string): string =>
  [...hex.slice(-8).matchAll(/../g)]
    .map(([byte]) => Number.parseInt(byte, 16))
    .reverse()
    .join('.');
