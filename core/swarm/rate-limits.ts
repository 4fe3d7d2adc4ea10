/** The rate limits that one block must pass: its peer's, its torrent's, and the whole program's. */
import type { Instant } from '../time.ts';
import type { ConnectionId } from '../torrent/ids.ts';
import { earlier } from '../time.ts';
import { TokenBucket } from './bucket.ts';

/** Bytes/s each way; `undefined` is unlimited. */
export type Rates = {
  readonly upBytesPerSec: number | undefined;
  readonly downBytesPerSec: number | undefined;
};

/** A pair of buckets, shared by all whom it limits. */
export class RatePair {
  readonly up: TokenBucket;
  readonly down: TokenBucket;

  constructor({ upBytesPerSec, downBytesPerSec }: Rates) {
    this.up = new TokenBucket(upBytesPerSec);
    this.down = new TokenBucket(downBytesPerSec);
  }

  set(now: Instant, { upBytesPerSec, downBytesPerSec }: Rates): void {
    this.up.setRate(now, upBytesPerSec);
    this.down.setRate(now, downBytesPerSec);
  }
}

export class RateLimits {
  readonly #shared: readonly RatePair[];
  readonly #perPeer: Rates;
  readonly #peers = new Map<ConnectionId, readonly RatePair[]>();
  #wakeAt: Instant | undefined;

  constructor(shared: readonly RatePair[], perPeer: Rates) {
    this.#shared = shared;
    this.#perPeer = perPeer;
  }

  /** When somebody who was refused may try again; `undefined` when nobody was. */
  get wakeAt(): Instant | undefined {
    return this.#wakeAt;
  }

  /** Whether there is any limit to what may be requested. */
  get isDownLimited(): boolean {
    const isLimited = ({ down }: RatePair): boolean => down.isLimited;
    return this.#perPeer.downBytesPerSec !== undefined || this.#shared.some(isLimited);
  }

  /** Call before trying again: forgets who was refused. */
  woken(): void {
    this.#wakeAt = undefined;
  }

  joined(conn: ConnectionId): void {
    const { upBytesPerSec, downBytesPerSec } = this.#perPeer;
    // Who is not limited needs no buckets: there may be tens of thousands of connections.
    if (upBytesPerSec === undefined && downBytesPerSec === undefined) return;
    this.#peers.set(conn, [...this.#shared, new RatePair(this.#perPeer)]);
  }

  left(conn: ConnectionId): void {
    this.#peers.delete(conn);
  }

  /** Takes `bytes` of upload from every bucket, or from none and returns false. */
  takeUp(now: Instant, conn: ConnectionId, bytes: number): boolean {
    return this.#take(now, bytes, { pairs: this.#pairsOf(conn), way: 'up' });
  }

  /** The same for bytes that are about to be requested. */
  takeDown(now: Instant, conn: ConnectionId, bytes: number): boolean {
    return this.#take(now, bytes, { pairs: this.#pairsOf(conn), way: 'down' });
  }

  /** How many bytes may be requested from this peer now. */
  downAvailable(now: Instant, conn: ConnectionId): number {
    let least = Infinity;
    for (const { down } of this.#pairsOf(conn)) least = Math.min(least, down.available(now));
    return least;
  }

  #pairsOf(conn: ConnectionId): readonly RatePair[] {
    return this.#peers.get(conn) ?? this.#shared;
  }

  #take(
    now: Instant,
    bytes: number,
    { pairs, way }: { readonly pairs: readonly RatePair[]; readonly way: 'up' | 'down' },
  ): boolean {
    let isShort = false;
    for (const pair of pairs) {
      if (pair[way].available(now) >= bytes) continue;
      isShort = true;
      this.#wakeAt = earlier(this.#wakeAt, pair[way].readyAt(now, bytes));
    }
    if (isShort) return false;
    for (const pair of pairs) pair[way].take(now, bytes);
    return true;
  }
}
