/** What the watches of one torrent of one life share. */
import type { Torrent } from '../../core/swarm/torrent.ts';
import type { TorrentOptions } from '../../core/swarm/options.ts';
import type { ConnectionId, InfoHash } from '../../core/torrent/ids.ts';
import type { Pieces } from '../../core/torrent/pieces.ts';
import type { PeerSpec } from '../plan.ts';
import type { WitnessFacts } from '../witness.ts';
import type { Line } from './line.ts';
import type { rules } from './rules.ts';

export type Shared = {
  readonly spec: PeerSpec;
  readonly infoHash: InfoHash;
  readonly torrent: Torrent;
  readonly options: TorrentOptions;
  readonly pieces: Pieces;
  /** Pieces the peer wants at all. */
  readonly wanted: ReadonlySet<number>;
  /** Verified and on its disk. */
  readonly have: Set<number>;
  /** Those of this torrent, in the order in which they began. */
  readonly lines: Map<ConnectionId, Line>;
  readonly facts: WitnessFacts;
  readonly complain: (rule: keyof typeof rules, detail: string) => void;
  /** Whether it spoils what it serves, now or at any time of the run. */
  readonly isLiar: boolean;
  isPaused: boolean;
  /** `running` from `opened` on; `over` once it was told to stop. */
  state: 'opening' | 'running' | 'over';
};

/** Whether everything that is wanted is there. */
export function isComplete({ wanted, have }: Pick<Shared, 'wanted' | 'have'>): boolean {
  for (const piece of wanted) if (!have.has(piece)) return false;
  return true;
}

export const bytesLeft = ({ pieces, have }: Pick<Shared, 'pieces' | 'have'>): number => {
  let left = pieces.length;
  for (const piece of have) left -= pieces.lengthOf(piece as never);
  return left;
};

/** A torrent that hides what it has (BEP 16) may say less than the truth. */
export const isHiding = ({ torrent, options }: Pick<Shared, 'torrent' | 'options'>): boolean =>
  options.seedPolicy === 'super' && torrent.parts.torrent.have.isFull;
