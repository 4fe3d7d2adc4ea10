/** Every kind of hostile peer and tracker: what must become of it, in virtual time in both fidelities, and of some over real sockets. */
import { expect, it } from 'vitest';
import { threatKinds } from '../sim/hostile/catalogue.ts';
import { playKinds } from '../scripts/scenario/play-kinds.ts';
import { runScenario } from '../scripts/scenario/run-scenario.ts';

/** Many times what the longest takes on two idle cores. */
const limitMs = 120_000;

const seed = 1;
const { signal } = new AbortController();
const virtual = { seed, signal, set: [], world: 'virtual' } as const;

it.each(threatKinds)('%s: it is as the catalogue says', { timeout: limitMs }, async (kind) => {
  const [row] = await playKinds([kind], { ...virtual, fidelity: 'elided' });
  expect(row?.broken).toEqual([]);
  expect(row).toMatchObject({ kind, verdict: 'passed' });
});

/**
 * So are those of all others, but for `oversize`: a length that no message may have is seen in its first four bytes, and a
 * message as a value has no first bytes.
 */
it.each(['rare-poisoner', 'wrong-lengths', 'slow-loris', 'duplicates', 'tracker-garbage'])(
  '%s: the trace is the same with every byte and without',
  { timeout: limitMs },
  async (kind) => {
    const played = async (fidelity: 'byte-exact' | 'elided'): Promise<string> => {
      const set = [`kind=${kind}`];
      const options = { seed, signal, set, fidelity, world: 'virtual' } as const;
      return (await runScenario('hostile', options)).result.traceHash;
    };
    expect(await played('byte-exact')).toBe(await played('elided'));
  },
);

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
