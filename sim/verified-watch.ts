/** Whether peers announce and serve only what they have verified, as they do it. */
import type { SwarmEvent } from '../core/swarm/event.ts';
import type { InfoHash } from '../core/torrent/ids.ts';
import { bitsOf } from './bits.ts';
import type { Claims } from './record.ts';
import type { RecordedEvent } from './world.ts';

/** More of them would tell no more, and a run that is broken may have millions. */
const mostKept = 100;

/** What one peer has verified of each of its torrents, as its own events tell in their order. */
export class Verified {
  readonly #pieces = new Map<InfoHash, Set<number>>();

  /** Whether the peer may say what it says here of a piece; undefined when it says nothing of one. */
  see(event: SwarmEvent): boolean | undefined {
    switch (event.type) {
      case 'opened':
        this.#pieces.set(event.infoHash, new Set(bitsOf(event.have)));
        return undefined;
      case 'piece-verified':
        this.#of(event.infoHash).add(event.piece);
        return undefined;
      case 'have-announced':
      case 'served':
        return this.#of(event.infoHash).has(event.piece);
      default:
        return undefined;
    }
  }

  #of(infoHash: InfoHash): Set<number> {
    const found = this.#pieces.get(infoHash) ?? new Set();
    this.#pieces.set(infoHash, found);
    return found;
  }
}

/** Follows the events of a run: what a peer announces or serves must have been opened or verified before. */
export class VerifiedWatch {
  readonly #peers = new Map<string, Verified>();
  readonly #broken: string[] = [];
  #checked = 0;

  get claims(): Claims {
    return { checked: this.#checked, broken: this.#broken };
  }

  see(event: RecordedEvent): void {
    const isTrue = this.#of(event.peer).see(event);
    if (isTrue === undefined) return;
    this.#checked += 1;
    if (!isTrue) this.#found(event);
  }

  #found(event: RecordedEvent): void {
    if (this.#broken.length === mostKept || !('piece' in event)) return;
    const { at, peer, piece } = event;
    const claim = event.type === 'served' ? 'served' : 'announced';
    this.#broken.push(`${peer} ${claim} piece ${piece} at ${at} ms without having verified it`);
  }

  #of(peer: string): Verified {
    const found = this.#peers.get(peer) ?? new Verified();
    this.#peers.set(peer, found);
    return found;
  }
}
