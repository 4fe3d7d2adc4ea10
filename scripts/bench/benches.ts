/** All benches, in the order in which they are run. */
import type { Bench } from './setting.ts';
import { oneToFour } from './swarm/one-to-four.ts';
import { oneToOne } from './swarm/one-to-one.ts';
import { oneToTwenty } from './swarm/one-to-twenty.ts';

export const benches: readonly Bench[] = [oneToOne, oneToFour, oneToTwenty];
