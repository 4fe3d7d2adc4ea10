/** S7: what tit for tat costs those who give nothing, and that chance costs them nothing. */
import { defineScenario, type ScenarioInput } from '../../sim/scenario.ts';
import { type Crowd, crowd } from './crowd.ts';
import { type Measures, type Scale, type Study, ratio } from './study.ts';

const base: Crowd = {
  name: 'free-riders',
  story: 'Of two hundred leechers with 50 kB/s each way one in ten uploads nothing.',
  ...{ seedKbit: 800, upKbit: 400, downKbit: 400, seedDownKbit: 800 },
  stays: 'until-complete',
  degree: 80,
  // Those who give nothing have the seed alone in the end.
  patience: 60,
};

function played(change: Partial<Crowd>, scale: Scale): ScenarioInput {
  const riders = Math.round(scale.leechers / 10);
  const others = {
    rider: { count: riders, options: { ...change.options, uploadSlots: 0, optimisticSlots: 0 } },
  };
  return crowd({ ...base, ...change, others }, { ...scale, leechers: scale.leechers - riders });
}

const variants = (scale: Scale): Record<string, ScenarioInput> => ({
  'tit for tat': played({}, scale),
  'by chance': played({ options: { chokePolicy: 'random' } }, scale),
  'tit for tat, all stay': played({ stays: 'for-ever' }, scale),
});

const full: Scale = { leechers: 200, pieces: 400, shrink: 1 };

export const freeRiders: ScenarioInput = defineScenario(played({}, full));

const times = (measures: Measures): number | null =>
  ratio(measures.meanSecOf['rider'], measures.meanSecOf['leecher']);

export const study: Study = {
  row: 'S7',
  name: base.name,
  source: 'tit for tat: Cohen, P2PEcon 2003; Legout et al., IMC 2006',
  scales: {
    full,
    quick: { leechers: 200, pieces: 400, shrink: 4 },
    small: { leechers: 40, pieces: 60, shrink: 4 },
  },
  variants,
  claims: [
    {
      says: 'tit for tat: time of free riders over that of the others',
      elsewhere: '8.1-8.4',
      value: (of) => times(of('tit for tat')),
      ...{ atLeast: 3, inSmall: { atLeast: 1.2, why: 'four riders have the seed to themselves' } },
    },
    {
      says: 'slots by chance: the same',
      elsewhere: '.96-1.03',
      value: (of) => times(of('by chance')),
      ...{ atLeast: 0.9, atMost: 1.1 },
    },
    {
      says: 'tit for tat, and all stay: the same',
      elsewhere: '1.10',
      value: (of) => times(of('tit for tat, all stay')),
      ...{ atLeast: 1.05, atMost: 1.2 },
      inSmall: {
        atLeast: 1.05,
        why: 'it is over before the seeds there are then have made up for it',
      },
    },
  ],
};
