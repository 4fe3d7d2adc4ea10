/** What is done about each message of a peer (BEP 3, BEP 6, BEP 54). Only dispatches. */
import type { Instant } from '../time.ts';
import type { PieceIndex } from '../torrent/ids.ts';
import type { BlockRef } from '../torrent/pieces.ts';
import type { Message } from '../wire/message.ts';
import type { CloseReason } from '../peer/close-reason.ts';
import type { Choking } from './choking.ts';
import type { Downloads } from './downloads.ts';
import type { Haves } from './haves.ts';
import type { Peer, TorrentContext } from './peer.ts';
import type { Peers } from './peers.ts';
import type { SuperSeeding } from './super-seeding.ts';
import type { Uploads } from './uploads.ts';
import { never } from '../never.ts';
import { Bitfield } from '../torrent/bitfield.ts';

export type ExchangeParts = {
  readonly peers: Peers;
  readonly haves: Haves;
  readonly downloads: Downloads;
  readonly uploads: Uploads;
  readonly choking: Choking;
  readonly superSeeding: SuperSeeding;
  readonly close: (now: Instant, peer: Peer, reason: CloseReason) => void;
};

export class Exchange {
  readonly #torrent: TorrentContext;
  readonly #parts: ExchangeParts;

  constructor(torrent: TorrentContext, parts: ExchangeParts) {
    this.#torrent = torrent;
    this.#parts = parts;
  }

  /** The first thing a new peer hears is what we have. */
  welcome(now: Instant, peer: Peer): void {
    const { have, picker, send } = this.#torrent;
    picker.peerJoined(peer.conn, peer.has);
    if (this.#parts.superSeeding.isHiding) this.#parts.superSeeding.welcome(now, peer);
    else if (peer.wire.fast && have.isFull) send(now, peer, { type: 'have-all' });
    else if (peer.wire.fast && have.isEmpty) send(now, peer, { type: 'have-none' });
    else if (!have.isEmpty) send(now, peer, { type: 'bitfield', bits: have.toBytes() });
  }

  // prettier-ignore
  received(now: Instant, peer: Peer, message: Message): void {
    const { downloads, uploads } = this.#parts;
    const { pieces } = this.#torrent;
    switch (message.type) {
      case 'choke':          return this.#choked(peer);
      case 'unchoke':        return this.#unchoked(now, peer);
      case 'interested':
      case 'not-interested': return this.#reviewSlots(now, peer);
      case 'have':           return this.#gained(now, peer, message.piece);
      case 'bitfield':       return this.#holds(now, peer, Bitfield.fromBytes(message.bits, pieces.count));
      case 'have-all':       return this.#holds(now, peer, Bitfield.full(pieces.count));
      case 'have-none':      return this.#holds(now, peer, new Bitfield(pieces.count));
      case 'request':        return this.#requested(now, peer, message);
      case 'cancel':         return uploads.cancelled(now, peer, refOf(message));
      case 'piece':          return this.#brought(now, peer, message);
      case 'reject':         return downloads.rejected(peer, message);
      case 'allowed-fast':   return this.#allowed(peer, message.piece);
      case 'suggest':
      case 'extended':
      case 'unknown':        return;
      default:               return never(message);
    }
  }

  /** All that one read brought is known: ask for what is now wanted, serve what was asked for. */
  settled(now: Instant, peer: Peer): void {
    if (peer.wire.amInterested || peer.wire.peerInterested) peer.lastUsefulAt = now;
    if (peer.heldHaves.length > 0) this.#parts.haves.review(now, peer);
    if (peer.isServing) this.#parts.downloads.fill(now, peer);
    if (peer.queue.length > 0) this.#parts.uploads.serve(now, peer);
  }

  /** BEP 54: the peer no longer has the piece. */
  lost(now: Instant, peer: Peer, piece: PieceIndex): void {
    if (!peer.has.has(piece)) return;
    peer.has.clear(piece);
    this.#torrent.picker.peerLost(peer.conn, piece);
    this.#parts.downloads.review(now, peer);
  }

  ended(now: Instant, peer: Peer): void {
    this.#torrent.picker.peerLeft(peer.conn, peer.has);
    this.#parts.superSeeding.left(now, peer.conn);
    this.#parts.choking.review(peer);
    this.#parts.choking.rechoke(now);
    this.#parts.downloads.fillAll(now);
  }

  /** Two peers that both have everything have nothing to say to each other. */
  partFromSeed(now: Instant, peer: Peer): void {
    if (peer.isSeed && this.#torrent.have.isFull) this.#parts.close(now, peer, 'both-seeds');
  }

  #requested(
    now: Instant,
    peer: Peer,
    message: Extract<Message, { readonly type: 'request' }>,
  ): void {
    if (!this.#parts.uploads.requested(now, peer, refOf(message)))
      this.#parts.close(now, peer, 'request-flood');
  }

  #brought(now: Instant, peer: Peer, message: Extract<Message, { readonly type: 'piece' }>): void {
    if (!this.#parts.downloads.received(now, peer, message))
      this.#parts.close(now, peer, 'block-flood');
  }

  #reviewSlots(now: Instant, peer: Peer): void {
    this.#parts.choking.review(peer);
    this.#parts.choking.rechoke(now);
  }

  #allowed(peer: Peer, piece: PieceIndex): void {
    peer.allowedToUs.add(piece);
    this.#parts.peers.reviewServing(peer);
  }

