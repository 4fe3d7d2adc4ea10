/** One seeder and one leecher, by program. */
import type { Content } from '../content.ts';
import type { Contestant } from '../participants/contestant.ts';
import { type SwarmOutcome, playSwarm } from './play-swarm.ts';
import { fullMesh, type Network } from './wiring.ts';

export type Pair = { readonly seeder: Contestant; readonly leecher: Contestant };

/** Each program with itself; when mixed, also each with the first one, in both roles. */
export function pairsOf(contestants: readonly Contestant[], mixed: boolean): readonly Pair[] {
  const [first, ...others] = contestants;
  const alone = contestants.map((each) => ({ seeder: each, leecher: each }));
  if (!mixed || first === undefined) return alone;
  return [
    ...alone,
    ...others.flatMap((other) => [
      { seeder: first, leecher: other },
      { seeder: other, leecher: first },
    ]),
  ];
}

export const nameOf = ({ leecher, seeder }: Pair): string =>
  seeder === leecher ? seeder.name : `${seeder.name} to ${leecher.name}`;

export type Place = {
  readonly content: Content;
  readonly scratch: string;
  readonly network: Network;
};

export const playPair = ({ leecher, seeder }: Pair, place: Place): Promise<SwarmOutcome> =>
  playSwarm({
    ...place,
    processes: [
      { contestant: seeder, roles: ['seed'] },
      { contestant: leecher, roles: ['leech'] },
    ],
    wiring: fullMesh(2),
  });
