import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScenarioError } from './scenario-error.ts';
import { maxTextChars, parseScenarioText } from './scenario-text.ts';
import { parseScenario } from './schema.ts';

describe('a scenario file', () => {
  it('says in YAML and JSON what it says in TypeScript', () => {
    const scenario = parseScenarioText(yaml(), 'small.yaml');
    expect(scenario.peers['leecher']?.joins).toEqual({ within: 2_000 });
    expect(parseScenarioText(JSON.stringify(scenario), 'small.json')).toEqual(scenario);
    expect(parseScenario(scenario)).toEqual(scenario);
  });

  it.each([
    [
      'unknown key',
      { from: 'count: 2', to: 'cuont: 2' },
      `8:5: unknown key 'cuont', did you mean 'count'?`,
    ],
    [
      'missing key',
      { from: 'count: 2', to: '# count: 2' },
      `9:5: 'count' is missing, expected a whole number`,
    ],
    ['bad number', { from: 'count: 2', to: 'count: -2' }, '8:12: at least 1'],
    ['bad duration', { from: '2s', to: '2 sec' }, '10:22: "2 sec" is not a length of time'],
    [
      'too much loss',
      { from: 'joins: { within: 2s }', to: 'link: { jitter: 5ms, loss: 1 }' },
      '10:32: below 1',
    ],
    [
      'misspelt clock',
      { from: 'joins: { within: 2s }', to: 'clock: { drfit: 50 }' },
      `10:14: unknown key 'drfit', did you mean 'drift'?`,
    ],
    [
      'misspelt role in the timeline',
      { from: 'crash: seeder', to: 'crash: seder' },
      `12:38: no such role: 'seder', did you mean 'seeder'?`,
    ],
    [
      'misspelt verb',
      { from: 'crash: seeder', to: 'crsh: seeder' },
      `12:31: unknown key 'crsh', did you mean 'crash'?`,
    ],
    [
      'role in a condition',
      { from: 'leechers at', to: 'lechers at' },
      `12:13: no such role: 'lechers'`,
    ],
    ['number in a condition', { from: '50 %', to: '150 %' }, `12:25: '150 %' is no share`],
    [
      'quoted condition',
      { from: 'leechers at 50 %', to: '"leechers at 150 %"' },
      `12:26: '150 %' is no share`,
    ],
    [
      'misspelt role in expect',
      { from: 'Completes: leechers', to: 'Completes: lechers' },
      `14:24: no such role: 'lechers'`,
    ],
    ['syntax', { from: 'story:', to: 'story: [' }, '4:1: Flow sequence'],
  ])('tells where a mistake is: %s', (_, { from, to }, told) => {
    expect(() => parseScenarioText(yaml().replace(from, to), 'small.yaml')).toThrow(
      `small.yaml:${told}`,
    );
  });

  it('tells a mistake that a setting brought in by its path', () => {
    expect(() => parseScenarioText(yaml(), 'small.yaml', ['peers.leecher.link.up=fast'])).toThrow(
      'small.yaml: peers.leecher.link.up: "fast" is not a rate',
    );
  });

  it('refuses texts that are too long, and alias bombs', () => {
    expect(() => parseScenarioText('#'.repeat(maxTextChars + 1), 'big.yaml')).toThrow(
      ScenarioError,
    );
    const lines = Array.from(
      { length: 12 },
      (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}]`,
    );
    const bomb = ['a0: &a0 [x]', ...lines].join('\n');
    expect(() => parseScenarioText(bomb, 'bomb.yaml')).toThrow(ScenarioError);
    expect(() => parseScenarioText('a: *b', 'alias.yaml')).toThrow(ScenarioError);
  });

  it('throws nothing but its own error, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), mangled()), (text) => {
        try {
          parseScenarioText(text, 'any.yaml');
        } catch (error) {
          expect(error).toBeInstanceOf(ScenarioError);
        }
      }),
    );
  });
});

function yaml(): string {
  return [
    '# small', // line 1
    'name: small',
    'story: One seeder and two leechers.',
    'content: { bytes: 1MiB }',
    'peers:',
    '  seeder: { count: 1, has: all }',
    '  leecher:',
    '    count: 2',
    '    has: nothing',
    '    joins: { within: 2s }',
    'timeline:',
    '  - { when: leechers at 50 %, crash: seeder }',
    'expect:',
    '  - everyoneCompletes: leechers',
    '',
  ].join('\n');
}

/** The text with some of it cut out or doubled. */
const mangled = (): fc.Arbitrary<string> =>
  fc.tuple(fc.nat(250), fc.nat(40), fc.string({ maxLength: 5 })).map(([at, length, put]) => {
    const text = yaml();
    return text.slice(0, at) + put + text.slice(at + length);
  });
