/** One remote peer as its torrent sees it: the connection, its pace, and what each side waits for. */
import type { Instant } from '../time.ts';
import type { BlockRef, Pieces } from '../torrent/pieces.ts';
import { Bitfield } from '../torrent/bitfield.ts';
import type { ConnectionId, Endpoint, InfoHash, PeerId, PieceIndex, Sha1 } from '../torrent/ids.ts';
import type { Message } from '../wire/message.ts';
import type { PeerConnection } from '../peer/connection.ts';
import { Conduct } from './offences.ts';
import type { Picker } from './picker/picker.ts';
import type { RateLimits } from './rate-limits.ts';
import type { SwarmEvent } from './event.ts';
import type { TorrentOptions } from './options.ts';
import type { TorrentOutput } from './jobs.ts';
import { millis } from '../time.ts';
import { Pipeline } from '../peer/pipeline.ts';
import { RateMeter } from '../peer/rate.ts';
import { SendRoom } from './send-room.ts';

/** Who the local peer is, in every torrent alike. */
export type Self = {
  readonly peerId: PeerId;
  /** Where others can reach us; `ip` only when it was given for announcing. */
  readonly listenPort: number;
  readonly announceIp?: string;
  /** Proves to a tracker that we are who we were, whatever our address (BEP 7). */
  readonly key: string;
  readonly clientVersion: string;
  readonly sha1: Sha1;
};

/** `SwarmEvent` without the info hash, variant by variant. */
export type TorrentEvent = SwarmEvent extends infer Event
  ? Event extends SwarmEvent
    ? Omit<Event, 'infoHash'>
    : never
  : never;

/** What the parts of one torrent share. What is not read-only changes in its life. */
export type TorrentContext = {
  readonly infoHash: InfoHash;
  readonly self: Self;
  readonly options: TorrentOptions;
  readonly pieces: Pieces;
  readonly picker: Picker;
  readonly limits: RateLimits;
  /** Pieces that are verified and on the disk: all we announce and serve. */
  have: Bitfield;
  paused: boolean;
  /** Something has happened that may have moved the torrent's deadline. */
  isDeadlineStale: boolean;
  readonly emit: (output: TorrentOutput) => void;
  readonly tell: (event: TorrentEvent) => void;
  readonly send: (now: Instant, peer: Peer, message: Message) => void;
};

export type PeerSpec = Pick<Peer, 'conn' | 'address' | 'outgoing' | 'wire'>;

export class Peer {
  readonly conn: ConnectionId;
  readonly address: Endpoint;
  readonly outgoing: boolean;
  readonly wire: PeerConnection;
  readonly pipeline: Pipeline;
  readonly down: RateMeter;
  readonly up: RateMeter;
  readonly conduct: Conduct = new Conduct();
  readonly connectedAt: Instant;
  /** Counts the peers of this torrent; set by `Peers`. */
  number = 0;
  /** It serves us, be it only some pieces; kept by `Peers`, since it is asked of every peer for every message. */
  isServing = false;
  /** The connection has ended: nothing more is heard or told. */
  isGone = false;
  /** It took our call. */
  hasAnswered = false;
  /** Set when both handshakes are through. */
  peerId: PeerId | undefined;
  /** Where the peer listens, once it has said so (BEP 10, `p`); until then where it called from. */
  listensAt: Endpoint;
  /** What the peer holds, message by message; the picker knows exactly this. */
  has: Bitfield;
  /** Requests that wait for us, oldest first. */
  readonly queue: BlockRef[] = [];
  /** Bytes being read from disk for this peer. */
  readingBytes = 0;
  /** What may be read and handed to the socket ahead of the line. */
  readonly room: SendRoom;
  /** What we have and have not told it yet; kept by `Haves`. */
  readonly heldHaves: PieceIndex[] = [];
  /** Of the first of them. */
  holdsSince: Instant;
  unchokedAt: Instant | undefined;
  /** Payload sent to it before we last unchoked it, in bytes. */
  upBeforeTurn = 0;
  /** When we last had a block we wanted from it, or began to ask for one. */
  lastBlockAt: Instant;
  /** It owes us blocks and sends none. One block ends that. */
  isSnubbed = false;
  /** When either side was last interested in the other. */
  lastUsefulAt: Instant;
  /** Pieces the peer may ask for while choked, and how many blocks of each it has had (BEP 6). */
  readonly allowedToThem: Map<PieceIndex, number> = new Map();
  /** Pieces we may ask for while choked (BEP 6). */
  readonly allowedToUs: Set<PieceIndex> = new Set();
  /** Requests that came while we choked the peer: a few cross our choke on the wire, many are abuse. */
  requestsWhileChoked = 0;

  constructor(now: Instant, spec: PeerSpec, { options, pieces }: TorrentContext) {
    this.has = new Bitfield(pieces.count);
    this.conn = spec.conn;
    this.address = spec.address;
    this.listensAt = spec.address;
    this.outgoing = spec.outgoing;
    this.wire = spec.wire;
    this.room = new SendRoom(options.maxUnsentBytes);
    this.pipeline = new Pipeline({ maxBlocks: options.maxPipelineBlocks });
    // Two rounds of choking, as mainline has it: rates are measured to choose by.
    const window = millis(2 * options.rechokeEvery);
    this.down = new RateMeter(window);
    this.up = new RateMeter(window);
    this.connectedAt = now;
    this.holdsSince = now;
    this.lastBlockAt = now;
    this.lastUsefulAt = now;
  }

  get isReady(): boolean {
    return this.peerId !== undefined;
  }

  get isSeed(): boolean {
    return this.has.isFull;
  }
}
