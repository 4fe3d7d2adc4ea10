/** What a peer of a group is given to work with: its link, its clock and its disk. */
import { type Random, randomBelow } from '../core/random.ts';
import type { ClockSpec, DiskSpec, LinkSpec, PeerGroup } from './scenario.ts';

export type Equipment = {
  readonly link: {
    readonly upBytesPerSec?: number;
    readonly downBytesPerSec?: number;
    readonly delayMs: number;
    /** Up to so much more, drawn for each packet; undefined is none. */
    readonly jitterMs?: number;
    /** The share of packets that is lost, above 0 and below 1; undefined is none. */
    readonly loss?: number;
  };
  /** Nobody can connect to it. */
  readonly isNatted?: boolean;
  /** How its clock differs from the run's: ahead by `skewMs` at the start, gaining `driftPpm` parts per million. */
  readonly clock?: { readonly skewMs: number; readonly driftPpm: number };
  /** Bytes/s of reading and writing together, unlimited when undefined; the seek comes before each. */
  readonly disk?: { readonly bytesPerSec?: number; readonly seekMs: number };
};

/** Only what says something is there. `random` is the member's own, for its clock alone. */
export const equipment = ({ link, nat, clock, disk }: PeerGroup, random: Random): Equipment => ({
  link: linkOf(link),
  ...(nat === true ? { isNatted: true } : {}),
  ...clockOf(clock ?? {}, random),
  ...diskOf(disk ?? {}),
});

/** A default of 0 would not be a Duration. */
type Numbers<Spec> = { readonly [Key in keyof Spec]?: number };

const linkOf = ({
  up,
  down,
  delay = 0,
  jitter = 0,
  loss = 0,
}: Numbers<LinkSpec>): Equipment['link'] => ({
  ...(up === undefined ? {} : { upBytesPerSec: up }),
  ...(down === undefined ? {} : { downBytesPerSec: down }),
  delayMs: delay,
  ...(jitter === 0 ? {} : { jitterMs: jitter }),
  ...(loss === 0 ? {} : { loss }),
});

function clockOf(
  { skew = 0, drift = 0 }: Numbers<ClockSpec>,
  random: Random,
): Pick<Equipment, 'clock'> {
  if (skew === 0 && drift === 0) return {};
  // Both are drawn whatever the other is, so that changing one leaves the other as it was.
  const skewMs = eitherWay(skew, random);
  return { clock: { skewMs, driftPpm: eitherWay(drift, random) } };
}

/** A whole number from -most to most. */
const eitherWay = (most: number, random: Random): number =>
  randomBelow(random, 2 * most + 1) - most;

const diskOf = ({ rate, seek = 0 }: Numbers<DiskSpec>): Pick<Equipment, 'disk'> =>
  rate === undefined && seek === 0
    ? {}
    : { disk: { ...(rate === undefined ? {} : { bytesPerSec: rate }), seekMs: seek } };
