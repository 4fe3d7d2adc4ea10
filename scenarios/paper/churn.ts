/** S15: sessions with the heavy tails that were measured, against exponential ones (Stutzbach and Rejaie, IMC 2006). */
import { defineScenario, type ScenarioInput, type Stay } from '../../sim/scenario.ts';
import { type Crowd, crowd } from './crowd.ts';
import { type Measures, type Scale, type Study, difference, ratio } from './study.ts';

/** Long enough for the median of an exponential session to complete, too short for that of shape .38. */
const meanMs = 1_200_000;

/** A Weibull length of that mean: the scale is the mean over gamma(1 + 1/shape). */
const weibull = (shape: number, gamma: number): Stay<string> & object => ({
  weibull: { shape, scale: Math.round(meanMs / gamma) as unknown as string },
});

const sessions: Readonly<Record<string, Stay<string>>> = {
  // gamma(1 + 1/.38) and gamma(1 + 1/.59).
  'Weibull .38': weibull(0.38, 3.857),
  'Weibull .59': weibull(0.59, 1.5386),
  exponential: { exponential: { mean: meanMs as unknown as string } },
};

const base: Crowd = {
  name: 'churn',
  story:
    'Leechers come one by one and leave when their session is over, whether they are done or not.',
  ...{ seedKbit: 6_000, upKbit: 400, downKbit: 1_500, seedDownKbit: 6_000 },
  joins: { poisson: { perSec: 0.2 } },
  degree: 40,
  patience: 30,
  expect: [{ wastedBelow: 0.2, of: 'leechers' }],
};

const variants = (scale: Scale): Record<string, ScenarioInput> =>
  Object.fromEntries(
    Object.entries(sessions).map(([name, stays]) => [name, crowd({ ...base, stays }, scale)]),
  );

const full: Scale = { leechers: 1_000, pieces: 100, shrink: 1 };

export const churn: ScenarioInput = defineScenario(
  crowd({ ...base, stays: sessions['Weibull .38'] ?? 'for-ever' }, full),
);

const fewDrawn = 'forty sessions seldom have one as long as makes the mean';

const completed = (measures: Measures): number | null =>
  measures.completedShareOf['leecher'] ?? null;

export const study: Study = {
  row: 'S15',
  name: base.name,
  source: 'Stutzbach and Rejaie, IMC 2006',
  scales: {
    full,
    quick: { leechers: 100, pieces: 24, shrink: 4 },
    small: { leechers: 40, pieces: 24, shrink: 4 },
  },
  variants,
  claims: [
    ...Object.keys(sessions).map((name) => ({
      says: `${name}: p of the Kolmogorov-Smirnov test of the sessions drawn`,
      elsewhere: 'not to be told apart from the law',
      value: (of: (variant: string) => Measures) => of(name).sessionP,
      ...{ atLeast: 0.01, inEach: true as const },
    })),
    {
      says: 'Weibull .38: mean session over median',
      elsewhere: '10.1 (the law)',
      value: (of) => ratio(of('Weibull .38').sessionMeanSec, of('Weibull .38').sessionMedianSec),
      ...{ atLeast: 7, atMost: 14, inSmall: { atLeast: 2, why: fewDrawn } },
    },
    {
      says: 'Weibull .59: mean session over median',
      elsewhere: '2.9 (the law)',
      value: (of) => ratio(of('Weibull .59').sessionMeanSec, of('Weibull .59').sessionMedianSec),
      ...{ atLeast: 2.4, atMost: 3.5, inSmall: { atLeast: 1.3, why: fewDrawn } },
    },
    {
      says: 'share that completes: exponential less Weibull .38',
      elsewhere: 'above 0: most sessions of shape .38 are short',
      value: (of) => difference(completed(of('exponential')), completed(of('Weibull .38'))),
      atLeast: 0.05,
    },
  ],
};
