/** S1: how near a swarm of equal peers comes to the bound of Kumar and Ross (HotWeb 2006). */
import { defineScenario, type ScenarioInput } from '../../sim/scenario.ts';
import { type Crowd, crowd } from './crowd.ts';
import { type Scale, type Study, neverBelowBound } from './study.ts';

const base: Crowd = {
  name: 'kr-symmetric',
  story:
    'A hundred leechers and a seed with 10 Mbit/s each way share 100 MB as near to the bound as they can.',
  ...{ seedKbit: 10_000, upKbit: 10_000, downKbit: 10_000 },
  joins: 'at-once',
};
const everySecond = { rechokeEvery: '1s', optimisticEvery: '3s' };

const variants = (scale: Scale): Record<string, ScenarioInput> => ({
  '10 s rechoke': crowd(base, scale),
  '1 s rechoke': crowd({ ...base, options: everySecond }, scale),
  '100 Mbit/s down': crowd(
    { ...base, options: everySecond, pieceKiB: 64, downKbit: 100_000 },
    // The same content in smaller pieces.
    { ...scale, pieces: scale.pieces * 4, shrink: Math.min(scale.shrink, 4) },
  ),
});

const full: Scale = { leechers: 100, pieces: 382, shrink: 1 };

export const krSymmetric: ScenarioInput = defineScenario(crowd(base, full));

export const study: Study = {
  row: 'S1',
  name: base.name,
  source: 'bound: Kumar and Ross, HotWeb 2006',
  scales: {
    full,
    quick: { leechers: 12, pieces: 300, shrink: 4 },
    small: { leechers: 12, pieces: 200, shrink: 4 },
  },
  variants,
  claims: [
    neverBelowBound('10 s rechoke'),
    {
      says: 'R with a rechoke every 10 s',
      elsewhere: '1.44-1.68',
      value: (of) => of('10 s rechoke').boundRatio,
      atMost: 1.7,
    },
    {
      says: 'R with a rechoke every second',
      elsewhere: '1.31-1.34',
      value: (of) => of('1 s rechoke').boundRatio,
      ...{ atLeast: 1, atMost: 1.45 },
    },
    {
      says: 'R with 100 Mbit/s down, 64 KiB pieces and a rechoke every second',
      elsewhere: '1.06',
      value: (of) => of('100 Mbit/s down').boundRatio,
      ...{ atLeast: 1, atMost: 1.15 },
    },
  ],
};
