/** The pieces under way: begun ones, and pending ones whose blocks are all here. */
import type { ConnectionId, PieceIndex } from '../../torrent/ids.ts';
import type { Pieces } from '../../torrent/pieces.ts';
import { BegunPiece } from './begun-piece.ts';

/** Knows which begun pieces have free blocks, so that nobody searches the others. */
export class BegunPieces {
  readonly #pieces: Pieces;
  readonly #begun = new Map<PieceIndex, BegunPiece>();
  readonly #open = new Map<PieceIndex, BegunPiece>();
  readonly #pending = new Map<PieceIndex, BegunPiece>();
  #bytes = 0;
  #releases = 0;

  constructor(pieces: Pieces) {
    this.#pieces = pieces;
  }

  /** Pieces begun or pending. */
  get count(): number {
    return this.#begun.size + this.#pending.size;
  }

  /** The length of all of them. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How often a peer was let off a block. */
  get releases(): number {
    return this.#releases;
  }

  /** Blocks are missing, and every one of them has been asked for. */
  get isAllAsked(): boolean {
    return this.#open.size === 0 && this.#begun.size > 0;
  }

  /** The pieces with missing blocks, oldest first. */
  begun(): Iterable<BegunPiece> {
    return this.#begun.values();
  }

  /** Those with free blocks, longest open first. */
  open(): Iterable<BegunPiece> {
    return this.#open.values();
  }

  /** A piece that is begun or pending, or undefined. */
  find(piece: PieceIndex): BegunPiece | undefined {
    return this.#begun.get(piece) ?? this.#pending.get(piece);
  }

  /** The piece must be neither begun nor pending. */
  begin(piece: PieceIndex): BegunPiece {
    const begun = new BegunPiece(piece, this.#pieces.blockCount(piece));
    this.#begun.set(piece, begun);
    this.#open.set(piece, begun);
    this.#bytes += this.#pieces.lengthOf(piece);
    return begun;
  }

  ask(begun: BegunPiece, block: number, conn: ConnectionId): void {
    begun.ask(block, conn);
    if (begun.countAskedOf(0) === 0) this.#open.delete(begun.piece);
  }

  release(begun: BegunPiece, block: number, conn: ConnectionId): void {
    this.#releases += 1;
    begun.release(block, conn);
    if (begun.countAskedOf(0) > 0) this.#open.set(begun.piece, begun);
  }

  /** Returns everybody else who was asked for the block. */
  arrive(begun: BegunPiece, block: number, conn: ConnectionId): readonly ConnectionId[] {
    const others = begun.arrive(block, conn);
    if (begun.countAskedOf(0) === 0) this.#open.delete(begun.piece);
    if (begun.missing === 0) {
      this.#begun.delete(begun.piece);
      this.#pending.set(begun.piece, begun);
    }
    return others;
  }

  /** The piece must be begun or pending. */
  drop({ piece }: BegunPiece): void {
    this.#begun.delete(piece);
    this.#open.delete(piece);
    this.#pending.delete(piece);
    this.#bytes -= this.#pieces.lengthOf(piece);
  }
}
