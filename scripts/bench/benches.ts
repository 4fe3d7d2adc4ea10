/** All benches, in the order in which they are run. */
import { growth } from './growth/growth.ts';
import { createRecheck } from './hashing/create-recheck.ts';
import { micro } from './micro/micro.ts';
import type { Bench } from './setting.ts';
import { crowd } from './swarm/crowd.ts';
import { oneToFour } from './swarm/one-to-four.ts';
import { oneToOne } from './swarm/one-to-one.ts';
import { oneToTwenty } from './swarm/one-to-twenty.ts';
import { tracker } from './tracker/tracker.ts';

export const benches: readonly Bench[] = [
  oneToOne,
  oneToFour,
  oneToTwenty,
  crowd,
  tracker,
  createRecheck,
  growth,
  micro,
];
