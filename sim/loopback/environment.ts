/** What the figures of a run were measured on. */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../world.ts';
import type { AddressMode } from './addresses.ts';

/** A loopback run's surroundings, as reports show them. `startedAt` is ISO 8601. */
export const environmentOf = (mode: AddressMode, startedAt: string): Environment => ({
  ...machineFacts(startedAt),
  congestionControl: firstLine('/proc/sys/net/ipv4/tcp_congestion_control'),
  backend: 'loopback TCP',
  addresses: mode === 'own' ? 'one per peer' : '127.0.0.1 for all, ports differ',
});

/** The program and the machine it runs on. */
export function machineFacts(startedAt: string): Environment {
  return {
    swarmproof: versionIn(packageDir),
    node: process.version,
    kernel: `${type()} ${release()}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryMiB: Math.round(totalmem() / 2 ** 20),
    startedAt,
  };
}

/** The directory with this program's package.json, whether it runs from source or built. */
export const packageDir: string = packageAbove(dirname(fileURLToPath(import.meta.url)));

function packageAbove(dir: string): string {
  const isHere = existsSync(join(dir, 'package.json'));
  return isHere || dirname(dir) === dir ? dir : packageAbove(dirname(dir));
}

function versionIn(dir: string): string {
  const { version } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as {
    version?: string;
  };
  return version ?? 'unknown';
}

function firstLine(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
