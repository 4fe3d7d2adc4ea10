/** One file between one of our peers and one foreign program, through our tracker. */
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { millis } from '../../../core/time.ts';
import { createTorrent } from '../../../core/net/create.ts';
import { sha256File } from '../../../core/net/hash.ts';
import { startPeer } from '../../../core/net/peer.ts';
import { startTracker } from '../../../core/net/tracker-server.ts';
import { type PartnerName, startPartner } from './partners.ts';

export type ExchangeOrder = {
  readonly partner: PartnerName;
  /** What the partner does; our peer does the other. */
  readonly role: 'seeds' | 'downloads';
  /** The first three numbers of the network that all take their addresses from. */
  readonly network: string;
  readonly bytes: number;
  /** How both speak to the tracker. */
  readonly over: 'http' | 'udp';
};

export type ExchangeResult = {
  readonly sourceSha256: string;
  /** Undefined when the download did not end in time. */
  readonly copySha256: string | undefined;
  readonly partnerSaid: string;
};

/** Transmission alone moves nothing for its first 12 s. */
const limitMs = 90_000;
const name = 'shared.bin';

export async function exchange(order: ExchangeOrder): Promise<ExchangeResult> {
  const { partner, role, network, bytes, over } = order;
  const work = await mkdtemp(join(tmpdir(), 'swarmproof-interop-'));
  const source = join(work, 'source', name);
  await mkdir(join(work, 'source'));
  await writeFile(source, contentOf(bytes));
  const target = join(work, 'target');
  await using tracker = await startTracker({ ip: `${network}.1`, port: 0 });
  const { bytes: torrent, metainfo } = await createTorrent(source, {
    trackers: [[(over === 'udp' ? tracker.udpAnnounceUrl : tracker.announceUrl) ?? '']],
  });
  const torrentPath = join(work, 'shared.torrent');
  await writeFile(torrentPath, torrent);
  await using peer = await startPeer({
    ip: `${network}.2`,
    outDir: target,
    torrent: { announceEvery: millis(500), rechokeEvery: millis(1_000), redialAfter: millis(500) },
  });
  await peer.add(metainfo, role === 'seeds' ? {} : { path: source });
  const program = await startPartner(partner, {
    torrentPath,
    dir: join(work, role === 'seeds' ? 'source' : 'target'),
    home: join(work, 'home'),
    ip: `${network}.3`,
    port: 26_881,
    isUdp: over === 'udp',
  });
  try {
    const sourceSha256 = await sha256File(source);
    const copySha256 = await waitForCopy(join(target, name), sourceSha256);
    return { sourceSha256, copySha256, partnerSaid: program.output() };
  } finally {
    await program.stop();
    await rm(work, { recursive: true, force: true });
  }
}

/** The hash of the copy once it is the source's; what it is at the end of the time otherwise. */
async function waitForCopy(path: string, expected: string): Promise<string | undefined> {
  let seen: string | undefined;
  for (const end = Date.now() + limitMs; Date.now() < end; await sleep(200)) {
    if (!existsSync(path)) continue;
    seen = await sha256File(path);
    if (seen === expected) break;
  }
  return seen;
}

const contentOf = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8) * 7 + (i >> 16)) & 0xff);
