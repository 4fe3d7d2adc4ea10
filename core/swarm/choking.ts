/** Puts the choker's choice into effect: choke and unchoke messages to this torrent's peers (BEP 3). */
import type { Instant } from '../time.ts';
import type { Random } from '../random.ts';
import type { ConnectionId } from '../torrent/ids.ts';
import type { ChokerPeer } from './choker/slots.ts';
import type { Peer, TorrentContext } from './peer.ts';
import type { Peers } from './peers.ts';
import type { Uploads } from './uploads.ts';
import { Choker } from './choker/choker.ts';
import { Concerned } from './concerned.ts';

/** A turn at a seed ends in the middle of a piece, which nobody else can use: with so many before it the loss is small. */
const piecesPerTurn = 4;

export class Choking {
  readonly #torrent: TorrentContext;
  readonly #peers: Peers;
  readonly #uploads: Uploads;
  readonly #choker: Choker;
  readonly #concerned = new Concerned();

  constructor(
    now: Instant,
    torrent: TorrentContext,
    parts: { readonly peers: Peers; readonly uploads: Uploads; readonly random: Random },
  ) {
    this.#torrent = torrent;
    this.#peers = parts.peers;
    this.#uploads = parts.uploads;
    const leastTurnBytes = piecesPerTurn * torrent.pieces.pieceLength;
    this.#choker = new Choker(now, { ...torrent.options, leastTurnBytes }, parts.random);
  }

  get deadline(): Instant | undefined {
    return this.#choker.deadline;
  }

  /** Who holds a slot by chance. */
  get optimistic(): ReadonlySet<ConnectionId> {
    return this.#choker.optimistic;
  }

  /** Runs a round when one is due; before that it only gives free slots away. */
  rechoke(now: Instant): void {
    // Most of the time somebody has become interested, or has left, and there is nothing to give away.
    if (this.#choker.isSettled(now, (conn) => this.#isPlaced(conn))) return;
    this.#torrent.isDeadlineStale = true;
    const concerned = this.#concerned.peers;
    const isSeed = this.#torrent.picker.isComplete;
    // Who pauses serves nobody.
    const candidates = this.#torrent.paused ? [] : concerned.map((peer) => snapshotOf(now, peer));
    const { unchoked } = this.#choker.rechoke(now, candidates, isSeed);
    for (const peer of concerned) {
      const isWelcome = unchoked.has(peer.conn);
      if (isWelcome && peer.wire.amChoking) this.#uploads.unchoke(now, peer);
      if (!isWelcome && !peer.wire.amChoking) this.#choke(now, peer);
    }
  }

  /** To be called when a peer has begun or ceased to want something, or has gone. */
  review(peer: Peer): void {
    this.#concerned.review(peer);
  }

  #choke(now: Instant, peer: Peer): void {
    this.#uploads.choke(now, peer);
    this.#concerned.review(peer);
  }

  /** Whoever holds a slot is still here, and keeps it until the next round. */
  #isPlaced(conn: ConnectionId): boolean {
    const peer = this.#peers.of(conn);
    if (peer === undefined || isUploadOnly(peer) || this.#torrent.paused) return false;
    return peer.wire.peerInterested || !this.#isSomebodyWaiting;
  }

  get #isSomebodyWaiting(): boolean {
    return this.#concerned.peers.some(({ wire }) => wire.peerInterested && wire.amChoking);
  }
}

const snapshotOf = (now: Instant, peer: Peer): ChokerPeer => ({
  conn: peer.conn,
  interested: peer.wire.peerInterested,
  snubbed: peer.isSnubbed,
  downBytesPerSec: peer.down.rate(now),
  upBytesPerSec: peer.up.rate(now),
  connectedAt: peer.connectedAt,
  ...(peer.unchokedAt !== undefined && { unchokedAt: peer.unchokedAt }),
  turnBytes: peer.up.total - peer.upBeforeTurn,
  isChoked: peer.wire.amChoking,
  uploadOnly: isUploadOnly(peer),
});

const isUploadOnly = ({ isSeed, wire }: Peer): boolean =>
  isSeed || wire.remoteExtensions?.uploadOnly === true;
