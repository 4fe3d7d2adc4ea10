/** One swarm over loopback, in as many processes as wanted, with what it cost each of them. */
import { mkdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { join } from 'node:path';
import { sha256File } from '../../../core/net/hash.ts';
import { Ballast } from '../ballast.ts';
import type { Content } from '../content.ts';
import type { Contestant, ProcessOrder, Role, Running } from '../participants/contestant.ts';
import { startTogether } from '../participants/together.ts';
import { type ProcessCost, costBetween, costOf } from '../process-cost.ts';
import { addressesIn, type Network } from './wiring.ts';

export type SwarmPlan = {
  readonly processes: readonly ProcessPlan[];
  /** Whom each peer dials, by number through all processes. */
  readonly wiring: readonly (readonly number[])[];
  readonly content: Content;
  /** Where copies are written. */
  readonly scratch: string;
  readonly network: Network;
};

export type ProcessPlan = { readonly contestant: Contestant; readonly roles: readonly Role[] };

export type SwarmOutcome = {
  /** From the word to begin until the last one says that its file is whole. */
  readonly seconds: number;
  /** Of each process, in the order of the plan. */
  readonly costs: readonly ProcessCost[];
};

/** So long may one swarm take: transmission needs minutes. */
const limitMs = 600_000;

/** A run takes memory for the copies, and for what the programs hold. */
const warmFactor = 1.5;

type Part = { readonly order: ProcessOrder; readonly running: Running };

/** Plays it once, checks every copy and removes it. Rejects when a copy is not the source. */
export async function playSwarm(plan: SwarmPlan): Promise<SwarmOutcome> {
  const { content, scratch } = plan;
  const dir = join(scratch, 'swarm');
  const parts: Part[] = [];
  const end = (): Promise<unknown> => Promise.all(parts.map(({ running }) => running.stop()));
  try {
    const orders = ordersOf(plan, dir);
    await startTogether(
      plan.processes.map(({ contestant }, i) => startPart(contestant, orders[i])),
      parts,
    );
    const copies = parts.flatMap(({ order }) => leechDirs(order));
    await using ballast = await Ballast.fill(scratch, copies.length * content.bytes * warmFactor);
    await ballast.giveWay();
    const outcome = await measure(parts);
    await end();
    for (const copy of copies)
      if ((await sha256File(join(copy, content.name))) !== content.sha256)
        throw new Error(`the copy in ${copy} is not what is seeded`);
    return outcome;
  } finally {
    await end();
    await rm(dir, { recursive: true, force: true });
  }
}

async function startPart(contestant: Contestant, order: ProcessOrder | undefined): Promise<Part> {
  if (order === undefined) throw new Error('a process without an order');
  for (const path of [order.home, ...leechDirs(order)]) await mkdir(path, { recursive: true });
  return { order, running: await contestant.start(order) };
}

async function measure(parts: readonly Part[]): Promise<SwarmOutcome> {
  const look = (): Promise<readonly ProcessCost[]> =>
    Promise.all(parts.map(({ running }) => costOf(running.pid)));
  const leeching = parts.filter(({ order }) => leechDirs(order).length > 0);
  const before = await look();
  const startedAt = performance.now();
  for (const { running } of parts) running.go();
  await within(limitMs, Promise.all(leeching.map(({ running }) => running.done())));
  const seconds = (performance.now() - startedAt) / 1_000;
  const after = await look();
  return { seconds, costs: after.map((cost, i) => costBetween(before[i] ?? cost, cost)) };
}

function ordersOf(plan: SwarmPlan, dir: string): readonly ProcessOrder[] {
  const { torrentPath, name, dir: sourceDir } = plan.content;
  const roles = plan.processes.flatMap((each) => each.roles);
  const addresses = addressesIn(plan.network, roles.length);
  const peers = addresses.map((address, i) => {
    const role = roles[i] ?? 'leech';
    const meets = (plan.wiring[i] ?? []).flatMap((other) => addresses[other] ?? []);
    return { role, address, meets, dir: role === 'seed' ? sourceDir : join(dir, `copy-${i}`) };
  });
  const cores = Math.max(1, Math.floor(availableParallelism() / plan.processes.length));
  let first = 0;
  return plan.processes.map((each, i) => {
    const own = peers.slice(first, (first += each.roles.length));
    return { torrentPath, fileName: name, home: join(dir, `home-${i}`), cores, peers: own };
  });
}

const leechDirs = ({ peers }: ProcessOrder): readonly string[] =>
  peers.flatMap(({ dir, role }) => (role === 'leech' ? [dir] : []));

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
