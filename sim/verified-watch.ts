/** Whether peers announce and serve only what they have verified, as they do it. */
import type { InfoHash } from '../core/torrent/ids.ts';
import { bitsOf } from './bits.ts';
import type { Claims } from './record.ts';
import type { RecordedEvent } from './world.ts';

/** More of them would tell no more, and a run that is broken may have millions. */
const mostKept = 100;

/** Follows the events of a run: what a peer announces or serves must have been opened or verified before. */
export class VerifiedWatch {
  /** By content and by peer. */
  readonly #verified = new Map<InfoHash, Map<string, Set<number>>>();
  readonly #broken: string[] = [];
  #checked = 0;

  get claims(): Claims {
    return { checked: this.#checked, broken: this.#broken };
  }

  see(event: RecordedEvent): void {
    switch (event.type) {
      case 'opened':
        this.#swarm(event.infoHash).set(event.peer, new Set(bitsOf(event.have)));
        return;
      case 'piece-verified':
        this.#of(event).add(event.piece);
        return;
      case 'have-announced':
      case 'served':
        this.#checked += 1;
        if (!this.#of(event).has(event.piece)) this.#found(event);
        return;
      default:
        return;
    }
  }

  #found({
    at,
    peer,
    piece,
    type,
  }: Extract<RecordedEvent, { type: 'have-announced' | 'served' }>): void {
    if (this.#broken.length === mostKept) return;
    const claim = type === 'served' ? 'served' : 'announced';
    this.#broken.push(`${peer} ${claim} piece ${piece} at ${at} ms without having verified it`);
  }

  #of({ infoHash, peer }: RecordedEvent): Set<number> {
    const swarm = this.#swarm(infoHash);
    const found = swarm.get(peer) ?? new Set();
    swarm.set(peer, found);
    return found;
  }

  #swarm(infoHash: InfoHash): Map<string, Set<number>> {
    const found = this.#verified.get(infoHash) ?? new Map<string, Set<number>>();
    this.#verified.set(infoHash, found);
    return found;
  }
}
