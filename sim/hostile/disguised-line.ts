/** One connection of a disguised session: who is at its ends, and what the trick wants of it. */
import { Pieces } from '../../core/torrent/pieces.ts';
import type { Handshake } from '../../core/wire/handshake.ts';
import type { Saying } from '../../core/wire/saying.ts';
import type { Line } from './trick.ts';

/** Of a torrent that is not there any more nothing is worth saying, but a trick must not fall over it. */
const noPieces = new Pieces({ length: 1, pieceLength: 1 });

export class DisguisedLine implements Line {
  local: Handshake | undefined;
  remote: Handshake | undefined;
  /** Bytes on their way that the session within did not say. */
  extraBytes = 0;
  #pieces: Pieces | undefined;
  #wishes: Saying[] = [];
  #isUnwanted = false;

  get pieces(): Pieces {
    return this.#pieces ?? noPieces;
  }

  /** Both handshakes are through. */
  get isOpen(): boolean {
    return this.#pieces !== undefined;
  }

  /** The trick wants it to end. */
  get isUnwanted(): boolean {
    return this.#isUnwanted;
  }

  open(pieces: Pieces | undefined): void {
    this.#pieces = pieces ?? noPieces;
  }

  say(...sayings: readonly Saying[]): void {
    this.#wishes.push(...sayings);
  }

  hangUp(): void {
    this.#isUnwanted = true;
  }

  /** What the trick wants to be said since the last time. */
  takeWishes(): readonly Saying[] {
    return this.#wishes.splice(0);
  }
}
