/** All studies, in the order of the table in docs/validation.md. */
import type { Study } from './study.ts';
import { study as krSymmetric } from './kr-symmetric.ts';
import { study as krRegimes } from './kr-regimes.ts';
import { study as bharambeDefault } from './bharambe-default.ts';
import { study as seedBandwidth } from './seed-bandwidth.ts';
import { study as superSeeding } from './super-seeding.ts';
import { study as freeRiders } from './free-riders.ts';
import { study as scaling } from './scaling.ts';
import { study as biasedNeighbours } from './biased-neighbours.ts';
import { study as churn } from './churn.ts';
import { study as dataCentre } from './data-centre.ts';

export const studies: readonly Study[] = [
  krSymmetric,
  krRegimes,
  bharambeDefault,
  seedBandwidth,
  superSeeding,
  freeRiders,
  scaling,
  biasedNeighbours,
  churn,
  dataCentre,
];
