/** Counts along with a rate limit: a bucket that is filled by time, and that nobody may overdraw. */
import { blockBytes } from '../../core/torrent/pieces.ts';
import type { Instant } from '../../core/time.ts';

/** What may be taken at once after a pause: a tenth of a second's worth, at least one block. */
const burstOf = (bytesPerSec: number): number => Math.max(Math.ceil(bytesPerSec / 10), blockBytes);

/** Times are whole milliseconds and bytes whole bytes: rounding may be off by one of each. */
const rounding = 1;

export class RateWatch {
  readonly #bytesPerSec: number;
  #bytes: number;
  #at: Instant | undefined;

  constructor(bytesPerSec: number) {
    this.#bytesPerSec = bytesPerSec;
    this.#bytes = burstOf(bytesPerSec);
  }

  /** Whether so much may be taken now; it is taken all the same. */
  take(now: Instant, bytes: number): boolean {
    const elapsed = Math.max(0, now - (this.#at ?? now));
    this.#at = Math.max(now, this.#at ?? now) as Instant;
    const earned = (elapsed * this.#bytesPerSec) / 1_000;
    this.#bytes = Math.min(burstOf(this.#bytesPerSec), this.#bytes + earned) - bytes;
    return this.#bytes >= -rounding - this.#bytesPerSec / 1_000;
  }
}

/** The limits of one torrent and of each of its connections, in one direction. */
export class RatesWatch<Key> {
  readonly #all: RateWatch | undefined;
  readonly #perPeer: number | undefined;
  readonly #peers = new Map<Key, RateWatch>();

  constructor(all: number | undefined, perPeer: number | undefined) {
    this.#all = all === undefined ? undefined : new RateWatch(all);
    this.#perPeer = perPeer;
  }

  take(now: Instant, key: Key, bytes: number): boolean {
    const isAllFine = this.#all?.take(now, bytes) ?? true;
    return (this.#of(key)?.take(now, bytes) ?? true) && isAllFine;
  }

  forget(key: Key): void {
    this.#peers.delete(key);
  }

  #of(key: Key): RateWatch | undefined {
    if (this.#perPeer === undefined) return undefined;
    const known = this.#peers.get(key) ?? new RateWatch(this.#perPeer);
    this.#peers.set(key, known);
    return known;
  }
}
