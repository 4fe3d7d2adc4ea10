/** Intervals for swarms that live for seconds: what people wait minutes for happens in fractions of one. */
import type { PeerGroupInput, ScenarioInput } from '../sim/scenario.ts';

/** A peer that rechokes, gives up on silent peers and announces about thirty times as often as usual. */
export const brisk: NonNullable<PeerGroupInput['options']> = {
  rechokeEvery: '300ms',
  optimisticEvery: '900ms',
  snubbedAfter: '3s',
  requestLimit: '4s',
  maxUnsentBytes: '64KiB',
  redialAfter: '300ms',
  maxDials: 20,
  housekeepingEvery: '100ms',
  announceEvery: '500ms',
  farewellLimit: '1s',
};

/**
 * A tracker to match: who dies is gone from the lists after four seconds. A busy machine may keep a peer from its
 * announces for two or three.
 */
export const briskTracker: NonNullable<ScenarioInput['tracker']> = {
  interval: '1s',
  expireAfter: '4s',
  announceWithin: '3s',
  recoverWithin: '6s',
};