  #choked(peer: Peer): void {
    this.#parts.peers.reviewServing(peer);
    // With BEP 6 every open request is answered one by one, by a block or a reject.
    if (!peer.wire.fast) peer.conduct.gaveUp(this.#torrent.picker.choked(peer.conn).length);
    if (peer.peerId !== undefined)
      this.#torrent.tell({ type: 'choked', peerId: peer.peerId, by: 'them' });
  }

  #unchoked(now: Instant, peer: Peer): void {
    this.#parts.peers.reviewServing(peer);
    peer.lastBlockAt = now;
    if (peer.peerId !== undefined)
      this.#torrent.tell({ type: 'unchoked', peerId: peer.peerId, by: 'them' });
  }

  #gained(now: Instant, peer: Peer, piece: PieceIndex): void {
    if (peer.has.has(piece)) return;
    peer.has.set(piece);
    this.#torrent.picker.peerGained(piece);
    this.#parts.superSeeding.seen(now, peer, piece);
    // Nothing else of the peer has become of interest.
    if (!peer.wire.amInterested && this.#torrent.picker.isMissing(piece))
      this.#parts.downloads.review(now, peer);
    this.partFromSeed(now, peer);
  }

  #holds(now: Instant, peer: Peer, has: Bitfield | undefined): void {
    // The connection has checked the length and the spare bits: there is always a bitfield here.
    if (has === undefined) return;
    if (peer.has.isEmpty) {
      peer.has = has;
      this.#torrent.picker.peerJoined(peer.conn, has);
      this.#parts.uploads.allowFast(now, peer);
      if (this.#parts.superSeeding.isHiding)
        for (const piece of has.ones()) this.#parts.superSeeding.seen(now, peer, piece);
    } else this.#holdsNow(now, peer, has);
    this.#parts.downloads.review(now, peer);
    this.partFromSeed(now, peer);
  }

  /** Against BEP 3, aria2 sends its bitfield again where many haves would be longer. */
  #holdsNow(now: Instant, peer: Peer, has: Bitfield): void {
    for (const piece of has.ones()) this.#gained(now, peer, piece);
    for (const piece of peer.has.clone().ones()) if (!has.has(piece)) this.lost(now, peer, piece);
  }
}

/** The block that a message is about, without the message's own fields. */
const refOf = ({ piece, begin, length }: BlockRef): BlockRef => ({ piece, begin, length });
