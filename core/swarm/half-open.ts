/** Dials of all torrents of a peer that have not come to a handshake yet. */
import type { InfoHash } from '../torrent/ids.ts';

/**
 * Half of the callers whose handshake a peer awaits (`maxCallers`): one that is called for hundreds of torrents at once hangs up
 * on nobody, where all calls together would be refused but for the first, and made again seconds later.
 */
export const maxSessionHalfOpen = 100;

export class HalfOpen {
  #count = 0;
  readonly #waiting = new Set<InfoHash>();

  /** How many more may be dialled now. */
  get room(): number {
    return maxSessionHalfOpen - this.#count;
  }

  /** Whether there is room for somebody who waits. */
  get isAnybodyNext(): boolean {
    return this.#waiting.size > 0 && this.room > 0;
  }

  /** So many dials have begun, or, below 0, have ended or come to a handshake. */
  count(change: number): void {
    this.#count += change;
  }

  /** The torrent has somebody to dial and no room for it. */
  wait(infoHash: InfoHash): void {
    this.#waiting.add(infoHash);
  }

  /** Whose turn it is, who has waited for longest; it waits no more. */
  next(): InfoHash | undefined {
    if (!this.isAnybodyNext) return undefined;
    const [first] = this.#waiting;
    if (first !== undefined) this.#waiting.delete(first);
    return first;
  }
}
