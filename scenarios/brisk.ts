/** Intervals for swarms that live for seconds: what people wait minutes for happens in fractions of one. */
import type { PeerGroupInput, ScenarioInput } from '../sim/scenario.ts';

/** A peer that rechokes, gives up on silent peers and announces about thirty times as often as usual. */
export const brisk: NonNullable<PeerGroupInput['options']> = {
  rechokeEvery: '300ms',
  optimisticEvery: '900ms',
  snubbedAfter: '1s',
  requestLimit: '1s',
  redialAfter: '300ms',
  maxDials: 20,
  housekeepingEvery: '100ms',
  saveResumeEvery: '500ms',
  announceEvery: '500ms',
  farewellLimit: '1s',
};

/** A tracker to match: who dies is gone from the lists after two seconds. */
export const briskTracker: NonNullable<ScenarioInput['tracker']> = {
  interval: '1s',
  expireAfter: '2s',
  announceWithin: '1500ms',
};
