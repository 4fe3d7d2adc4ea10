/** S11: how the time beyond the bound grows with the number of leechers: with its logarithm, not faster. */
import { defineScenario, type ScenarioInput } from '../../sim/scenario.ts';
import { bharambe } from './bharambe-default.ts';
import { type Crowd, crowd } from './crowd.ts';
import { type Measures, type Scale, type Study, difference, ratio } from './study.ts';

const base: Crowd = {
  ...bharambe,
  name: 'scaling',
  story: 'Four thousand leechers need hardly longer than fifty.',
  pieceKiB: 64,
};

/** Crowds as parts of the largest one. */
const parts = [80, 20, 4, 1];
const name = (part: number): string => (part === 1 ? 'largest crowd' : `1/${part} of it`);

const variants = (scale: Scale): Record<string, ScenarioInput> =>
  Object.fromEntries(
    parts.map((part) => [
      name(part),
      crowd(base, { ...scale, leechers: Math.round(scale.leechers / part) }),
    ]),
  );

const full: Scale = { leechers: 4_000, pieces: 1_600, shrink: 1 };

export const scaling: ScenarioInput = defineScenario(crowd(base, full));

/** Seconds beyond the bound. */
const beyond = ({ boundRatio, kumarRossSec }: Measures): number | null =>
  boundRatio === null || kumarRossSec === null ? null : (boundRatio - 1) * kumarRossSec;

/** Per doubling of the crowd. */
const growth = (larger: Measures, smaller: Measures, times: number): number | null => {
  const seconds = difference(beyond(larger), beyond(smaller));
  return seconds === null ? null : ratio(seconds / Math.log2(times), larger.kumarRossSec);
};

export const study: Study = {
  row: 'S11',
  name: base.name,
  source: 'Bharambe et al., INFOCOM 2006; Mundinger, Weber and Weiss, 2008',
  scales: {
    full,
    quick: { leechers: 320, pieces: 300, shrink: 1 },
    small: { leechers: 80, pieces: 40, shrink: 1 },
  },
  variants,
  claims: [
    ...parts.map((part, i) => ({
      says: `R, ${name(part)}`,
      elsewhere: ['1.09-1.13', '1.12', '1.12', '1.15'][i] ?? '',
      value: (of: (variant: string) => Measures) => of(name(part)).boundRatio,
      ...{
        atLeast: 1,
        inSmall: { atLeast: 1, atMost: 2, why: 'worse than a binary tree is broken' },
      },
    })),
    {
      says: 'growth of the time beyond the bound for each doubling, over the bound, in the larger crowds',
      elsewhere: 'at most linear in log2 N',
      value: (of) => growth(of(name(1)), of(name(4)), 4),
      ...{
        atMost: 0.05,
        inSmall: { atMost: 0.3, why: 'a doubling costs the time of a few pieces' },
      },
    },
  ],
};
