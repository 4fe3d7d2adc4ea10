import { type Hostile, catalogue, hostileOf } from '../sim/hostile/catalogue.ts';
import { type HostileKind, clientOfKind } from '../sim/hostile/kinds.ts';
import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

/** Whoever does not say who he is has three seconds. */
const options = { ...brisk, handshakeLimit: '3s' };
const link = { up: '500kB/s' };

/** What the end game of so small a swarm wastes with nobody hostile in it: 0.1 as measured, and more on a busy machine. */
const usualWaste = 0.2;

type Claims = NonNullable<ScenarioInput<'seeder' | 'leecher' | 'intruder'>['expect']>;

/** An honest swarm and somebody who means it harm. */
export function hostileScenario(kind: HostileKind): ScenarioInput {
  const entry = hostileOf(kind);
  const { story, count, has, joinsAtMs = 0 } = entry;
  return defineScenario({
    name: 'hostile',
    story: `Two seeders and four leechers, and among them ${count === 1 ? 'one' : 'some'} who means harm: ${inside(story)}.`,
    content: { bytes: '4MiB', pieceBytes: '64KiB' },
    peers: {
      seeder: { count: 2, has: 'all', link, options },
      leecher: { count: 4, has: 'nothing', link, options },
      intruder: { count, has, joins: { at: joinsAtMs }, client: clientOfKind(kind), link, options },
    },
    tracker: briskTracker,
    expect: [
      { everyoneCompletes: 'leechers', within: '40s' },
      { notBanned: 'seeders' },
      { notBanned: 'leechers' },
      { wastedBelow: usualWaste + entry.waste, of: 'leechers' },
      ...claimsOf(entry),
    ],
  });
}

function claimsOf({ fate, by }: Hostile): Claims {
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
const inside = (sentence: string): string =>
  `${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/[.]$/, '')}`;

/** The first of the catalogue. */
export const hostile: ScenarioInput = hostileScenario(catalogue[0]?.kind ?? 'poisoner');
