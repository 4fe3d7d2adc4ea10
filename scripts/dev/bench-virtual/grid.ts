/** What the bench of the virtual world plays: the crowd of `thousand-peers` in many sizes. */
import type { Fidelity } from '../../../sim/virtual/fidelity.ts';

export type Size = {
  readonly fidelity: Fidelity;
  /** Leechers; one seed comes on top. */
  readonly peers: number;
  readonly mebibytes: number;
  /** What it is measured for: alone, or as a point of a curve. */
  readonly series: 'peers' | 'file size' | 'fidelity' | 'goal';
  /** What a goal is to take at most, on two cores. */
  readonly limit?: { readonly seconds: number; readonly bytes?: number };
};

export const nameOf = ({ fidelity, peers, mebibytes }: Size): string =>
  `${fidelity}, ${peers} x ${mebibytes} MiB`;

const byPeers: readonly Size[] = [100, 300, 1_000].map((peers) => ({
  ...{ fidelity: 'elided', peers, mebibytes: 10, series: 'peers' },
}));

const bySize: readonly Size[] = [10, 25, 50, 100].map((mebibytes) => ({
  ...{ fidelity: 'elided', peers: 100, mebibytes, series: 'file size' },
}));

export const quickGrid: readonly Size[] = [
  ...byPeers,
  ...bySize,
  { fidelity: 'byte-exact', peers: 20, mebibytes: 16, series: 'fidelity' },
];

const GB = 1e9;

export const goals: readonly Size[] = [
  {
    ...{ fidelity: 'byte-exact', peers: 100, mebibytes: 64, series: 'goal' },
    limit: { seconds: 60 },
  },
  {
    ...{ fidelity: 'elided', peers: 1_000, mebibytes: 100, series: 'goal' },
    limit: { seconds: 60, bytes: 1.5 * GB },
  },
  {
    ...{ fidelity: 'elided', peers: 10_000, mebibytes: 100, series: 'goal' },
    limit: { seconds: 20 * 60, bytes: 8 * GB },
  },
];
