/** Makes a torrent of a file, and checks the file against it; the file lies in the page cache. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toHex } from '../../../core/bytes/hex.ts';
import { parseMetainfo } from '../../../core/exports.ts';
import { sha1 } from '../../../core/net/hash.ts';
import { type Content, makeContent } from '../content.ts';
import { interleaved } from '../interleaved.ts';
import type { Measurement } from '../measurement.ts';
import type { Command } from '../participants/child.ts';
import { libtorrent } from '../participants/libtorrent.ts';
import { startSpoken } from '../participants/spoken.ts';
import { swarmproof } from '../participants/swarmproof.ts';
import { costBetween, costOf, type ProcessCost } from '../process-cost.ts';
import type { Bench, Setting } from '../setting.ts';
import { cpuOf, measurementsOf } from '../swarm/swarm-metrics.ts';
import type { HashingOrder } from './hashing-order.ts';
import { libtorrentHashing } from './libtorrent-hashing.ts';

const MiB = 2 ** 20;

type Outcome = { readonly seconds: number; readonly cost: ProcessCost };

const commands = new Map<string, Command>([
  [
    swarmproof.name,
    [process.execPath, fileURLToPath(new URL('./swarmproof-hashing.js', import.meta.url))],
  ],
  [libtorrent.name, libtorrentHashing],
]);

export const createRecheck: Bench = { name: 'create-recheck', run };

async function run(setting: Setting): Promise<readonly Measurement[]> {
  const { contestants, quick, scratch } = setting;
  const bytes = setting.bytes ?? (quick ? 256 : 1024) * MiB;
  const [pieceLength = MiB] = setting.pieceLengths ?? [];
  const content = await makeContent(scratch, { bytes, pieceLength });
  const found: Measurement[] = [];
  for (const job of ['create', 'recheck'] as const) {
    const trials = contestants.flatMap(({ name: subject }) => {
      const command = commands.get(subject);
      if (command === undefined) return [];
      const order = orderOf(job, { content, pieceLength, scratch });
      return [{ subject, told, play: () => play(command, order, content) }];
    });
    const outcomes = await interleaved(trials, setting);
    const bench = `${job}, ${bytes / MiB} MiB, one hashing thread`;
    found.push(
      ...measurementsOf(bench, outcomes, [
        { metric: 's', valueOf: ({ seconds }) => seconds },
        { metric: 'CPU-s', valueOf: ({ cost }) => cpuOf(cost) },
        { metric: 'private MiB', valueOf: ({ cost }) => cost.privateBytes / MiB },
      ]),
    );
  }
  return found;
}

function orderOf(
  job: HashingOrder['job'],
  where: { readonly content: Content; readonly pieceLength: number; readonly scratch: string },
): HashingOrder {
  const { content, pieceLength, scratch } = where;
  const { dir, name } = content;
  const home = join(scratch, 'hashing');
  const torrentPath = job === 'create' ? join(home, 'made.torrent') : content.torrentPath;
  return { job, dir, home, pieceLength, torrentPath, path: join(dir, name) };
}

/** Rejects when the torrent that was made has other hashes, or the program finds the file wrong. */
async function play(command: Command, order: HashingOrder, content: Content): Promise<Outcome> {
  await mkdir(order.home, { recursive: true });
  const running = await startSpoken(command, order);
  try {
    const before = await costOf(running.pid);
    const startedAt = performance.now();
    running.go();
    await running.done();
    const seconds = (performance.now() - startedAt) / 1_000;
    const cost = costBetween(before, await costOf(running.pid));
    const [made, wanted] = [await hashesIn(order.torrentPath), await hashesIn(content.torrentPath)];
    if (made !== wanted) throw new Error('the torrent that was made has other hashes');
    return { seconds, cost };
  } finally {
    await running.stop();
    await rm(order.home, { recursive: true, force: true });
  }
}

async function hashesIn(torrentPath: string): Promise<string> {
  const { pieceHashes } = parseMetainfo(await readFile(torrentPath), { sha1 });
  return toHex(pieceHashes);
}

const told = ({ cost, seconds }: Outcome): string =>
  `${seconds.toFixed(2)} s, CPU ${cpuOf(cost).toFixed(2)} s`;
