/** What a peer tells its bench when the record is lean: nothing that the record would not keep. */
import type { SwarmEvent } from '../core/swarm/event.ts';
import { Verified } from './verified-watch.ts';

/** Told for every block or every few seconds of every connection, and kept in no lean record. */
const dropped: ReadonlySet<SwarmEvent['type']> = new Set(['wasted', 'tracker-answered'] as const);

/** For one life of one peer. Claims are the bulk of all events: those that hold are counted where they are made. */
export class LeanTeller {
  readonly #verified = new Verified();
  #held = 0;

  /** Claims about pieces that followed their verification and were not passed on. */
  get held(): number {
    return this.#held;
  }

  /** Whether the bench must hear of the event. */
  passes(event: SwarmEvent): boolean {
    if (dropped.has(event.type)) return false;
    const isHeld = this.#verified.see(event) === true;
    if (isHeld) this.#held += 1;
    return !isHeld;
  }
}
