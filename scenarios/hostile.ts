import {
  type Hostile,
  type HostileTracker,
  type ThreatKind,
  catalogue,
  hostileTrackers,
} from '../sim/hostile/catalogue.ts';
import { clientOfKind } from '../sim/hostile/kinds.ts';
import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

/** Whoever does not say who he is has three seconds. */
const options = { ...brisk, handshakeLimit: '3s' };
const link = { up: '500kB/s' };

/** What the end game of so small a swarm wastes with nobody hostile in it: 0.1 as measured, and more on a busy machine. */
const usualWaste = 0.2;

type Claims<Role extends string> = NonNullable<ScenarioInput<Role>['expect']>;
type Honest = 'seeder' | 'leecher';

/** Of an honest swarm, by which those with somebody hostile in them are measured. */
const honest = {
  name: 'hostile',
  content: { bytes: '4MiB', pieceBytes: '64KiB' },
  peers: {
    seeder: { count: 2, has: 'all', link, options },
    leecher: { count: 4, has: 'nothing', link, options },
  },
  tracker: briskTracker,
} as const satisfies Partial<ScenarioInput<Honest>>;

export const withoutHostility: ScenarioInput = defineScenario({
  ...honest,
  story: 'Two seeders and four leechers, and nobody among them who means harm.',
  expect: claims(0),
});

export function hostileScenario(kind: ThreatKind): ScenarioInput {
  const peer = catalogue.find((entry) => entry.kind === kind);
  if (peer !== undefined) return withIntruder(peer);
  const tracker = hostileTrackers.find((entry) => entry.kind === kind);
  if (tracker !== undefined) return withTracker(tracker);
  throw new RangeError(`no such kind: ${kind}`);
}

function withIntruder(entry: Hostile): ScenarioInput {
  const { story, count, has, joinsAtMs = 0, kind } = entry;
  const who = count === 1 ? 'one' : 'some';
  const intruder = {
    count,
    has,
    joins: { at: joinsAtMs },
    client: clientOfKind(kind),
    link,
    options,
  };
  return defineScenario({
    ...honest,
    story: `Two seeders and four leechers, and among them ${who} who means harm: ${inside(story)}.`,
    peers: { ...honest.peers, intruder },
    expect: [...claims(entry.waste), ...claimsOf(entry)],
  });
}

function withTracker({ story, trick, waste }: HostileTracker): ScenarioInput {
  return defineScenario({
    ...honest,
    story: `Two seeders and four leechers, and ${inside(story)}.`,
    tracker: { ...briskTracker, trick },
    expect: claims(waste),
  });
}

/** Whatever anybody does, the others have what they came for. */
function claims(waste: number): Claims<Honest> {
  return [
    { everyoneCompletes: 'leechers', within: '40s' },
    { notBanned: 'seeders' },
    { notBanned: 'leechers' },
    { wastedBelow: usualWaste + waste, of: 'leechers' },
  ];
}

function claimsOf({ fate, by }: Hostile): Claims<Honest | 'intruder'> {
  switch (fate.name) {
    case 'banned':
      return by.map((judges) => ({ banned: 'intruder', by: judges, atLeast: 1 }));
    case 'disconnected':
      return by.map((judges) => ({ disconnected: 'intruder', by: judges, within: fate.withinMs }));
    case 'tolerated':
      return [];
  }
}

/** A sentence within another. */
function inside(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/[.]$/, '')}`;
}

/** One for each kind, as it stands in the list of scenarios. */
export const hostile: { readonly name: string; readonly story: string } = {
  name: 'hostile',
  story:
    'Two seeders and four leechers, and one peer or a tracker that means harm: --set kind=poisoner, or kind=all.',
};
