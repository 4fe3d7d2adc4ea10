/** S2: each of the three terms of the bound, made the one that binds (Kumar and Ross, HotWeb 2006). */
import { defineScenario, type ScenarioInput } from '../../sim/scenario.ts';
import { type Crowd, crowd } from './crowd.ts';
import { type Claim, type Scale, type Study, neverBelowBound } from './study.ts';

const base: Crowd = {
  name: 'kr-regimes',
  story: 'A seed of 2 Mbit/s is what a hundred leechers with 10 Mbit/s each way have to wait for.',
  ...{ seedKbit: 2_000, upKbit: 10_000, downKbit: 10_000 },
  joins: 'at-once',
  options: { rechokeEvery: '1s', optimisticEvery: '3s' },
};

const variants = (scale: Scale): Record<string, ScenarioInput> => ({
  'slow seed': crowd(base, scale),
  'slow downlinks': crowd({ ...base, seedKbit: 10_000, downKbit: 5_000 }, scale),
  'fast seed and downlinks': crowd({ ...base, seedKbit: 100_000, downKbit: 100_000 }, scale),
});

const full: Scale = { leechers: 100, pieces: 382, shrink: 1 };

export const krRegimes: ScenarioInput = defineScenario(crowd(base, full));

export const study: Study = {
  row: 'S2',
  name: base.name,
  source: 'bound: Kumar and Ross, HotWeb 2006',
  scales: {
    full,
    quick: { leechers: 8, pieces: 382, shrink: 4 },
    small: { leechers: 8, pieces: 382, shrink: 4 },
  },
  variants,
  claims: [
    ...regime('slow seed', { binding: 'seed-bound', atMost: 1.15, elsewhere: '1.09-1.10' }),
    ...regime('slow downlinks', {
      binding: 'download-bound',
      atMost: 1.35,
      elsewhere: '1.23-1.24',
    }),
    ...regime('fast seed and downlinks', {
      binding: 'upload-bound',
      atMost: 1.3,
      elsewhere: '1.18-1.20',
    }),
  ],
};

function regime(
  variant: string,
  expected: { readonly binding: string; readonly atMost: number; readonly elsewhere: string },
): readonly Claim[] {
  const { atMost, binding, elsewhere } = expected;
  return [
    neverBelowBound(variant),
    {
      says: `${variant}: R`,
      elsewhere,
      value: (of) => of(variant).boundRatio,
      atMost,
    },
    {
      says: `${variant}: ${binding}`,
      elsewhere: 'by its definition',
      value: (of) => Number(of(variant).binding === binding),
      ...{ atLeast: 1, inEach: true as const },
    },
  ];
}
