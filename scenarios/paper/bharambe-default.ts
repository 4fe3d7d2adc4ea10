/** S4: how well uplinks are used, by the degree of the graph (Bharambe, Herley, Padmanabhan, INFOCOM 2006). */
import { defineScenario, type ScenarioInput } from '../../sim/scenario.ts';
import { type Crowd, crowd } from './crowd.ts';
import { type Scale, type Study, difference, neverBelowBound } from './study.ts';

/** The setting of the paper, which other studies change in one thing. */
export const bharambe: Crowd = {
  name: 'bharambe-default',
  story:
    'A thousand leechers with 1500/400 kbit/s come within 10 s to a seed with 6000, and leave when they are done.',
  ...{ seedKbit: 6_000, upKbit: 400, downKbit: 1_500, seedDownKbit: 6_000 },
  stays: 'until-complete',
  degree: 40,
};

const degrees = [7, 15, 40, 80];

const variants = (scale: Scale): Record<string, ScenarioInput> =>
  Object.fromEntries(
    degrees.map((degree) => [`degree ${degree}`, crowd({ ...bharambe, degree }, scale)]),
  );

const full: Scale = { leechers: 1_000, pieces: 400, shrink: 1 };

export const bharambeDefault: ScenarioInput = defineScenario(crowd(bharambe, full));

const fewPieces = 'getting started takes as long, and the rest is over sooner';

const elsewhere = ['.75-.76', '.83', '.92', '.95'];

export const study: Study = {
  row: 'S4',
  name: bharambe.name,
  source: 'Bharambe, Herley and Padmanabhan, INFOCOM 2006',
  scales: {
    full,
    quick: { leechers: 100, pieces: 240, shrink: 4 },
    small: { leechers: 24, pieces: 80, shrink: 4 },
  },
  variants,
  claims: [
    ...degrees.map((degree, i) => ({
      says: `uplink utilisation at degree ${degree}`,
      elsewhere: elsewhere[i] ?? '',
      value: (of: Parameters<Study['claims'][number]['value']>[0]) =>
        of(`degree ${degree}`).uplinkUtilisation,
      ...(degree === 40 && {
        ...{ atLeast: 0.9, inSmall: { atLeast: 0.8, why: fewPieces } },
      }),
    })),
    ...degrees.slice(1).map((degree, i) => ({
      says: `utilisation grows from degree ${degrees[i]} to ${degree}`,
      elsewhere: 'low degree hurts',
      value: (of: Parameters<Study['claims'][number]['value']>[0]) =>
        difference(
          of(`degree ${degree}`).uplinkUtilisation,
          of(`degree ${degrees[i]}`).uplinkUtilisation,
        ),
      atLeast: 0,
      // In a crowd smaller than the degree there is no more to gain.
      ...(degree > 15 && {
        inSmall: { atLeast: -0.05, why: 'everybody knows everybody in both' },
      }),
    })),
    neverBelowBound('degree 40'),
    {
      says: 'R at degree 40',
      elsewhere: '1.22',
      value: (of) => of('degree 40').boundRatio,
      ...{ atLeast: 1.15, atMost: 1.3, inSmall: { atLeast: 1, atMost: 1.5, why: fewPieces } },
    },
  ],
};
