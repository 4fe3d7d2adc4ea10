/** The same scenario takes the same time with real sockets as in virtual time. */
import { median } from 'simple-statistics';
import { expect, it } from 'vitest';
import { loopbackWorld } from '../sim/loopback/loopback-world.ts';
import { machineTools } from '../sim/loopback/tools.ts';
import type { RunRecord } from '../sim/record.ts';
import { run } from '../sim/run.ts';
import { defineScenario } from '../sim/scenario.ts';
import { parseScenario } from '../sim/schema.ts';
import { virtualWorld } from '../sim/virtual/virtual-world.ts';
import type { World } from '../sim/world.ts';
import { brisk, briskTracker } from './brisk.ts';

/**
 * What limits is the same limiter in both worlds, at a fraction of what real sockets can do. A link of that rate would
 * not do for a comparison: loopback plays it by limiting the peer, which sends one block after the other, and the
 * network of virtual time shares it among the streams, whose blocks take four times as long each (8 to 10 % in all).
 */
const scenario = parseScenario(
  defineScenario({
    name: 'two-worlds',
    story: 'A seeder and eight leechers share a file that send a megabyte a second.',
    content: { bytes: '10MiB', pieceBytes: '64KiB' },
    peers: {
      seeder: { count: 1, has: 'all', options: { ...brisk, upBytesPerSec: '1250kB/s' } },
      leecher: { count: 8, has: 'nothing', options: { ...brisk, upBytesPerSec: '1MB/s' } },
    },
    tracker: briskTracker,
    expect: [{ everyoneCompletes: 'leechers' }],
  }),
);

const seeds = [1, 2, 3];

/** Several times what it takes. */
const limitMs = 120_000;

it(
  'has the typical and the last leecher done within 10 % of the same time in both worlds',
  { timeout: limitMs },
  async () => {
    const tools = machineTools();
    const virtual = await finishes(() => virtualWorld({ fidelity: 'byte-exact', tools }));
    const loopback = await finishes(() => loopbackWorld());
    for (const figure of ['typical', 'last'] as const) {
      const ratio = virtual[figure] / loopback[figure];
      const said = `${figure}: ${virtual[figure]} s against ${loopback[figure]} s`;
      expect(ratio, said).toBeGreaterThan(0.9);
      expect(ratio, said).toBeLessThan(1.1);
    }
  },
);

/** In seconds, in the middle of what all seeds give. */
async function finishes(
  world: () => World,
): Promise<{ readonly typical: number; readonly last: number }> {
  const typical: number[] = [];
  const last: number[] = [];
  for (const seed of seeds) {
    await using own = world();
    const record = await run(scenario, own, { seed, signal: new AbortController().signal });
    expect(record.end.verdict).toBe('passed');
    const times = finishedAt(record);
    typical.push(median(times));
    last.push(Math.max(...times));
  }
  return { typical: median(typical), last: median(last) };
}

function finishedAt({ events }: RunRecord): readonly number[] {
  return events
    .filter(({ type, peer }) => type === 'completed' && peer.startsWith('leecher'))
    .map(({ at }) => at / 1_000);
}
