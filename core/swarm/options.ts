/** Everything about a torrent that can be set: each number has a unit and a reason. */
import { type Duration, millis, minutes, seconds } from '../time.ts';

export type PiecePolicy = 'rarest-first' | 'sequential' | 'random';
/** Whom a seed serves; `super` serves in turn, and repeats no piece before all are out (BEP 16). */
export type SeedPolicy = 'round-robin' | 'fastest-upload' | 'super';
/** Whom a leecher serves: those who give it most, or, to compare with, whomever chance names. */
export type ChokePolicy = 'tit-for-tat' | 'random';

export type TorrentOptions = {
  /** Connections a torrent keeps at most, both directions. 50 is what BEP 3 clients have long used. */
  readonly maxConnections: number;
  /**
   * With so many connections, both directions, it dials no more: the rest of its places are for callers, or the first
   * of a crowd would fill theirs with one another and who comes later would find nobody. Undefined: half of
   * `maxConnections`, as in mainline, which dials up to 40 of 80.
   */
  readonly dialUpTo: number | undefined;
  /** Dials under way at once: more only floods a home router's table. */
  readonly maxHalfOpen: number;
  /** Peers unchoked for what they give (BEP 3: "tit-for-tat"), the optimistic ones not counted. */
  readonly uploadSlots: number;
  readonly optimisticSlots: number;
  readonly rechokeEvery: Duration;
  readonly optimisticEvery: Duration;
  /** A peer that owes us blocks and sends none for so long has snubbed us (BEP 3: a minute). */
  readonly snubbedAfter: Duration;
  readonly seedPolicy: SeedPolicy;
  readonly chokePolicy: ChokePolicy;
  readonly piecePolicy: PiecePolicy;
  /** Pieces picked at random before rarest first begins, to have something to trade soon (BEP 3). */
  readonly randomFirstPieces: number;
  /** A request older than this is asked of somebody else as well. */
  readonly requestLimit: Duration;
  /** Blocks asked of one peer at once, at most. */
  readonly maxPipelineBlocks: number;
  /** Requests one peer may have waiting with us, told as `reqq` (BEP 10); more are rejected. */
  readonly maxQueuedRequests: number;
  /** Pieces held in memory until they are verified and written, in bytes. */
  readonly maxBufferedBytes: number;
  /** Bytes handed to one connection and not yet taken by its socket, at most: a slow line is given less ahead. */
  readonly maxUnsentBytes: number;
  readonly handshakeLimit: Duration;
  readonly keepAliveEvery: Duration;
  /** A peer that sends not even a keep-alive for so long is gone. */
  readonly silenceLimit: Duration;
  /** A connection on which neither side has been interested for so long gives up its place. */
  readonly idleLimit: Duration;
  /** A dial that was refused or lost is tried again after this, doubled each time. */
  readonly redialAfter: Duration;
  /** Dials of one address before it is forgotten until somebody names it again. */
  readonly maxDials: number;
  /**
   * So long may a peer that can do nothing with it wait for the news of a piece, so that several go together. Not at all unless
   * said; for a thousand peers on one machine 4 s save calls, and are little beside the ten of a round of choking.
   */
  readonly holdHavesFor: Duration;
  /** How often the machine looks after time-outs when nothing else happens. */
  readonly housekeepingEvery: Duration;
  /** Rate limits in bytes/s; `undefined` is unlimited. */
  readonly upBytesPerSec: number | undefined;
  readonly downBytesPerSec: number | undefined;
  readonly peerUpBytesPerSec: number | undefined;
  readonly peerDownBytesPerSec: number | undefined;
  /** Asks the tracker this often whatever it says; for benches, whose runs are shorter than any tracker's interval. */
  readonly announceEvery: Duration | undefined;
  /** How long `stopped` may take to reach the trackers when the torrent ends. */
  readonly farewellLimit: Duration;
  /** Use the fast extension (BEP 6) when the other side has it. */
  readonly fast: boolean;
};

const MiB = 2 ** 20;

export const defaultTorrentOptions: TorrentOptions = {
  maxConnections: 50,
  dialUpTo: undefined,
  maxHalfOpen: 8,
  uploadSlots: 4,
  optimisticSlots: 1,
  rechokeEvery: seconds(10),
  optimisticEvery: seconds(30),
  snubbedAfter: seconds(60),
  seedPolicy: 'round-robin',
  chokePolicy: 'tit-for-tat',
  piecePolicy: 'rarest-first',
  randomFirstPieces: 4,
  requestLimit: seconds(60),
  maxPipelineBlocks: 500,
  maxQueuedRequests: 500,
  maxBufferedBytes: 32 * MiB,
  maxUnsentBytes: 1 * MiB,
  handshakeLimit: seconds(10),
  keepAliveEvery: seconds(90),
  silenceLimit: minutes(2),
  idleLimit: minutes(10),
  redialAfter: seconds(5),
  maxDials: 6,
  holdHavesFor: seconds(0),
  housekeepingEvery: seconds(1),
  upBytesPerSec: undefined,
  downBytesPerSec: undefined,
  peerUpBytesPerSec: undefined,
  peerDownBytesPerSec: undefined,
  announceEvery: undefined,
  farewellLimit: millis(3_000),
  fast: true,
};
