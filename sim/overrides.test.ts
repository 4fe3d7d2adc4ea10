import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withOverrides } from './overrides.ts';
import { ScenarioError } from './scenario-error.ts';
import { calm } from './testing/records.ts';
import { parseScenario } from './schema.ts';

describe('--set', () => {
  it('changes what it names, and nothing else', () => {
    const changed = withOverrides(calm, ['peers.leecher.count=3', 'content.bytes=1MiB']);
    expect(changed).toEqual({
      ...calm,
      content: { bytes: '1MiB', pieceBytes: '16KiB' },
      peers: { ...calm.peers, leecher: { ...calm.peers.leecher, count: 3 } },
    });
    expect(calm.peers.leecher.count).toBe(2);
  });

  it('reads values as YAML, and reaches into lists', () => {
    const changed = withOverrides(parseScenario(calm), [
      'peers.leecher.has={ share: 0.5 }',
      'expect.0.within=5s',
      'content.bytes=32KiB',
      'peers.seeder.options.uploadSlots=2',
      'tracker.interval=1s',
    ]);
    expect(parseScenario(changed)).toMatchObject({
      content: [{ bytes: 32_768 }],
      peers: { leecher: { has: { share: 0.5 } }, seeder: { options: { uploadSlots: 2 } } },
      tracker: { interval: 1_000 },
      expect: [{ within: 5_000 }],
    });
  });

  it.each([
    ['peers.leacher.count=3', `no such key: 'leacher', did you mean 'leecher'?`],
    ['peers.constructor.count=3', `no such key: 'constructor'`],
    ['count', 'expected key=value'],
    ['=3', 'expected key=value'],
    ['name.first=x', `'first' has nothing to belong to`],
    ['expect.7.within=1', `no such entry: '7', there are 1 (from 0)`],
    ['name={', 'neither a number, a word nor'],
  ])('refuses %j', (setting, what) => {
    expect(() => withOverrides(calm, [setting])).toThrow(what);
    expect(() => withOverrides(calm, [setting])).toThrow(ScenarioError);
  });

  it('leaves an unknown last key to the schema, which knows better words for it', () => {
    expect(() => parseScenario(withOverrides(calm, ['peers.leecher.cuont=3']))).toThrow(
      `unknown key 'cuont', did you mean 'count'?`,
    );
  });

  it('throws nothing but its own error, and touches no prototype', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (key, value) => {
        try {
          withOverrides(calm, [`${key}=${value}`, '__proto__.polluted=1']);
        } catch (error) {
          expect(error).toBeInstanceOf(ScenarioError);
        }
        expect({}).not.toHaveProperty('polluted');
      }),
    );
  });
});
