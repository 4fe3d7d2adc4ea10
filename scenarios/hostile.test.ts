/** Every kind of hostile peer and tracker: what must become of it, in virtual time in both fidelities, and of some over real sockets. */
import { expect, it } from 'vitest';
import { type ThreatKind, threatKinds } from '../sim/hostile/catalogue.ts';
import type { Fidelity } from '../sim/virtual/fidelity.ts';
import { type PlayedRow, playKinds } from '../scripts/scenario/play-kinds.ts';
import { runScenario } from '../scripts/scenario/run-scenario.ts';

/** Many times what the longest takes on two idle cores. */
const limitMs = 120_000;

const seed = 1;
const { signal } = new AbortController();

/** The tables of both fidelities, each played once, when the first of its rows is looked at. */
const tables = new Map<Fidelity, Promise<readonly PlayedRow[]>>();

async function rowOf(kind: ThreatKind, fidelity: Fidelity): Promise<PlayedRow | undefined> {
  const options = { seed, signal, set: [], fidelity, world: 'virtual' } as const;
  const table = tables.get(fidelity) ?? playKinds(threatKinds, options);
  tables.set(fidelity, table);
  return (await table).find((row) => row.kind === kind);
}

/** A length that no message may have is seen in its first four bytes, and a message as a value has no first bytes. */
const unlike: readonly ThreatKind[] = ['oversize'];

it.each(threatKinds)('%s: it is as the catalogue says', { timeout: limitMs }, async (kind) => {
  const exact = await rowOf(kind, 'byte-exact');
  const elided = await rowOf(kind, 'elided');
  for (const row of [exact, elided]) {
    expect(row?.broken).toEqual([]);
    expect(row).toMatchObject({ kind, verdict: 'passed' });
  }
  expect(exact?.traceHash === elided?.traceHash).toBe(!unlike.includes(kind));
});

it.each([
  'poisoner',
  'wrong-lengths',
  'request-flooder',
  'tracker-garbage',
  'tracker-strangers',
] as const)('%s: the same over real sockets', { timeout: limitMs }, async (kind) => {
  const set = [`kind=${kind}`];
  const { result } = await runScenario('hostile', { seed, signal, set, world: 'loopback' });
  expect(result.checks.filter(({ held }) => !held)).toEqual([]);
});
