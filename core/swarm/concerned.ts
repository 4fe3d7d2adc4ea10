/** Whom the choker must look at: found without walking through everybody for each peer that wants something. */
import type { Peer } from './peer.ts';

/**
 * Who wants something or holds a slot, in the order in which they came. Whoever wants nothing and has no slot gets
 * none, and keeps none.
 */
export class Concerned {
  #peers: readonly Peer[] = [];

  /** A new list for each change: whoever walks through one may change it. */
  get peers(): readonly Peer[] {
    return this.#peers;
  }

  /** To be called when that may have changed for a peer. */
  review(peer: Peer): void {
    const isConcerned = !peer.isGone && (peer.wire.peerInterested || !peer.wire.amChoking);
    if (isConcerned === this.#peers.includes(peer)) return;
    this.#peers = isConcerned
      ? this.#peers.toSpliced(this.#placeOf(peer), 0, peer)
      : this.#peers.filter((other) => other !== peer);
  }

  #placeOf({ number }: Peer): number {
    return this.#peers.findLastIndex((other) => other.number < number) + 1;
  }
}
