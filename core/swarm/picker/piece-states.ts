/** Which pieces are wanted, under way or had, and which of them may therefore be begun. */
import type { Random } from '../../random.ts';
import { Bitfield } from '../../torrent/bitfield.ts';
import type { PieceIndex } from '../../torrent/ids.ts';
import type { Pieces } from '../../torrent/pieces.ts';
import type { BegunPiece } from './begun-piece.ts';
import { BegunPieces } from './begun-pieces.ts';
import { Candidates } from './candidates.ts';
import type { Rank } from './policy.ts';
import { Suspects } from './suspects.ts';

/** 0 is not wanted; 7 comes first. */
export type Priority = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** What every piece has at first: there is room above and below. */
export const normalPriority: Priority = 4;

/**
 * A piece goes missing -> begun -> pending (all blocks here) -> had. It falls back to missing when
 * it fails, and when nothing of it has come and nobody is asked for it any more.
 */
export class PieceStates {
  readonly begun: BegunPieces;
  readonly candidates: Candidates;
  readonly had: Bitfield;
  /** Wanted and not had. */
  readonly wantedMissing: Bitfield;
  readonly suspects: Suspects = new Suspects();
  readonly #priorities: Uint8Array;

  constructor(pieces: Pieces, options: { readonly rank: Rank; readonly random: Random }) {
    this.begun = new BegunPieces(pieces);
    this.candidates = new Candidates(pieces.count, options);
    this.had = new Bitfield(pieces.count);
    this.wantedMissing = Bitfield.full(pieces.count);
    this.#priorities = new Uint8Array(pieces.count).fill(normalPriority);
    for (const piece of this.wantedMissing.ones()) this.#file(piece);
  }

  isWanted(piece: PieceIndex): boolean {
    return this.#priorities[piece] !== 0;
  }

  setPriority(piece: PieceIndex, priority: Priority): void {
    this.#priorities[piece] = priority;
    this.#file(piece);
  }

  setHad(piece: PieceIndex): void {
    this.had.set(piece);
    this.suspects.remove(piece);
    this.#file(piece);
  }

  clearHad(piece: PieceIndex): void {
    this.had.clear(piece);
    this.#file(piece);
  }

  /** The piece must be missing. */
  begin(piece: PieceIndex): BegunPiece {
    const begun = this.begun.begin(piece);
    this.#file(piece);
    return begun;
  }

  /** A piece under way is missing again. */
  drop(begun: BegunPiece): void {
    this.begun.drop(begun);
    this.#file(begun.piece);
  }

  /** Puts the piece where its state and priority say it belongs. */
  #file(piece: PieceIndex): void {
    const isMissing = this.isWanted(piece) && !this.had.has(piece);
    if (isMissing) this.wantedMissing.set(piece);
    else this.wantedMissing.clear(piece);
    this.candidates.remove(piece);
    if (isMissing && this.begun.find(piece) === undefined)
      this.candidates.add(piece, this.#priorities[piece] ?? 0);
  }
}
