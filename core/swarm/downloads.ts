/** Getting pieces: what to ask of whom, what to do with what comes, and whom to blame for what was bad. */
import type { Instant } from '../time.ts';
import type { BlockRef } from '../torrent/pieces.ts';
import { PieceIndex } from '../torrent/ids.ts';
import type { Bitfield } from '../torrent/bitfield.ts';
import type { Message } from '../wire/message.ts';
import type { Peer, TorrentContext } from './peer.ts';
import type { Haves } from './haves.ts';
import type { JobInput } from './jobs.ts';
import type { Peers } from './peers.ts';
import type { BlockOfPeer, Priority } from './picker/picker.ts';
import { after, millis } from '../time.ts';
import { Backlog } from './backlog.ts';
import { EarliestDue } from './earliest-due.ts';
import { isWorthAsking } from '../peer/pipeline.ts';
import { blockBytes } from '../torrent/pieces.ts';
import { ltDonthave } from '../wire/extensions/lt-donthave.ts';
import { SmartBan, byBegin } from './bans.ts';

/** Two pieces may always be begun, however long they are, or large pieces could not be downloaded at all. */
const minBegunPieces = 2;

type Verified = Extract<JobInput, { readonly type: 'verified' }>;
type PieceMessage = Extract<Message, { readonly type: 'piece' }>;

export class Downloads {
  readonly #torrent: TorrentContext;
  readonly #peers: Peers;
  readonly #haves: Haves;
  readonly #bans = new SmartBan();
  readonly #backlog: Backlog;
  /** When a request may be too old, or a peer be found to snub us. */
  readonly #due = new EarliestDue();
  #pending = 0;
  /** As they were when everybody was last asked. */
  #openings = -1;
  /** Payload received, in bytes; what was thrown away counts too. */
  bytesDown = 0;
  bytesWasted = 0;

  constructor(torrent: TorrentContext, peers: Peers, haves: Haves) {
    this.#torrent = torrent;
    this.#peers = peers;
    this.#haves = haves;
    this.#backlog = new Backlog(torrent.options.requestLimit);
    this.#due.include(-Infinity as Instant);
  }

  /** Pieces that are being verified or written. */
  get pending(): number {
    return this.#pending;
  }

  /** Tells the peer whether we want anything it has. */
  review(now: Instant, peer: Peer): void {
    if (!peer.isReady) return;
    const { paused, picker, send } = this.#torrent;
    const wanted = !paused && picker.isInteresting(peer.has);
    if (wanted === peer.wire.amInterested) return;
    send(now, peer, { type: wanted ? 'interested' : 'not-interested' });
  }

