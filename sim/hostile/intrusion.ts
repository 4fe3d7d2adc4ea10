/** What a peer does whose connections are none of an honest session: it never gets as far as that, or has too many. */
import type { Saying } from '../../core/wire/saying.ts';
import type { Random } from '../../core/random.ts';
import type { Duration } from '../../core/time.ts';
import type { InfoHash, PeerId } from '../../core/torrent/ids.ts';

export interface Intrusion {
  /** Connections to each address that becomes known; those that the other side ends are made again at the next beat. */
  readonly connections: number;
  readonly beatEvery: Duration;
  /** A connection is made, by either side. */
  opened?(line: OpenLine): void;
  /** On each connection that is open, every `beatEvery`. */
  beat?(line: OpenLine): void;
}

/** One connection, as an intrusion sees it. */
export interface OpenLine {
  /** Counted from 0 over the life of the peer. */
  readonly index: number;
  /** How many beats it has seen. */
  readonly beats: number;
  say(saying: Saying): void;
  /** Bytes that are no whole saying, where the world carries bytes; elsewhere nothing. */
  drip(bytes: Uint8Array): void;
}

/** What an intrusion is made with. */
export type IntrusionParts = {
  readonly random: Random;
  readonly self: () => { readonly infoHash: InfoHash; readonly peerId: PeerId };
};
