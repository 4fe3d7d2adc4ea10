/** Which block to ask of whom (BEP 3, "rarest first", strict priority, end game). */
import type { Random } from '../../random.ts';
import type { Instant } from '../../time.ts';
import type { Bitfield } from '../../torrent/bitfield.ts';
import type { ConnectionId, PieceIndex } from '../../torrent/ids.ts';
import type { BlockRef, Pieces } from '../../torrent/pieces.ts';
import { Availability } from './availability.ts';
import type { BegunPiece } from './begun-piece.ts';
import { BlockChoice, type ChooseOptions } from './block-choice.ts';
import type { PiecePolicy } from '../options.ts';
import { PieceStates, type Priority } from './piece-states.ts';
import { anyOrder, rankOf, type Rank } from './policy.ts';
import { type BlockOfPeer, Requests } from './requests.ts';

export type { BlockOfPeer, ChooseOptions, Priority };

export type PickerOptions = {
  readonly pieces: Pieces;
  readonly random: Random;
  readonly policy: PiecePolicy;
  /** Rarest first begins only after so many pieces, so that there is soon something to trade. */
  readonly randomFirstPieces: number;
  /** Whether the last blocks may be asked of several peers. True unless said. */
  readonly endgame?: boolean;
};

export type Arrival = {
  /** Keep the block. False if we have it or did not ask this peer for it. */
  readonly wanted: boolean;
  /** Whether this peer had been asked for it, be it long ago. */
  readonly asked: boolean;
  /** Whom to send a cancel; the picker no longer waits for them. */
  readonly alsoAsked: readonly ConnectionId[];
  /** The piece has all of its blocks now and waits for `pieceVerified` or `pieceFailed`. */
  readonly pieceDone: boolean;
};

const unasked: Arrival = { wanted: false, asked: false, alsoAsked: [], pieceDone: false };
const unwanted: Arrival = { ...unasked, asked: true };

/** Knows every piece's state, every peer's pieces and every open request of one torrent. */
export class Picker {
  readonly #states: PieceStates;
  readonly #requests: Requests;
  readonly #availability: Availability;
  readonly #rank: Rank;
  readonly #randomFirstPieces: number;
  readonly #isRarestFirst: boolean;
  readonly #endgame: boolean;

