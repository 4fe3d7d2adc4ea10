import { describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../../sim/scenario.ts';
import { parseScenario } from '../../sim/schema.ts';
import { byteExactUpToBytes, chooseWorld } from './worlds.ts';

const withContent = (content: ScenarioInput['content'], count: number): ScenarioInput => ({
  name: 'sized',
  story: 'Some share a content.',
  content,
  peers: { seeder: { count: 1, has: 'all' }, leecher: { count, has: 'nothing' } },
  expect: [{ everyoneCompletes: 'leecher' }],
});

const chosen = (content: ScenarioInput['content'], count = 1) =>
  chooseWorld(parseScenario(withContent(content, count)), { world: 'virtual' });

describe('the choice of a world', () => {
  it('is loopback unless told otherwise, where there is no fidelity to choose', () => {
    const scenario = parseScenario(withContent({ bytes: 1 }, 1));
    expect(chooseWorld(scenario, {})).toEqual({ world: 'loopback' });
    expect(() => chooseWorld(scenario, { fidelity: 'elided' })).toThrow('--world virtual');
    expect(chooseWorld(scenario, { world: 'virtual', fidelity: 'elided' })).toEqual({
      world: 'virtual',
      fidelity: 'elided',
    });
  });

  it('is virtual time for what real sockets cannot do', () => {
    const plain = withContent({ bytes: 1 }, 1);
    const leecher = { count: 1, has: 'nothing', nat: true } as const;
    const behindNat = { ...plain, peers: { ...plain.peers, leecher } };
    expect(chooseWorld(parseScenario(behindNat), {})).toMatchObject({ world: 'virtual' });
    expect(chooseWorld(parseScenario(behindNat), { world: 'loopback' })).toEqual({
      world: 'loopback',
    });
    expect(chooseWorld(parseScenario({ ...plain, world: 'virtual' }), {})).toMatchObject({
      world: 'virtual',
    });
  });

  it.each([
    [{ bytes: byteExactUpToBytes / 2 }, 1, 'byte-exact'],
    [{ bytes: byteExactUpToBytes / 2 + 1 }, 1, 'elided'],
    [{ bytes: byteExactUpToBytes / 4 }, 4, 'elided'],
    [[{ bytes: byteExactUpToBytes / 4 }, { bytes: byteExactUpToBytes / 4 }], 1, 'byte-exact'],
    [[{ bytes: byteExactUpToBytes / 4 }, { bytes: byteExactUpToBytes / 3 }], 1, 'elided'],
    [{ files: [{ path: 'a', bytes: byteExactUpToBytes }] }, 1, 'elided'],
    [{ file: 'music.mp3' }, 2, 'byte-exact'],
    [{ file: 'music.mp3' }, 1_000, 'elided'],
    [{ file: 'missing.mp3' }, 1_000, 'byte-exact'],
  ] as const)('makes every byte of %j for %i leechers: %s', (content, count, fidelity) => {
    expect(chosen(content, count)).toEqual({ world: 'virtual', fidelity });
  });
});