  /** Asks the peer for as many blocks as its pipeline still holds. */
  fill(now: Instant, peer: Peer): void {
    if (!peer.isServing || this.#torrent.paused || !peer.isReady || !peer.wire.amInterested) return;
    const allowed = peer.wire.peerChoking ? peer.allowedToUs : undefined;
    const open = this.#torrent.picker.requestsOf(peer.conn);
    const depth = peer.isSnubbed ? 1 : peer.pipeline.depth(now);
    if (!isWorthAsking(open, depth)) return;
    const granted = this.#backlog.grant(now, depth - open, this.#torrent.picker.requests);
    const count = this.#affordable(now, peer, granted);
    if (count <= 0) return;
    const blocks = this.#torrent.picker.choose(peer.conn, {
      has: peer.has,
      count,
      now,
      newPieces: this.#room,
      ...(allowed !== undefined && { allowed }),
    });
    if (blocks.length === 0) return;
    // Patience starts when something is owed: before that, silence was no snub.
    if (open === 0) peer.lastBlockAt = now;
    this.#request(now, peer, blocks);
  }

  fillAll(now: Instant): void {
    this.#backlog.forget();
    for (const peer of this.#peers.servingInTurn()) this.fill(now, peer);
    this.#openings = this.#torrent.picker.openings;
  }

  /** The same, unless each would be asked for nothing: what it brings itself is followed by more, and nothing has become free for others. */
  fillIdle(now: Instant): void {
    const { limits, picker } = this.#torrent;
    const isAsFilled = picker.openings === this.#openings && !limits.isDownLimited;
    if (isAsFilled && !this.#backlog.hasRefused && !picker.inEndgame && !picker.hasSuspects)
      this.#peers.skipTurn();
    else this.fillAll(now);
  }

  /** Returns false when the peer brings so much that nobody asked for that it must go. */
  received(now: Instant, peer: Peer, message: PieceMessage): boolean {
    const wasAsked = this.#received(now, peer, message);
    return wasAsked || peer.conduct.broughtUnasked();
  }

  /** Returns whether somebody waited for it, be it long ago. Who is spared it is asked for another, if there is one. */
  #received(now: Instant, peer: Peer, message: PieceMessage): boolean {
    const { emit, infoHash, picker } = this.#torrent;
    const { piece, begin, block } = message;
    const ref: BlockRef = { piece, begin, length: block.length };
    this.bytesDown += block.length;
    peer.down.add(now, block.length);
    this.#backlog.arrived(now, block.length);
    peer.pipeline.arrived(now, block.length);
    const { asked, wanted, alsoAsked, pieceDone } = picker.arrived(peer.conn, ref, this.#hasRoom);
    if (!wanted) {
      this.#wasted(block.length, asked ? 'duplicate' : 'unrequested');
      return asked;
    }
    peer.lastBlockAt = now;
    peer.isSnubbed = false;
    emit({ type: 'store', infoHash, piece, begin, block });
    for (const conn of alsoAsked) this.#cancel(now, this.#peers.of(conn), ref);
    const spared = picker.inEndgame ? [] : alsoAsked.flatMap((conn) => this.#peers.of(conn) ?? []);
    for (const other of spared) this.fill(now, other);
    if (!pieceDone) return asked;
    this.#pending += 1;
    emit({ type: 'verify', infoHash, piece, wantDigests: this.#bans.isBlamed(piece) });
    return asked;
  }

  /** The hash of a piece is known. Returns the addresses that are proved to have lied. */
  verified(now: Instant, { piece, ok, digests = [] }: Verified): readonly string[] {
    const { emit, infoHash, picker } = this.#torrent;
    if (ok) {
      emit({ type: 'write', infoHash, piece });
      return this.#bans.settle(piece, byBegin(digests));
    }
    const blocks = picker.sendersOf(piece);
    const from = this.#peers.addressesOf(blocks.map(({ conn }) => conn));
    // Whoever cannot be named, or whose block has no digest, is not accused.
    const senders = blocks.map(({ conn, block: { begin } }) => ({
      peer: this.#peers.ipOf(conn),
      begin,
      digest: digests[begin / blockBytes],
    }));
    this.#pending -= 1;
    emit({ type: 'discard', infoHash, piece });
    this.#torrent.tell({ type: 'piece-failed', piece, from });
    this.#wasted(this.#torrent.pieces.lengthOf(piece), 'failed');
    this.#giveUp(now, picker.pieceFailed(piece));
    this.fillAll(now);
    return this.#bans.blame(piece, senders);
  }

  /** The piece is on the disk: from now on it is ours to announce and serve. */
  written(now: Instant, piece: PieceIndex): void {
    const { have, picker, tell } = this.#torrent;
    this.#pending -= 1;
    have.set(piece);
    picker.pieceVerified(piece);
    tell({ type: 'piece-verified', piece, piecesHave: have.size });
    tell({ type: 'have-announced', piece });
    for (const peer of this.#peers.ready()) {
      if (!peer.has.has(piece)) this.#haves.tell(now, peer, piece);
      else if (peer.wire.amInterested) this.review(now, peer);
    }
    this.fillAll(now);
  }

  /** A piece could not be written: its blocks are gone, nobody is to blame. */
  lost(now: Instant, piece: PieceIndex): void {
    const { emit, infoHash, picker } = this.#torrent;
    emit({ type: 'discard', infoHash, piece });
    this.#giveUp(now, picker.pieceDropped(piece));
    this.#pending -= 1;
  }

  /** What is wanted has changed: begun pieces that no longer are, are given up. */
  prioritise(now: Instant, priorities: readonly Priority[]): void {
    priorities.forEach((priority, piece) => {
      this.#giveUp(now, this.#torrent.picker.setPriority(PieceIndex(piece), priority));
    });
  }

  /** What a recheck has found: pieces that are gone are missing again, and no longer announced (BEP 54). */
  found(now: Instant, have: Bitfield): void {
    const torrent = this.#torrent;
    for (const piece of torrent.have.ones()) {
      if (have.has(piece)) continue;
      torrent.picker.lostPiece(piece);
      for (const peer of this.#peers.ready()) this.#unannounce(now, peer, piece);
    }
    torrent.have = have;
  }

  /** Frees requests that have waited too long, so that others are asked, and sees who snubs us (BEP 3). */
  expire(now: Instant): void {
    if (this.#due.isDue(now)) this.#expireLate(now);
    if (this.#room === 0) this.#makeRoom(now);
  }

  #expireLate(now: Instant): void {
    const { options, picker } = this.#torrent;
    const { requestLimit, snubbedAfter } = options;
    this.#due.restart();
    // Whoever is asked, or sends a block, from now on is not late before that.
    this.#due.include(after(now, millis(Math.min(requestLimit, snubbedAfter))));
    for (const peer of this.#peers.ready()) {
      if (picker.requestsOf(peer.conn) === 0) continue;
      const isLate = after(peer.lastBlockAt, snubbedAfter) <= now;
      const freed = picker.expire(peer.conn, (now - requestLimit) as Instant);
      peer.conduct.gaveUp(freed.length);
      if (freed.length > 0) peer.pipeline.expired();
      if (isLate || freed.length > 0) peer.isSnubbed = true;
      const oldest = picker.askedSince(peer.conn);
      if (oldest !== undefined) this.#due.include(after(oldest, requestLimit));
      if (!peer.isSnubbed) this.#due.include(after(peer.lastBlockAt, snubbedAfter));
    }
  }

  /** The peer will not send the block (BEP 6). One that says so while it serves us is asked for little. */
  rejected(peer: Peer, block: BlockRef): void {
    this.#torrent.picker.rejected(peer.conn, block);
    if (!peer.wire.peerChoking) peer.isSnubbed = true;
  }

  /** Withdraws everything asked of the peer. */
  cancelAll(now: Instant, peer: Peer): void {
    const blocks = this.#torrent.picker.choked(peer.conn);
    this.#giveUp(
      now,
      blocks.map((block) => ({ conn: peer.conn, block })),
    );
  }

  /** A begun piece that nobody here can complete gives its place to one that somebody can. */
  #makeRoom(now: Instant): void {
    const { emit, infoHash, picker } = this.#torrent;
    const piece = picker.unobtainable();
    if (piece === undefined) return;
    emit({ type: 'discard', infoHash, piece });
    this.#giveUp(now, picker.pieceDropped(piece));
  }

  #unannounce(now: Instant, peer: Peer, piece: PieceIndex): void {
    const extendedId = peer.wire.remoteExtensions?.ids.get(ltDonthave.name);
    if (extendedId === undefined) return;
    const payload = ltDonthave.encode({ type: 'lost', piece });
    this.#torrent.send(now, peer, { type: 'extended', extendedId, payload });
  }

  /** How many pieces may be begun before others are written. */
  get #room(): number {
    const { options, picker, pieces } = this.#torrent;
    const fitting = Math.floor((options.maxBufferedBytes - picker.begunBytes) / pieces.pieceLength);
    return Math.max(0, fitting, minBegunPieces - picker.begunPieces);
  }

  readonly #hasRoom = (): boolean => this.#room > 0;

  #request(now: Instant, peer: Peer, blocks: readonly BlockRef[]): void {
    const { limits, send } = this.#torrent;
    for (const { piece, begin, length } of blocks) {
      limits.takeDown(now, peer.conn, length);
      send(now, peer, { type: 'request', piece, begin, length });
    }
    peer.pipeline.requested(now, blocks.length);
  }

  #affordable(now: Instant, peer: Peer, count: number): number {
    if (count <= 0) return 0;
    const { limits } = this.#torrent;
    const blocks = Math.floor(limits.downAvailable(now, peer.conn) / blockBytes);
    if (blocks >= count) return count;
    // Asking in vain for one block tells the limiter to wake us when there is room for it.
    if (blocks === 0) limits.takeDown(now, peer.conn, blockBytes);
    return blocks;
  }

  /** They may be asked for again. */
  #giveUp(now: Instant, requests: readonly BlockOfPeer[]): void {
    for (const { conn, block } of requests) {
      const peer = this.#peers.of(conn);
      peer?.conduct.gaveUp(1);
      this.#cancel(now, peer, block);
    }
  }

  #cancel(now: Instant, peer: Peer | undefined, block: BlockRef): void {
    if (peer !== undefined) this.#torrent.send(now, peer, { type: 'cancel', ...block });
  }

  #wasted(bytes: number, why: 'duplicate' | 'unrequested' | 'failed'): void {
    this.bytesWasted += bytes;
    this.#torrent.tell({ type: 'wasted', bytes, why });
  }
}
