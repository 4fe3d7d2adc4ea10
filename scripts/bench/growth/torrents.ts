/** Many small torrents between two peers, each peer in its process. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTorrent } from '../../../core/net/create.ts';
import type { Endpoint } from '../../../core/torrent/ids.ts';
import type { Running } from '../participants/contestant.ts';
import { startSpoken } from '../participants/spoken.ts';
import { startTogether } from '../participants/together.ts';
import { costBetween, costOf } from '../process-cost.ts';
import { addressesIn } from '../swarm/wiring.ts';
import { type Costs, costsOf } from './costs.ts';

/** What a process is told: its torrents are those in `torrentPaths`, its files are in `dir` or go there. */
export type TorrentsOrder = {
  readonly role: 'seed' | 'leech';
  readonly torrentPaths: readonly string[];
  readonly dir: string;
  readonly address: Endpoint;
  /** Whom the leecher dials for each torrent. */
  readonly other: Endpoint;
  readonly home: string;
};

const fileBytes = 64 * 2 ** 10;
const pieceLength = 16 * 2 ** 10;

const program = [
  process.execPath,
  fileURLToPath(new URL('./torrents-peer.js', import.meta.url)),
] as const;

/** Rejects when a copy is not what was seeded. */
export async function playTorrents(count: number, scratch: string): Promise<Costs> {
  const home = join(scratch, 'torrents');
  const dirs = { seed: join(home, 'seed'), leech: join(home, 'leech') };
  for (const dir of Object.values(dirs)) await mkdir(dir, { recursive: true });
  const [seedAt, leechAt] = addressesIn('127.83', 2) as [Endpoint, Endpoint];
  const running: Running[] = [];
  try {
    const names = Array.from({ length: count }, (_, i) => `file-${i}`);
    const torrentPaths: string[] = [];
    for (const name of names) torrentPaths.push(await makeTorrent(join(dirs.seed, name)));
    const seed = { role: 'seed', dir: dirs.seed, address: seedAt, other: leechAt } as const;
    const leech = { role: 'leech', dir: dirs.leech, address: leechAt, other: seedAt } as const;
    const starting = [seed, leech].map((each): Promise<Running> => {
      const order: TorrentsOrder = { ...each, torrentPaths, home };
      return startSpoken(program, order);
    });
    await startTogether(starting, running);
    const costs = await measure(running);
    for (const name of names) await expectSame(join(dirs.seed, name), join(dirs.leech, name));
    return costs;
  } finally {
    await Promise.all(running.map((each) => each.stop()));
    await rm(home, { recursive: true, force: true });
  }
}

async function measure(running: readonly Running[]): Promise<Costs> {
  const before = await Promise.all(running.map(({ pid }) => costOf(pid)));
  for (const each of running) each.go();
  await running.at(-1)?.done();
  const after = await Promise.all(running.map(({ pid }) => costOf(pid)));
  return costsOf(after.map((cost, i) => costBetween(before[i] ?? cost, cost)));
}

async function makeTorrent(path: string): Promise<string> {
  await writeFile(path, randomBytes(fileBytes));
  const { bytes } = await createTorrent(path, { pieceLength });
  const torrentPath = `${path}.torrent`;
  await writeFile(torrentPath, bytes);
  return torrentPath;
}

async function expectSame(source: string, copy: string): Promise<void> {
  const [wanted, got] = [await hashOf(source), await hashOf(copy)];
  if (wanted !== got) throw new Error(`${copy} is not what is seeded`);
}

const hashOf = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
