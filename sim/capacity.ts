/** The most that a peer's link and limits let through: a true upper bound, whatever was changed while the run went on. */
import { blockBytes } from '../core/torrent/pieces.ts';
import type { PeerSpec } from './plan.ts';
import type { PerformedAction, RecordHeader } from './record.ts';

/** In t seconds no more than `bytesPerSec * t + burstBytes`. */
export type Capacity = { readonly bytesPerSec: number; readonly burstBytes: number };

export const unlimited: Capacity = { bytesPerSec: Infinity, burstBytes: 0 };

type Way = 'upBytesPerSec' | 'downBytesPerSec';

/** What the runner did to one peer; a limit that leaves a rate out takes it away. */
type Circumstances = {
  readonly world: RecordHeader['world'];
  readonly actions: readonly PerformedAction[];
};

export function capacityOf(peer: PeerSpec, way: Way, { world, actions }: Circumstances): Capacity {
  const limits = actions.flatMap(({ action }) => (action.type === 'limit' ? [action] : []));
  const link = Math.max(...[peer.link, ...limits].map((rates) => rates[way] ?? Infinity));
  // Each of its torrents has the limit for itself. A peer counts time on its own clock, and a fast one gives it more.
  const torrents = peer.contents.length;
  const own = torrents * (peer.options[way] ?? Infinity) * gained(peer);
  const lives = actions.filter(({ action }) => action.type === 'join' || action.type === 'restart');
  // A virtual line sends one byte after the other; on loopback a link is a bucket, as a peer's own limit is everywhere.
  const isBucket = own < link || world === 'loopback';
  const bytesPerSec = Math.min(link, own);
  return {
    bytesPerSec,
    burstBytes: isBucket ? lives.length * torrents * burstOf(bytesPerSec) : 0,
  };
}

/** Seconds on its own clock for each that passes. */
const gained = ({ clock }: PeerSpec): number => (1e6 + Math.max(0, clock?.driftPpm ?? 0)) / 1e6;

/** A bucket is full when a life begins: with a tenth of a second's worth, and at least a block (core/swarm/bucket.ts). */
const burstOf = (bytesPerSec: number): number =>
  bytesPerSec === Infinity ? 0 : Math.max(Math.ceil(bytesPerSec / 10), blockBytes);

export const together = (capacities: readonly Capacity[]): Capacity => ({
  bytesPerSec: capacities.reduce((sum, { bytesPerSec }) => sum + bytesPerSec, 0),
  burstBytes: capacities.reduce((sum, { burstBytes }) => sum + burstBytes, 0),
});

/** The least time for so much, in seconds, as rates alone say: what theory speaks of. */
export const fluidSec = (bytes: number, { bytesPerSec }: Capacity): number =>
  bytes === 0 ? 0 : bytes / bytesPerSec;

/** The same with everything that may come at once. */
export const leastSec = (bytes: number, capacity: Capacity): number =>
  fluidSec(Math.max(0, bytes - capacity.burstBytes), capacity);
