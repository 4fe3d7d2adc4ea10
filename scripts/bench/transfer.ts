/** One file from one process to another over loopback, with what it cost each of them. */
import { mkdir, rm } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { join } from 'node:path';
import { sha256File } from '../../core/net/hash.ts';
import { Ballast } from './ballast.ts';
import { type Contestant, Running } from './contestant.ts';
import type { Content } from './content.ts';
import { type ProcessCost, costBetween, costOf } from './process-cost.ts';

export type Pair = { readonly seeder: Contestant; readonly leecher: Contestant };

export type Transfer = {
  /** From the word to begin until the leecher says that the file is whole. */
  readonly seconds: number;
  readonly seeder: ProcessCost;
  readonly leecher: ProcessCost;
};

/** So long may one transfer take; transmission and uTP need minutes. */
const limitMs = 300_000;

/** A run takes memory for the copy, and for what the programs hold. */
const warmFactor = 1.5;

/** The ports of each run: what was just closed may not be free yet. */
const firstPort = 30_000;
const ports = 20_000;
let nextPort = firstPort + (process.pid % ports);

/** Runs it once, checks the copy and removes it. Rejects when the copy is not the source. */
export async function transfer(
  { seeder, leecher }: Pair,
  content: Content,
  scratch: string,
): Promise<Transfer> {
  const target = join(scratch, 'target');
  const homes = { seed: join(scratch, 'seed-home'), leech: join(scratch, 'leech-home') };
  for (const dir of [target, homes.seed, homes.leech]) await mkdir(dir, { recursive: true });
  const { torrentPath, dir } = content;
  const order = { torrentPath, dir, home: homes.seed, role: 'seed', address: address() } as const;
  const running: Running[] = [];
  try {
    const seeds = await Running.start(seeder, order);
    running.push(seeds);
    const leeches = await Running.start(leecher, {
      ...order,
      ...{ dir: target, home: homes.leech, role: 'leech', address: address() },
    });
    running.push(leeches);
    await using ballast = await Ballast.fill(scratch, warmFactor * content.bytes);
    await ballast.giveWay();
    const measured = await measure(seeds, leeches, () => leeches.go(order.address));
    await Promise.all(running.map((each) => each.stop()));
    if ((await sha256File(join(target, content.name))) !== content.sha256)
      throw new Error(`${leecher.name} has not the file that ${seeder.name} seeds`);
    return measured;
  } finally {
    await Promise.all(running.map((each) => each.stop()));
    await Promise.all(
      [target, homes.seed, homes.leech].map((path) => rm(path, { recursive: true, force: true })),
    );
  }
}

async function measure(seeder: Running, leecher: Running, begin: () => void): Promise<Transfer> {
  const costs = (): Promise<ProcessCost[]> =>
    Promise.all([costOf(seeder.pid), costOf(leecher.pid)]);
  const before = await costs();
  const startedAt = performance.now();
  begin();
  await within(limitMs, leecher.done());
  const seconds = (performance.now() - startedAt) / 1_000;
  const after = await costs();
  const [ofSeeder, ofLeecher] = after.map((cost, i) => costBetween(before[i] ?? cost, cost));
  if (ofSeeder === undefined || ofLeecher === undefined) throw new Error('nothing was measured');
  return { seconds, seeder: ofSeeder, leecher: ofLeecher };
}

async function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${ms / 1_000} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function address(): { readonly ip: string; readonly port: number } {
  nextPort = firstPort + ((nextPort + 1 - firstPort) % ports);
  return { ip: '127.0.0.1', port: nextPort };
}
