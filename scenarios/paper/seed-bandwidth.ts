/** S5: rarest first matters when the seed is slow (Bharambe, Herley, Padmanabhan, INFOCOM 2006). */
import { defineScenario, type ScenarioInput } from '../../sim/scenario.ts';
import { bharambe } from './bharambe-default.ts';
import { type Crowd, crowd } from './crowd.ts';
import { type Measures, type Scale, type Study, difference } from './study.ts';

const base: Crowd = {
  ...bharambe,
  name: 'seed-bandwidth',
  story: 'A thousand leechers at a seed that sends no more than two of them could.',
  seedKbit: 800,
};

/** Chance alone, at a slower seed yet, would only take longer to show the same. */
const seedsOf = { 'rarest-first': [200, 400, 800, 6_000], random: [800, 6_000] } as const;

const variants = (scale: Scale): Record<string, ScenarioInput> =>
  Object.fromEntries(
    (['rarest-first', 'random'] as const).flatMap((piecePolicy) =>
      seedsOf[piecePolicy].map((seedKbit) => [
        `${piecePolicy}, seed ${seedKbit}`,
        crowd({ ...base, seedKbit, options: { piecePolicy } }, scale),
      ]),
    ),
  );

const full: Scale = { leechers: 1_000, pieces: 400, shrink: 1 };

export const seedBandwidth: ScenarioInput = defineScenario(crowd(base, full));

type Of = (variant: string) => Measures;
const utilisationGap = (of: Of, seedKbit: number): number | null =>
  difference(
    of(`rarest-first, seed ${seedKbit}`).uplinkUtilisation,
    of(`random, seed ${seedKbit}`).uplinkUtilisation,
  );

export const study: Study = {
  row: 'S5',
  name: base.name,
  source: 'Bharambe, Herley and Padmanabhan, INFOCOM 2006',
  scales: {
    full,
    quick: { leechers: 100, pieces: 240, shrink: 4 },
    small: { leechers: 12, pieces: 200, shrink: 4 },
  },
  variants,
  claims: [
    {
      says: 'utilisation gained by rarest first, seed 6000 kbit/s',
      elsewhere: '.03',
      value: (of) => utilisationGap(of, 6_000),
      atMost: 0.06,
    },
    {
      says: 'utilisation gained by rarest first, seed 800 kbit/s',
      elsewhere: '.25',
      value: (of) => utilisationGap(of, 800),
      ...{ atLeast: 0.15, inSmall: { atLeast: 0.06, why: 'the gap grows with the crowd' } },
    },
    ...[200, 400, 800].map((seedKbit) => ({
      says: `rarest first: all pieces out over F/u_s, seed ${seedKbit} kbit/s`,
      elsewhere: '1.10-1.20',
      value: (of: Of) => of(`rarest-first, seed ${seedKbit}`).allOutRatio,
      ...{ atLeast: 1, atMost: 1.25 },
    })),
    {
      says: 'random: all pieces out over F/u_s, seed 800 kbit/s',
      elsewhere: 'about 2',
      value: (of) => of('random, seed 800').allOutRatio,
      ...{ atLeast: 1.6, atMost: 2.4 },
    },
    {
      says: 'random: all pieces out over F/u_s, seed 6000 kbit/s',
      elsewhere: '5.7',
      value: (of) => of('random, seed 6000').allOutRatio,
    },
  ],
};
