/** What this machine can do for a bench: facts that `doctor` shows. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { release } from 'node:os';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** A program that does not answer is treated as absent. */
const answerLimitMs = 5_000;

export type Finding = {
  readonly name: string;
  readonly found: boolean;
  /** Without it nothing works. */
  readonly isNeeded: boolean;
  /** What was found, or how to get it. */
  readonly detail: string;
};

export async function probeMachine(): Promise<readonly Finding[]> {
  return Promise.all([
    Promise.resolve(node()),
    loopbackAddresses(),
    openFiles(),
    congestionControl(),
    program('tc', ['-V'], 'iproute2: rates in the kernel'),
    program('nft', ['--version'], 'nftables: faults in the kernel'),
    program('tshark', ['--version'], 'tshark: decodes what we send'),
    program('tmux', ['-V'], 'tmux: tests of the menu at a terminal'),
    program('aria2c', ['--version'], 'aria2: a client to test against'),
    program('transmission-daemon', ['--version'], 'transmission-daemon: a client to test against'),
    program(
      '/usr/bin/python3',
      ['-c', 'import libtorrent; print("libtorrent", libtorrent.version)'],
      'python3-libtorrent: a client to test against',
    ),
  ]);
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const found = major > 20 || (major === 20 && minor >= 19);
  const detail = found
    ? `${process.version} on ${process.platform} ${release()}`
    : 'install Node 20.19 or newer';
  return { name: 'Node', found, isNeeded: true, detail };
}

async function loopbackAddresses(): Promise<Finding> {
  const found = await canListen('127.77.66.55');
  const missing =
    process.platform === 'darwin'
      ? 'macOS has only 127.0.0.1: sudo ifconfig lo0 alias 127.x.y.z for each; until then peers share 127.0.0.1'
      : 'only 127.0.0.1 can be listened at; peers share it';
  return {
    name: '127/8',
    found,
    isNeeded: false,
    detail: found ? 'every peer gets an address of its own' : missing,
  };
}

function canListen(ip: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(0, ip, () => server.close(() => resolve(true)));
  });
}

/** A peer needs a file per connection and per open file; a hundred peers in one process some thousands. */
const enoughFiles = 4_096;

async function openFiles(): Promise<Finding> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const [, soft] = /^Max open files\s+(\S+)/m.exec(limits) ?? [];
  if (soft === undefined)
    return { name: 'ulimit -n', found: true, isNeeded: false, detail: 'not known here' };
  const found = soft === 'unlimited' || Number(soft) >= enoughFiles;
  const detail = found ? soft : `${soft}: raise it for many peers (ulimit -n ${enoughFiles})`;
  return { name: 'ulimit -n', found, isNeeded: false, detail };
}

async function congestionControl(): Promise<Finding> {
  const name = 'congestion control';
  const path = '/proc/sys/net/ipv4/tcp_congestion_control';
  const told = await readFile(path, 'utf8').catch(() => undefined);
  return { name, found: true, isNeeded: false, detail: told?.trim() ?? 'not known here' };
}

async function program(name: string, args: readonly string[], what: string): Promise<Finding> {
  const label = name === '/usr/bin/python3' ? 'libtorrent' : name;
  try {
    const { stdout, stderr } = await execute(name, [...args], { timeout: answerLimitMs });
    const [line = ''] = (stdout.trim() || stderr.trim()).split('\n');
    return { name: label, found: true, isNeeded: false, detail: line };
  } catch {
    const [packageName = ''] = what.split(':');
    return {
      name: label,
      found: false,
      isNeeded: false,
      detail: `absent (${what}): apt-get install ${packageName}`,
    };
  }
}
