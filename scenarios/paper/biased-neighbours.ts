/** S12: a tracker that names neighbours of the same network keeps the traffic there (Bindal et al., ICDCS 2006). */
import { defineScenario, type ScenarioInput } from '../../sim/scenario.ts';
import { type Crowd, crowd } from './crowd.ts';
import { type Claim, type Measures, type Scale, type Study, ratio } from './study.ts';

/** Fourteen of the seven hundred: a smaller crowd is in fewer networks, of the same size. */
const networkSize = 50;
const intervalMs = 1_800_000;
const published: Scale = { leechers: 700, pieces: 400, shrink: 1 };

const base: Crowd = {
  name: 'biased-neighbours',
  story: 'Seven hundred leechers in fourteen networks are named one stranger each by the tracker.',
  ...{ seedKbit: 400, upKbit: 100, downKbit: 1_000, seedDownKbit: 1_000 },
  stays: 'until-complete',
  degree: 35,
};

function named(tracker: Crowd['tracker'], scale: Scale): ScenarioInput {
  const networks = Math.max(2, Math.round(scale.leechers / networkSize));
  // Every announce names strangers: there are as many while a smaller content lasts.
  const interval = Math.round((intervalMs * scale.pieces) / published.pieces);
  return crowd({ ...base, leecher: { networks }, tracker: { interval, ...tracker } }, scale);
}

const variants = (scale: Scale): Record<string, ScenarioInput> => ({
  random: named({}, scale),
  '1 external': named({ external: 1 }, scale),
  '5 external': named({ external: 5 }, scale),
});

export const biasedNeighbours: ScenarioInput = defineScenario(named({ external: 1 }, published));

type Of = (variant: string) => Measures;
const copies = (variant: string, expected: Omit<Claim, 'says' | 'value'>): Claim => ({
  says: `times the content enters a network, ${variant}`,
  value: (of: Of) => of(variant).copiesIntoNetwork,
  ...expected,
});

export const study: Study = {
  row: 'S12',
  name: base.name,
  source: 'Bindal et al., ICDCS 2006',
  scales: {
    full: published,
    quick: { leechers: 350, pieces: 80, shrink: 4 },
    small: { leechers: 28, pieces: 24, shrink: 1 },
  },
  variants,
  claims: [
    {
      says: 'random neighbours: copies over what chance gives, (1 - (n-1)/(N-1)) n',
      elsewhere: '.99-1.00',
      value: (of) => ratio(of('random').copiesIntoNetwork, of('random').copiesByChance),
      ...{ atLeast: 0.978, atMost: 1.022 },
      inSmall: { atLeast: 0.9, atMost: 1.15, why: 'the seed, outside every network, gives more' },
    },
    copies('1 external', {
      ...{ elsewhere: '2.9-3.1', atLeast: 2.5, atMost: 4 },
      inSmall: {
        atLeast: 1,
        atMost: 6.5,
        why: 'chance gives 7.3 where it gives 46.5 in the whole',
      },
    }),
    copies('5 external', { elsewhere: '10.3' }),
    {
      says: 'mean time with 1 external neighbour over that with random ones',
      elsewhere: '1.01-1.016',
      value: (of) => ratio(of('1 external').completionMeanSec, of('random').completionMeanSec),
      atMost: 1.05,
    },
  ],
};
