/** S6: a seed that repeats no piece before all are out (BEP 16; the smart seed of Bharambe et al., INFOCOM 2006). */
import { defineScenario, type ScenarioInput } from '../../sim/scenario.ts';
import { bharambe } from './bharambe-default.ts';
import { type Crowd, crowd } from './crowd.ts';
import { type Scale, type Study, ratio } from './study.ts';

const base: Crowd = {
  ...bharambe,
  name: 'super-seeding',
  story:
    'A seed as slow as any of a thousand leechers gives every piece away once before it repeats one.',
  seedKbit: 400,
  options: { piecePolicy: 'rarest-first' },
  seedOptions: { seedPolicy: 'super' },
};

const variants = (scale: Scale): Record<string, ScenarioInput> => ({
  super: crowd(base, scale),
  ordinary: crowd({ ...base, seedOptions: {} }, scale),
});

const full: Scale = { leechers: 1_000, pieces: 400, shrink: 1 };

export const superSeeding: ScenarioInput = defineScenario(crowd(base, full));

export const study: Study = {
  row: 'S6',
  name: base.name,
  source: 'Bharambe et al., INFOCOM 2006; Chen et al., ICC 2008',
  scales: {
    full,
    quick: { leechers: 12, pieces: 240, shrink: 4 },
    small: { leechers: 12, pieces: 150, shrink: 4 },
  },
  variants,
  claims: [
    {
      says: 'copies sent by the super-seed until every piece is out',
      elsewhere: '1, by its definition',
      value: (of) => of('super').allOutRatio,
      atMost: 1.02,
    },
    {
      says: 'R with the super-seed',
      elsewhere: '1.27',
      value: (of) => of('super').boundRatio,
      ...{ atLeast: 1, atMost: 1.35 },
    },
    {
      says: 'time until every piece is out, over that of an ordinary seed',
      elsewhere: 'saves about 20 % of the seed (Chen)',
      value: (of) => ratio(of('super').allOutRatio, of('ordinary').allOutRatio),
      atMost: 1,
    },
  ],
};
