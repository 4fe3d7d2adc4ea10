import { describe, expect, it } from 'vitest';
import { machineTools } from '../loopback/tools.ts';
import { run } from '../run.ts';
import type { ScenarioInput } from '../scenario.ts';
import { parseScenario } from '../schema.ts';
import { virtualWorld } from '../virtual/virtual-world.ts';
import { SeenEnough, swarmWatch } from './swarm-watch.ts';

const scenario: ScenarioInput = {
  name: 'watched',
  story: 'One gives, two take.',
  content: { bytes: '200kB', pieceBytes: '32KiB' },
  peers: { seeder: { count: 1, has: 'all' }, leecher: { count: 2, has: 'nothing' } },
  expect: [{ everyoneCompletes: 'leecher' }],
};

const options = { seed: 1, signal: new AbortController().signal };

describe('swarmWatch', () => {
  it('has nothing to say of a sound swarm, byte for byte or not', async () => {
    for (const fidelity of ['byte-exact', 'elided'] as const) {
      await using world = virtualWorld({
        fidelity,
        tools: machineTools(),
        witness: (facts) => swarmWatch(facts),
      });
      const { checks } = await run(parseScenario(scenario), world, options);
      const said = checks.find(({ name }) => name === 'invariants');
      expect(said).toMatchObject({ held: true });
      expect(said?.detail).toContain('3 lives');
    }
  });

  it('ends a run that is too long', async () => {
    await using world = virtualWorld({
      fidelity: 'elided',
      tools: machineTools(),
      witness: (facts) => swarmWatch(facts, { mostInputs: 50, untilBroken: false }),
    });
    await expect(run(parseScenario(scenario), world, options)).rejects.toThrow(SeenEnough);
  });
});
