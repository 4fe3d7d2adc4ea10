/** How soon the tracker of a scenario bears to be asked again by whoever needs other peers. */
import { type Duration, millis } from '../core/time.ts';

/** Waiting longer for a first neighbour would be what a run measures. */
const longestWait = millis(30_000);

/** The "min interval" that it answers: the interval itself where that is short. */
export const minIntervalOf = (interval: Duration): Duration =>
  millis(Math.min(interval, longestWait));
