/** Serving requests: the queue of each peer, what is refused, and how fast blocks are let out (BEP 3, BEP 6). */
import type { Instant } from '../time.ts';
import type { BlockRef } from '../torrent/pieces.ts';
import type { PieceIndex } from '../torrent/ids.ts';
import type { Peer, TorrentContext } from './peer.ts';
import type { SuperSeeding } from './super-seeding.ts';
import { allowedFastSet } from '../wire/allowed-fast.ts';

/** Requests a choked peer may send before it is dropped: those of one deep pipeline may cross our choke. */
export const maxRequestsWhileChoked = 600;

/** Pieces a newcomer may fetch while choked (BEP 6 suggests 10). */
export const allowedFastCount = 10;

/** How often each block of an allowed-fast piece is served to a choked peer before it counts as abuse. */
export const maxAllowedFastServings = 3;

/** A block with its bytes, as it was read from the disk. */
export type BlockBytes = {
  readonly piece: PieceIndex;
  readonly begin: number;
  readonly block: Uint8Array;
};

export class Uploads {
  readonly #torrent: TorrentContext;
  readonly #superSeeding: SuperSeeding;
  /** Payload sent, in bytes. */
  bytesUp = 0;

  constructor(torrent: TorrentContext, superSeeding: SuperSeeding) {
    this.#torrent = torrent;
    this.#superSeeding = superSeeding;
  }

  /** Takes a request. Returns false when the peer asks so much in vain that it must go. */
  requested(now: Instant, peer: Peer, block: BlockRef): boolean {
    const { have, options } = this.#torrent;
    if (peer.wire.amChoking && !this.#isAllowedFast(peer, block.piece)) {
      peer.requestsWhileChoked += 1;
      this.#reject(now, peer, block);
      return peer.requestsWhileChoked <= maxRequestsWhileChoked && !this.#isAbusing(peer, block);
    }
    const isKnown = have.has(block.piece) && this.#superSeeding.hasShown(peer.conn, block.piece);
    if (!isKnown || peer.queue.length >= options.maxQueuedRequests) {
      this.#reject(now, peer, block);
      return peer.conduct.refused();
    }
    peer.queue.push(block);
    return true;
  }

  /** Withdraws a request that is still queued; one that is being read is answered all the same. */
  cancelled(now: Instant, peer: Peer, block: BlockRef): void {
    const at = peer.queue.findIndex((queued) => isSameBlock(queued, block));
    if (at < 0) return;
    peer.queue.splice(at, 1);
    this.#reject(now, peer, block);
  }

  /** Starts reading for `peer` what its socket and its rate allow, at most `maxBlocks`. Returns how many blocks. */
  serve(now: Instant, peer: Peer, maxBlocks: number = Infinity): number {
    const { emit, infoHash, limits, paused } = this.#torrent;
    if (paused) return 0;
    const { conn, queue } = peer;
    let taken = 0;
    for (let block = queue[0]; block !== undefined && taken < maxBlocks; block = queue[0]) {
      const { piece, begin, length } = block;
      if (!peer.room.admits(peer.readingBytes) || !limits.takeUp(now, conn, length)) break;
      taken += 1;
      queue.shift();
      peer.readingBytes += length;
      emit({ type: 'read', infoHash, conn, piece, begin, length });
    }
    return taken;
  }

  /** Serves the peers a block at a time in turn, so that a tight limit is shared fairly. */
  serveAll(now: Instant, peers: readonly Peer[]): void {
    let waiting = peers.filter((peer) => peer.queue.length > 0);
    while (waiting.length > 0) waiting = waiting.filter((peer) => this.serve(now, peer, 1) > 0);
  }

  /** The bytes of a block are here: out with them. */
  read(now: Instant, peer: Peer, { piece, begin, block }: BlockBytes): void {
    const { send, tell } = this.#torrent;
    peer.readingBytes = Math.max(0, peer.readingBytes - block.length);
    peer.up.add(now, block.length);
    peer.conduct.served();
    this.bytesUp += block.length;
    if (begin === 0 && peer.peerId !== undefined)
      tell({ type: 'served', piece, begin, length: block.length, peerId: peer.peerId });
    send(now, peer, { type: 'piece', piece, begin, block });
    this.#superSeeding.sent(now, peer, { piece, begin });
  }

  /** The disk could not give the blocks being read: their requests are refused. */
  readFailed(now: Instant, peer: Peer): void {
    peer.readingBytes = 0;
    this.#rejectQueued(now, peer);
  }

  choke(now: Instant, peer: Peer): void {
    this.#torrent.send(now, peer, { type: 'choke' });
    this.#rejectQueued(now, peer);
    if (peer.peerId !== undefined)
      this.#torrent.tell({ type: 'choked', peerId: peer.peerId, by: 'us' });
  }

  unchoke(now: Instant, peer: Peer): void {
    this.#torrent.send(now, peer, { type: 'unchoke' });
    peer.unchokedAt = now;
    peer.upBeforeTurn = peer.up.total;
    peer.requestsWhileChoked = 0;
    if (peer.peerId !== undefined)
      this.#torrent.tell({ type: 'unchoked', peerId: peer.peerId, by: 'us' });
  }

  /**
   * Lets a newcomer fetch a few pieces while it is choked, so that it has something to trade (BEP 6). Not while we
   * have what nobody else here has: the seed of a young crowd would spend its line on giving everybody the same pieces.
   */
  allowFast(now: Instant, peer: Peer): void {
    const { have, infoHash, pieces, self } = this.#torrent;
    if (!peer.wire.fast || peer.has.size >= allowedFastCount || have.isEmpty) return;
    if (this.#superSeeding.isGuest(peer.conn) || this.#isAloneWithAnything) return;
    const set = allowedFastSet({
      ip: peer.address.ip,
      infoHash,
      pieceCount: pieces.count,
      count: allowedFastCount,
      sha1: self.sha1,
    });
    for (const piece of set) {
      if (!have.has(piece) || peer.allowedToThem.has(piece)) continue;
      peer.allowedToThem.set(piece, 0);
      this.#torrent.send(now, peer, { type: 'allowed-fast', piece });
    }
  }

  get #isAloneWithAnything(): boolean {
    const { have, picker } = this.#torrent;
    for (const piece of have.ones()) if (picker.availability(piece) === 0) return true;
    return false;
  }

  #isAllowedFast(peer: Peer, piece: PieceIndex): boolean {
    const served = peer.allowedToThem.get(piece);
    if (served === undefined) return false;
    peer.allowedToThem.set(piece, served + 1);
    return served < maxAllowedFastServings * this.#torrent.pieces.blockCount(piece);
  }

  /** It asks for what it was allowed, and has had it all as often as it may. */
  #isAbusing(peer: Peer, { piece }: BlockRef): boolean {
    return peer.allowedToThem.has(piece);
  }

  #rejectQueued(now: Instant, peer: Peer): void {
    for (const block of peer.queue.splice(0)) this.#reject(now, peer, block);
  }

  #reject(now: Instant, peer: Peer, block: BlockRef): void {
    if (peer.wire.fast) this.#torrent.send(now, peer, { type: 'reject', ...block });
  }
}

const isSameBlock = (a: BlockRef, b: BlockRef): boolean =>
  a.piece === b.piece && a.begin === b.begin && a.length === b.length;
