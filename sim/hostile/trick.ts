/** What makes a peer hostile: an honest one whose words are changed on their way out and on their way in. */
import type { AnnounceRequest } from '../../core/tracker/announce.ts';
import type { Random } from '../../core/random.ts';
import type { Pieces } from '../../core/torrent/pieces.ts';
import type { Handshake } from '../../core/wire/handshake.ts';
import type { Saying } from '../../core/wire/saying.ts';

/** Every part may be left out: what is not said otherwise is done as an honest peer does it. */
export interface Trick {
  /** Both handshakes are through. */
  opened?(line: Line): void;
  /** What goes out in place of one thing that the honest peer says. */
  said?(saying: Saying, line: Line): readonly Saying[];
  /** What the honest peer hears in place of one thing that the other says. */
  heard?(saying: Saying, line: Line): readonly Saying[];
  /** What a tracker is told besides, each time that the honest peer announces. */
  announced?(request: AnnounceRequest): readonly AnnounceRequest[];
}

/** One connection, as a trick sees it. */
export interface Line {
  /** Of the torrent that the connection is about. */
  readonly pieces: Pieces;
  /** Undefined until it has come. */
  readonly remote: Handshake | undefined;
  /** Says something of its own accord, once both handshakes are through. */
  say(...sayings: readonly Saying[]): void;
  hangUp(): void;
}

/** What a trick is made with. */
export type TrickParts = {
  readonly random: Random;
  /** Another block than the one given, of the same length; the one given stays as it is. */
  readonly spoil: (block: Uint8Array) => Uint8Array;
};