  constructor({ pieces, random, policy, randomFirstPieces, endgame = true }: PickerOptions) {
    this.#endgame = endgame;
    this.#isRarestFirst = policy === 'rarest-first';
    this.#randomFirstPieces = policy === 'rarest-first' ? randomFirstPieces : 0;
    this.#rank = rankOf(policy, (piece) => this.#availability.ofLeeches(piece));
    this.#availability = new Availability(pieces.count, (piece) => {
      this.#states.candidates.rerank(piece);
    });
    const rank = this.#randomFirstPieces > 0 ? anyOrder : this.#rank;
    this.#states = new PieceStates(pieces, { rank, random });
    this.#requests = new Requests(pieces, this.#states);
  }

  /** Every wanted piece is verified. */
  get isComplete(): boolean {
    return this.#states.wantedMissing.isEmpty;
  }

  /** Wanted pieces that are not verified. */
  get missing(): number {
    return this.#states.wantedMissing.size;
  }

  /** Pieces begun and not yet verified, pending ones included. */
  get begunPieces(): number {
    return this.#states.begun.count;
  }

  /** The length of those pieces: what their buffers may take, in bytes. */
  get begunBytes(): number {
    return this.#states.begun.bytes;
  }

  /** Every missing block of every wanted piece has been asked of somebody. */
  get inEndgame(): boolean {
    const { candidates, begun } = this.#states;
    return this.#endgame && candidates.size === 0 && begun.isAllAsked;
  }

  /** Grows when a block or a piece has become free to be asked for, be it by others than before. */
  get openings(): number {
    return this.#states.candidates.additions + this.#states.begun.releases;
  }

  /** Pieces have failed, of which each is asked of one peer at a time. */
  get hasSuspects(): boolean {
    return !this.#states.suspects.isEmpty;
  }

  /** How many of the peers hold the piece. */
  availability(piece: PieceIndex): number {
    return this.#availability.of(piece);
  }

  /** How many blocks are waited for, of all peers together; one that is asked of two counts twice. */
  get requests(): number {
    return this.#requests.open;
  }

  /** How many blocks the peer has been asked for and is waited for. */
  requestsOf(conn: ConnectionId): number {
    return this.#requests.find(conn)?.size ?? 0;
  }

  /** When the oldest of them was asked for; undefined when there are none. */
  askedSince(conn: ConnectionId): Instant | undefined {
    return this.#requests.find(conn)?.oldest;
  }

  /** Whether a peer with these pieces has one that we want and have not verified. */
  isInteresting(has: Bitfield): boolean {
    return has.hasAnyOf(this.#states.wantedMissing);
  }

  /** Whether we want the piece and have not verified it. */
  isMissing(piece: PieceIndex): boolean {
    return this.#states.wantedMissing.has(piece);
  }

  /** What is verified on disk. Call it at the start, before anything is chosen. */
  setHave(have: Bitfield): void {
    for (const piece of have.ones()) this.pieceVerified(piece);
  }

  /** Priority 0 gives up a begun piece: drop its blocks and cancel the requests returned. */
  setPriority(piece: PieceIndex, priority: Priority): readonly BlockOfPeer[] {
    const begun = this.#states.begun.find(piece);
    const isGivenUp = priority === 0 && begun !== undefined && begun.missing > 0;
    const cancelled = isGivenUp ? this.#requests.drop(begun) : [];
    this.#states.setPriority(piece, priority);
    return cancelled;
  }

  /** May be called again when the bitfield comes, if the peer had nothing until then. */
  peerJoined(conn: ConnectionId, has: Bitfield): void {
    const peer = this.#requests.join(conn);
    peer.nothingIn = undefined;
    peer.isSeed = has.isFull;
    if (peer.isSeed) this.#availability.addSeed();
    else this.#availability.addAll(has);
  }

  /** Call it once for each piece, when the peer did not have it before. */
  peerGained(piece: PieceIndex): void {
    this.#availability.add(piece);
  }

  /** The peer has the piece no longer (BEP 54); what it was asked for of it stays asked. */
  peerLost(conn: ConnectionId, piece: PieceIndex): void {
    const peer = this.#requests.peer(conn);
    if (peer.isSeed) this.#availability.splitSeed();
    peer.isSeed = false;
    peer.nothingIn = undefined;
    this.#availability.remove(piece);
  }

  /** `has` is what the peer held in the end. Its requests are freed. */
  peerLeft(conn: ConnectionId, has: Bitfield): void {
    const peer = this.#requests.find(conn);
    if (peer === undefined) return;
    this.#requests.leave(peer);
    if (peer.isSeed) this.#availability.removeSeed();
    else this.#availability.removeAll(has);
  }

  /** Blocks to ask of this peer now; they count as asked from here on. */
  choose(conn: ConnectionId, options: ChooseOptions): BlockRef[] {
    const from = { states: this.#states, requests: this.#requests };
    const peer = this.#requests.peer(conn);
    const choice = new BlockChoice(from, peer, options);
    if (this.#isRarestFirst && peer.isSeed) this.#takeFirstCopies(choice);
    choice.takeFromBegun();
    choice.takeFromNew();
    if (this.inEndgame) choice.takeAgain();
    return choice.picks;
  }

  /**
   * Of a seed, first what only seeds have: its line is what a young crowd waits for, and the rest of a begun piece
   * can be had from others.
   */
  #takeFirstCopies(choice: BlockChoice): void {
    const isSeedsOnly = (piece: PieceIndex): boolean => this.#availability.ofLeeches(piece) === 0;
    choice.takeFromBegun(isSeedsOnly);
    choice.takeFromNew(isSeedsOnly);
  }

  /** A block has come, asked for or not. `hasRoom` says whether another piece may be begun. */
  arrived(conn: ConnectionId, block: BlockRef, hasRoom: () => boolean): Arrival {
    const peer = this.#requests.find(conn);
    const key = this.#requests.keyOf(block);
    if (peer === undefined || key === undefined || !peer.wasAsked(key)) return unasked;
    peer.remove(key);
    const begun = this.#underWay(block.piece, hasRoom);
    if (begun === undefined || begun.hasArrived(this.#requests.blockOf(key))) return unwanted;
    const alsoAsked = this.#requests.arrive(peer, begun, key);
    return { wanted: true, asked: true, alsoAsked, pieceDone: begun.missing === 0 };
  }

  /** The peer will not send it (BEP 6). Until its pieces or ours change it may be asked again. */
  rejected(conn: ConnectionId, block: BlockRef): void {
    const peer = this.#requests.find(conn);
    const key = this.#requests.keyOf(block);
    if (peer === undefined || key === undefined) return;
    this.#requests.free(peer, key);
    peer.remove(key);
  }

  /** Frees and returns all requests. Not for a connection with BEP 6, which rejects each itself. */
  choked(conn: ConnectionId): BlockRef[] {
    const peer = this.#requests.find(conn);
    return peer === undefined ? [] : this.#requests.giveUp(peer, peer.keys());
  }

  /** Frees and returns what was asked for before `before`; late blocks are still welcome. */
  expire(conn: ConnectionId, before: Instant): BlockRef[] {
    const peer = this.#requests.find(conn);
    return peer === undefined ? [] : this.#requests.giveUp(peer, peer.olderThan(before));
  }

  /** Who sent the blocks of a begun or pending piece: ask before `pieceFailed`. */
  sendersOf(piece: PieceIndex): BlockOfPeer[] {
    return this.#requests.sendersOf(piece);
  }

  /** We have the piece. Returns requests to cancel: there are some only if it came another way. */
  pieceVerified(piece: PieceIndex): readonly BlockOfPeer[] {
    const cancelled = this.pieceDropped(piece);
    this.#states.setHad(piece);
    if (this.#states.had.size === this.#randomFirstPieces)
      this.#states.candidates.rankBy(this.#rank);
    return cancelled;
  }

  /**
   * All blocks of the piece are free again. Until it passes they are asked of one peer at a time, so
   * that the next failure, or the next success, tells who lied. Returns requests to cancel.
   */
  pieceFailed(piece: PieceIndex): readonly BlockOfPeer[] {
    this.#states.suspects.add(piece);
    return this.pieceDropped(piece);
  }

  /** The blocks of the piece are gone and nobody is to blame. Returns requests to cancel. */
  pieceDropped(piece: PieceIndex): readonly BlockOfPeer[] {
    const begun = this.#states.begun.find(piece);
    return begun === undefined ? [] : this.#requests.drop(begun);
  }

  /**
   * A begun piece that no peer here can complete, or undefined: when there is no room to begin
   * others, `pieceDropped` makes some, or the torrent would stand still.
   */
  unobtainable(): PieceIndex | undefined {
    for (const { piece } of this.#states.begun.begun())
      if (this.availability(piece) === 0) return piece;
    return undefined;
  }

  /** A piece that we had is gone from the disk. */
  lostPiece(piece: PieceIndex): void {
    this.#states.clearHad(piece);
  }

  /** A late block of a wanted piece begins the piece again. */
  #underWay(piece: PieceIndex, hasRoom: () => boolean): BegunPiece | undefined {
    const begun = this.#states.begun.find(piece);
    if (begun !== undefined || !this.#states.wantedMissing.has(piece)) return begun;
    return hasRoom() ? this.#states.begin(piece) : undefined;
  }
}
