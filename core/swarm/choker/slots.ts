/** What is known when upload slots are given away, and what comes out (BEP 3, "choking and optimistic unchoking"). */
import type { Duration, Instant } from '../../time.ts';
import { seconds } from '../../time.ts';
import type { ConnectionId } from '../../torrent/ids.ts';
import type { ChokePolicy, SeedPolicy } from '../options.ts';

/** What the choice knows of one connection. */
export type ChokerPeer = {
  readonly conn: ConnectionId;
  /** It wants something we have. */
  readonly interested: boolean;
  /** We asked it for blocks and it has sent none for long (anti-snubbing). */
  readonly snubbed: boolean;
  /** It sends us. */
  readonly downBytesPerSec: number;
  /** We send it. */
  readonly upBytesPerSec: number;
  readonly connectedAt: Instant;
  /** When we last unchoked it, kept after a choke; undefined if never. */
  readonly unchokedAt?: Instant;
  /** Payload sent to it since then. */
  readonly turnBytes: number;
  /** Whether we choke it now. */
  readonly isChoked: boolean;
  /** It wants no pieces at all (BEP 21): never unchoked. */
  readonly uploadOnly: boolean;
};

export type ChokerOptions = {
  /** Slots that must be earned. */
  readonly uploadSlots: number;
  /** Slots given by chance. */
  readonly optimisticSlots: number;
  readonly rechokeEvery: Duration;
  /** How long an optimistic slot, or a turn at a seed, lasts; in effect rounded up to whole rounds. */
  readonly optimisticEvery: Duration;
  /** A turn at a seed lasts until so much was sent, but no longer than `longestTurn`: half a piece serves nobody. */
  readonly leastTurnBytes: number;
  readonly seedPolicy: SeedPolicy;
  /** `random`: a leecher gives all slots by chance, a new choice every `optimisticEvery`. */
  readonly chokePolicy: ChokePolicy;
  /** How many chances a newcomer has in the draw for an optimistic slot, where others have one. */
  readonly newcomerWeight: number;
};

/** So many times as long as others at most, lest a slow peer keep a slot for ever. */
export const longestTurn = 4;

/** Mainline's numbers (BEP 3). */
export const defaultChokerOptions: ChokerOptions = {
  uploadSlots: 4,
  optimisticSlots: 1,
  rechokeEvery: seconds(10),
  optimisticEvery: seconds(30),
  leastTurnBytes: 0,
  seedPolicy: 'round-robin',
  chokePolicy: 'tit-for-tat',
  newcomerWeight: 3,
};

/** `unchoked` is everybody with a slot, the `optimistic` ones included. */
export type Unchoked = {
  readonly unchoked: ReadonlySet<ConnectionId>;
  readonly optimistic: ReadonlySet<ConnectionId>;
};

export const nobodyUnchoked: Unchoked = { unchoked: new Set(), optimistic: new Set() };

export type ChokerSnapshot = {
  readonly now: Instant;
  readonly peers: readonly ChokerPeer[];
  readonly isSeed: boolean;
  /** Between rounds slots are kept; in a round earned ones are dealt anew; in a rotation all are. */
  readonly turn: 'between' | 'round' | 'rotation';
  /** The last choice. */
  readonly held: Unchoked;
};
