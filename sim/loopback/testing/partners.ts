/** Programs nobody here wrote, told to seed or to download one torrent. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type PartnerName = 'aria2' | 'transmission' | 'libtorrent';

export type PartnerOrder = {
  /** What to run it on: a .torrent that names our tracker. */
  readonly torrentPath: string;
  /** Where the data lies, or where it shall go. */
  readonly dir: string;
  /** A directory of its own for settings. */
  readonly home: string;
  readonly ip: string;
  readonly port: number;
  /** The tracker is one over UDP. */
  readonly isUdp: boolean;
};

type Partner = {
  /** How a Debian user gets it. */
  readonly package: string;
  readonly probe: readonly [program: string, ...args: string[]];
  readonly prepare?: (order: PartnerOrder) => Promise<void>;
  readonly command: (order: PartnerOrder) => readonly [program: string, ...args: string[]];
};

/** Debian's own interpreter: python3-libtorrent is built for that one and no other. */
const python = '/usr/bin/python3';

export const partners: Readonly<Record<PartnerName, Partner>> = {
  aria2: {
    package: 'aria2',
    probe: ['aria2c', '--version'],
    command: ({ torrentPath, dir, home, ip, isUdp, port }) => [
      'aria2c',
      `--dir=${dir}`,
      `--interface=${ip}`,
      `--listen-port=${port}`,
      '--seed-ratio=0.0',
      '--check-integrity=true',
      '--allow-overwrite=true',
      '--file-allocation=none',
      // Its UDP trackers share a socket with its DHT, which has nobody to talk to here.
      `--enable-dht=${isUdp}`,
      `--dht-listen-port=${port}`,
      `--dht-file-path=${join(home, 'dht.dat')}`,
      '--enable-dht6=false',
      '--bt-enable-lpd=false',
      '--enable-peer-exchange=false',
      '--bt-tracker-interval=1',
      '--no-conf=true',
      '--summary-interval=0',
      torrentPath,
    ],
  },
  transmission: {
    package: 'transmission-daemon',
    probe: ['transmission-daemon', '--version'],
    prepare: prepareTransmission,
    command: ({ home }) => ['transmission-daemon', '--foreground', '--config-dir', home],
  },
  libtorrent: {
    package: 'python3-libtorrent',
    probe: [python, '-c', 'import libtorrent'],
    command: ({ torrentPath, dir, ip, port }) => [
      python,
      '-c',
      libtorrentProgram,
      torrentPath,
      dir,
      `${ip}:${port}`,
    ],
  },
};

/** Whether the program can be run here. */
export function isPresent(name: PartnerName): boolean {
  const [program, ...args] = partners[name].probe;
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

/** Starts the partner; it dies with this process. Its output is kept for the report of a failure. */
export async function startPartner(
  name: PartnerName,
  order: PartnerOrder,
): Promise<{ readonly output: () => string; readonly stop: () => Promise<void> }> {
  await mkdir(order.dir, { recursive: true });
  await mkdir(order.home, { recursive: true });
  await partners[name].prepare?.(order);
  const command = partners[name].command(order);
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HOME: order.home },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-20_000)));
  return { output: () => said, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

async function prepareTransmission({
  dir,
  home,
  ip,
  port,
  torrentPath,
}: PartnerOrder): Promise<void> {
  const settings = {
    'bind-address-ipv4': ip,
    'peer-port': port,
    'download-dir': dir,
    'watch-dir': join(home, 'watch'),
    'watch-dir-enabled': true,
    'dht-enabled': false,
    'lpd-enabled': false,
    'pex-enabled': false,
    'utp-enabled': false,
    'port-forwarding-enabled': false,
    'rpc-enabled': false,
    'rename-partial-files': false,
    'ratio-limit-enabled': false,
    encryption: 0,
  };
  await mkdir(join(home, 'watch'), { recursive: true });
  await writeFile(join(home, 'settings.json'), JSON.stringify(settings));
  await copyFile(torrentPath, join(home, 'watch', 'shared.torrent'));
}

const libtorrentProgram = `
import libtorrent as lt, sys, time
session = lt.session({
    'listen_interfaces': sys.argv[3],
    'outgoing_interfaces': sys.argv[3].split(':')[0],
    'enable_dht': False, 'enable_lsd': False, 'enable_upnp': False, 'enable_natpmp': False,
    'enable_outgoing_utp': False, 'enable_incoming_utp': False,
    'allow_multiple_connections_per_ip': True,
    'min_announce_interval': 1,
})
session.add_torrent({'ti': lt.torrent_info(sys.argv[1]), 'save_path': sys.argv[2]})
while True:
    time.sleep(1)
`;
