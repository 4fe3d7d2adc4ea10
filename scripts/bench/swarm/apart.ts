/** A pair that will not meet on loopback addresses gets a network of its own, in which there is nothing but itself. */
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Content } from '../content.ts';
import { startSpoken } from '../participants/spoken.ts';
import type { Pair } from './pair.ts';
import type { SwarmOutcome } from './play-swarm.ts';

/** The process in the other network is told of contestants by name. */
export type ApartOrder = {
  readonly seeder: string;
  readonly leecher: string;
  readonly content: Content;
  readonly scratch: string;
  readonly home: string;
  /** Where it puts the outcome, as JSON. */
  readonly outcomePath: string;
};

const program = fileURLToPath(new URL('./apart-process.js', import.meta.url));

/** Rejects when the system gives no network namespace. */
export async function playApart(
  { leecher, seeder }: Pair,
  { content, scratch }: { readonly content: Content; readonly scratch: string },
): Promise<SwarmOutcome> {
  const namespace = process.getuid?.() === 0 ? ['-n'] : ['-rn'];
  if (spawnSync('unshare', [...namespace, 'true']).status !== 0)
    throw new Error('it does not dial loopback addresses, and no network namespace is to be had');
  const home = join(scratch, 'apart');
  const outcomePath = join(home, 'outcome.json');
  await mkdir(home, { recursive: true });
  const order: ApartOrder = {
    ...{ seeder: seeder.name, leecher: leecher.name },
    ...{ content, scratch, home, outcomePath },
  };
  const running = await startSpoken(['unshare', ...namespace, process.execPath, program], order);
  try {
    running.go();
    await running.done();
    return JSON.parse(await readFile(outcomePath, 'utf8')) as SwarmOutcome;
  } finally {
    await running.stop();
    await rm(home, { recursive: true, force: true });
  }
}
