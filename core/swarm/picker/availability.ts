/** How many connected peers hold each piece. */
import type { Bitfield } from '../../torrent/bitfield.ts';
import { PieceIndex } from '../../torrent/ids.ts';

/**
 * Counts holders by piece. A seed is counted once for all pieces, so that its coming and going
 * costs nothing; `onChange` hears of every piece whose count apart from the seeds has changed.
 */
export class Availability {
  readonly #counts: Uint32Array;
  readonly #onChange: (piece: PieceIndex) => void;
  #seeds = 0;

  constructor(pieceCount: number, onChange: (piece: PieceIndex) => void) {
    this.#counts = new Uint32Array(pieceCount);
    this.#onChange = onChange;
  }

  of(piece: number): number {
    return this.#seeds + this.ofLeeches(piece);
  }

  /** Holders that are not counted as seeds: orders pieces just as `of` does. */
  ofLeeches(piece: number): number {
    return this.#counts[piece] ?? 0;
  }

  addSeed(): void {
    this.#seeds += 1;
  }

  removeSeed(): void {
    this.#seeds -= 1;
  }

  /** A seed is a seed no more: from now on its pieces are counted one by one. */
  splitSeed(): void {
    this.removeSeed();
    for (let piece = 0; piece < this.#counts.length; piece += 1) this.add(PieceIndex(piece));
  }

  addAll(has: Bitfield): void {
    for (const piece of has.ones()) this.add(piece);
  }

  removeAll(has: Bitfield): void {
    for (const piece of has.ones()) this.remove(piece);
  }

  add(piece: PieceIndex): void {
    this.#counts[piece] = this.ofLeeches(piece) + 1;
    this.#onChange(piece);
  }

  remove(piece: PieceIndex): void {
    this.#counts[piece] = this.ofLeeches(piece) - 1;
    this.#onChange(piece);
  }
}
