/** What is written as JSON and YAML: a tracker's catalogue, and scenarios. */
import { type Target, attempt, expectSame, expectTrue } from './target.ts';

const hash = 'ab'.repeat(20);
const peer = `{"peerId":"${hash}","ip":"127.0.0.1","port":80}`;
const entry = `{"id":0,"name":"n","length":3,"pieceLength":2,"pieces":2,"infoHash":"${hash}","addedAt":"2024","seeders":[${peer}],"leechers":[]}`;

const catalogue: Target = {
  name: 'catalogue',
  seeds: [
    `[${entry}]`,
    '[]',
    `{"id":1,"infoHash":"${hash}","name":"n"}`,
    '{"error":{"code":"full","message":"no"}}',
  ],
  tokens: [
    ...'"id": "name": "seeders": "leechers": "ip": "port": "peerId": "infoHash": "error":'.split(
      ' ',
    ),
    ...'"message": "__proto__":{} { } [ ] , : null -1 1e999 0.5 "\\u0000" "::1"'.split(' '),
    ...[`"${hash}"`, peer, entry],
  ],
  load: async () => {
    const { decodeCatalogue, decodePublication, decodeRefusal } =
      await import('../../../core/tracker/catalogue.ts');
    const { TrackerError } = await import('../../../core/tracker/error.ts');
    return (bytes) => {
      const json = new TextDecoder().decode(bytes);
      const refusal = decodeRefusal(json);
      const publication = attempt(TrackerError, () => decodePublication(json));
      if (!(publication instanceof TrackerError))
        expectSame(
          decodePublication(JSON.stringify(publication)),
          publication,
          'other when written',
        );
      const entries = attempt(TrackerError, () => decodeCatalogue(json));
      if (entries instanceof TrackerError)
        return `${refusal !== undefined} ${publication instanceof TrackerError} ${entries.message}`;
      expectSame(decodeCatalogue(JSON.stringify(entries)), entries, 'other when written');
      const ports = entries.flatMap(({ leechers, seeders }) =>
        [...leechers, ...seeders].map(({ port }) => port),
      );
      expectTrue(
        ports.every((port) => port >= 1 && port <= 65_535),
        'a port that is none',
      );
      return `${Math.min(2, entries.length)}`;
    };
  },
};

const peers = `
peers:
  seeder: { count: 1, has: all, link: { up: 500kB/s } }
  leecher: { count: 3, has: nothing, joins: { poisson: { perSec: 5 } }, stays: { weibull: { shape: 1.2, scale: 2500ms } } }
`;

const story = `name: cut
story: A short one.
content: { bytes: 2MiB, pieceBytes: 64KiB }${peers}tracker: { interval: 1s, expireAfter: 4s }
timeline:
  - { when: leechers at 25 %, cut: [seeder, leechers] }
  - { at: 2s, crash: any leecher }
  - { when: leechers completed, after: 1s, heal: all }
expect:
  - everyoneCompletes: leechers
    within: 30s
  - { swarmMisses: nothing }
`;

const scenario: Target = {
  name: 'scenario',
  seeds: [
    story,
    `name: plain\nstory: s\ncontent: { bytes: 1MiB }${peers}expect:\n  - nobodyLost: seeder\n`,
    '{"name":"a","story":"b"}',
    'name: &a x\nstory: *a\n',
  ],
  tokens: [
    ...'name: story: content: peers: timeline: expect: tracker: lasts: count: bytes: up: down:'.split(
      ' ',
    ),
    ...'delay: loss: joins: stays: leave: crash: cut: heal: limit: freeze: at: when: after: has:'.split(
      ' ',
    ),
    ...'isolation: sampleEvery: settleWithin: faultsUntil: 1s 5MB 50% all nothing seeder leechers'.split(
      ' ',
    ),
    ...'{ } [ ] | " \' ~ # 1e9 -1 __proto__ *a'.split(' '),
    ...[
      ', ',
      '- ',
      '\n',
      '  ',
      '&a ',
      '<<: *a',
      '!!binary ',
      '? ',
      'any leecher',
      'leechers at 5 %',
    ],
  ],
  load: async () => {
    const { parseScenarioText } = await import('../../../sim/scenario-text.ts');
    const { parseScenario } = await import('../../../sim/schema.ts');
    const { ScenarioError } = await import('../../../sim/scenario-error.ts');
    return (bytes) => {
      const text = new TextDecoder().decode(bytes);
      const found = attempt(ScenarioError, () => parseScenarioText(text, 'fuzz.yaml', []));
      if (found instanceof ScenarioError) {
        expectTrue(found.mistakes.length > 0, 'refused for no reason');
        return found.mistakes[0]?.path.slice(0, 2).join('.').replace(/\d+/, 'n').slice(0, 20) ?? '';
      }
      expectSame(parseScenario(found), found, 'other when read again');
      return `read ${Object.keys(found).length}`;
    };
  },
};

export const textTargets: readonly Target[] = [catalogue, scenario];
