/** One choice of blocks for one peer: begun pieces first, then new ones, then the end game. */
import type { Bitfield } from '../../torrent/bitfield.ts';
import type { PieceIndex } from '../../torrent/ids.ts';
import type { BlockRef } from '../../torrent/pieces.ts';
import type { Instant } from '../../time.ts';
import { type BegunPiece, maxAskersPerBlock } from './begun-piece.ts';
import type { PeerRequests } from './peer-requests.ts';
import type { PieceStates } from './piece-states.ts';
import type { Requests } from './requests.ts';

export type ChooseOptions = {
  /** What the peer holds: just what the picker was told of it. */
  readonly has: Bitfield;
  /** At most so many blocks. */
  readonly count: number;
  readonly now: Instant;
  /** So many new pieces may be begun at most: each takes memory until it is verified and written. */
  readonly newPieces: number;
  /** While the peer chokes us: the only pieces it may be asked for (BEP 6). */
  readonly allowed?: ReadonlySet<PieceIndex>;
};

const any = (): boolean => true;

/** Collects the blocks for one call of `choose`; each of them is asked for as it is taken. */
export class BlockChoice {
  readonly picks: BlockRef[] = [];
  readonly #states: PieceStates;
  readonly #requests: Requests;
  readonly #peer: PeerRequests;
  readonly #options: ChooseOptions;
  #newPieces: number;

  constructor(
    from: { readonly states: PieceStates; readonly requests: Requests },
    peer: PeerRequests,
    options: ChooseOptions,
  ) {
    this.#states = from.states;
    this.#requests = from.requests;
    this.#peer = peer;
    this.#options = options;
    this.#newPieces = options.newPieces;
  }

  /** Free blocks of pieces that somebody has begun. */
  takeFromBegun(isWelcome: (piece: PieceIndex) => boolean = any): void {
    for (const begun of this.#states.begun.open()) {
      if (this.#isFull) return;
      if (isWelcome(begun.piece) && this.#mayAsk(begun)) this.#takeFree(begun);
    }
  }

  /** Begins pieces, in the order of the candidates, until one of them is not welcome. */
  takeFromNew(isWelcome: (piece: PieceIndex) => boolean = any): void {
    for (; this.#newPieces > 0 && !this.#isFull; this.#newPieces -= 1) {
      const piece = this.#nextCandidate();
      if (piece === undefined || !isWelcome(piece)) return;
      this.#takeFree(this.#states.begin(piece));
    }
  }

  /**
   * A block that others have been asked for, one with the fewest askers. Only of a peer with nothing else to send,
   * and one at a time: a small torrent would be fetched twice if whole pipelines were filled with what is on its way.
   * What was asked for last comes last, so the search begins at the end.
   */
  takeAgain(): void {
    if (this.#isFull || this.#peer.size > 0) return;
    for (let askers = 1; askers < maxAskersPerBlock; askers += 1)
      for (const begun of [...this.#states.begun.begun()].reverse()) {
        if (begun.countAskedOf(askers) === 0 || !this.#mayAsk(begun)) continue;
        const block = begun.nextAskedOf(askers, this.#peer.conn);
        if (block !== undefined) return this.#take(begun, block);
      }
  }

  get #isFull(): boolean {
    return this.picks.length >= this.#options.count;
  }

  #nextCandidate(): PieceIndex | undefined {
    const { candidates } = this.#states;
    const { has, allowed } = this.#options;
    if (allowed !== undefined) return candidates.first(has, allowed);
    const { additions } = candidates;
    const known = this.#peer.nothingIn;
    if (known?.additions === additions && known.held === has.size) return undefined;
    const piece = candidates.first(has);
    if (piece === undefined) this.#peer.nothingIn = { additions, held: has.size };
    return piece;
  }

  #mayAsk(begun: BegunPiece): boolean {
    const { has, allowed, now } = this.#options;
    if (!has.has(begun.piece) || allowed?.has(begun.piece) === false) return false;
    return this.#states.suspects.mayAsk(begun, this.#peer.conn, now);
  }

  #takeFree(begun: BegunPiece): void {
    while (!this.#isFull) {
      const block = begun.nextFree();
      if (block === undefined) return;
      this.#take(begun, block);
    }
  }

  #take(begun: BegunPiece, block: number): void {
    const { now } = this.#options;
    this.#states.suspects.asked(begun.piece, { conn: this.#peer.conn, askedAt: now });
    this.picks.push(this.#requests.ask(this.#peer, begun, { block, now }));
  }
}
