/**
 * What goes into a Torrent and what comes out of it: the whole of its contact with the world.
 * Blocks are handed through unopened, so that a driver may keep them in place or leave them out.
 */
import type { AnnounceAnswer, AnnounceRequest } from '../tracker/announce.ts';
import type { CloseReason } from '../peer/connection.ts';
import type { ConnectionId, Endpoint, InfoHash, PieceIndex } from '../torrent/ids.ts';
import type { Saying } from '../wire/saying.ts';
import type { Bitfield } from '../torrent/bitfield.ts';
import type { PauseReason, SwarmEvent } from './event.ts';
import type { Priority } from './picker/picker.ts';

/** A disk that failed: full, read-only, gone, or broken in some other way. */
export type DiskFailure = Exclude<PauseReason, { readonly code: 'asked' }>;

/** What the network does to a connection of this torrent. */
export type WireInput =
  | { readonly type: 'connected'; readonly conn: ConnectionId }
  /** `bytes` are borrowed: they may be overwritten once `handle` has returned. */
  | { readonly type: 'bytes'; readonly conn: ConnectionId; readonly bytes: Uint8Array }
  /** Instead of that in form `values`: what has arrived whole since last time, nothing when only a part did. */
  | { readonly type: 'heard'; readonly conn: ConnectionId; readonly sayings: readonly Saying[] }
  /** So many transmitted bytes have left the process. */
  | { readonly type: 'sent'; readonly conn: ConnectionId; readonly bytes: number }
  /** The socket is gone, or the dial failed. */
  | { readonly type: 'gone'; readonly conn: ConnectionId };

/** Results of jobs, each in answer to the output of that name. */
export type JobInput =
  | {
      readonly type: 'opened';
      readonly have: Bitfield;
      readonly source: 'resume' | 'checked' | 'new';
    }
  | {
      readonly type: 'verified';
      readonly piece: PieceIndex;
      readonly ok: boolean;
      /** SHA-1 of each block in hex, when they were wanted or the piece failed. */
      readonly digests?: readonly string[];
    }
  | { readonly type: 'written'; readonly piece: PieceIndex }
  | {
      readonly type: 'read';
      readonly conn: ConnectionId;
      readonly piece: PieceIndex;
      readonly begin: number;
      readonly block: Uint8Array;
    }
  | {
      readonly type: 'disk-failed';
      readonly failure: DiskFailure;
      /** The piece that could not be written; its blocks are lost. */
      readonly piece?: PieceIndex;
    }
  | { readonly type: 'rechecked'; readonly have: Bitfield }
  | { readonly type: 'closed' }
  | { readonly type: 'announced'; readonly url: string; readonly answer: AnnounceAnswer }
  | { readonly type: 'announce-failed'; readonly url: string; readonly reason: string };

/** What the user of the torrent asks for. */
export type Command =
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'stop' }
  | { readonly type: 'prioritise'; readonly priorities: readonly Priority[] }
  | { readonly type: 'meet'; readonly addresses: readonly Endpoint[] }
  | { readonly type: 'drop'; readonly address: Endpoint };

export type TorrentInput = WireInput | JobInput | Command | { readonly type: 'tick' };

/** What must be done for a connection, in the order given. */
export type WireOutput =
  | { readonly type: 'dial'; readonly conn: ConnectionId; readonly address: Endpoint }
  | { readonly type: 'transmit'; readonly conn: ConnectionId; readonly bytes: Uint8Array }
  /** Instead of that in form `values`; `length` is in bytes on the wire. */
  | {
      readonly type: 'say';
      readonly conn: ConnectionId;
      readonly saying: Saying;
      readonly length: number;
    }
  | { readonly type: 'hang-up'; readonly conn: ConnectionId; readonly reason: CloseReason };

/** Work for disk, hasher and trackers, and news for whoever listens. */
export type JobOutput = { readonly infoHash: InfoHash } & (
  | {
      /** Copy the block into its piece's buffer at once: it is borrowed. */
      readonly type: 'store';
      readonly piece: PieceIndex;
      readonly begin: number;
      readonly block: Uint8Array;
    }
  | { readonly type: 'verify'; readonly piece: PieceIndex; readonly wantDigests: boolean }
  | { readonly type: 'write'; readonly piece: PieceIndex }
  /** Forget the buffer of a piece that failed or was given up. */
  | { readonly type: 'discard'; readonly piece: PieceIndex }
  | {
      readonly type: 'read';
      readonly conn: ConnectionId;
      readonly piece: PieceIndex;
      readonly begin: number;
      readonly length: number;
    }
  /** See what is really on the disk: it has failed, and is said to be well again. */
  | { readonly type: 'recheck' }
  /** Nothing more comes: save progress and close the files. */
  | { readonly type: 'close' }
  | { readonly type: 'announce'; readonly url: string; readonly request: AnnounceRequest }
  | { readonly type: 'event'; readonly event: SwarmEvent }
);

export type TorrentOutput = WireOutput | JobOutput;
