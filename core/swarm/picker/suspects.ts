/** Pieces that failed: each comes from one peer at a time, so that whoever spoils it is found. */
import type { Duration, Instant } from '../../time.ts';
import { seconds, since } from '../../time.ts';
import type { ConnectionId, PieceIndex } from '../../torrent/ids.ts';
import type { BegunPiece } from './begun-piece.ts';

/**
 * A peer that was asked last so long ago and owes nothing may have choked us: another may go
 * on in its place. Longer than any pause of a rate limit between two blocks of a fair speed.
 */
export const turnLimit: Duration = seconds(10);

type Turn = { readonly conn: ConnectionId; readonly askedAt: Instant };

/** A failed piece stays here until it passes. If one peer sent all of it, that peer lied or did not. */
export class Suspects {
  readonly #turns = new Map<PieceIndex, Turn | undefined>();

  get isEmpty(): boolean {
    return this.#turns.size === 0;
  }

  add(piece: PieceIndex): void {
    this.#turns.set(piece, undefined);
  }

  remove(piece: PieceIndex): void {
    this.#turns.delete(piece);
  }

  /** Whether a block of the piece may be asked of `conn`. */
  mayAsk(begun: BegunPiece, conn: ConnectionId, now: Instant): boolean {
    const turn = this.#turns.get(begun.piece);
    if (turn === undefined || turn.conn === conn) return true;
    return since(now, turn.askedAt) >= turnLimit && !begun.isAskedOfOthers(conn);
  }

  /** A block of the piece is asked of `conn`. */
  asked(piece: PieceIndex, turn: Turn): void {
    if (this.#turns.has(piece)) this.#turns.set(piece, turn);
  }

  /** Whatever was `conn`'s turn is anybody's. */
  left(conn: ConnectionId): void {
    for (const [piece, turn] of this.#turns) if (turn?.conn === conn) this.add(piece);
  }
}
