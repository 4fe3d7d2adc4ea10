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

  /** Call before trying again: forgets who was refused. */
  woken(): void {
    this.#wakeAt = undefined;
  }

  joined(conn: ConnectionId): void {
    this.#peers.set(conn, [...this.#shared, new RatePair(this.#perPeer)]);
  }

  left(conn: ConnectionId): void {
    this.#peers.delete(conn);
  }

  /** Takes `bytes` of upload from every bucket, or from none and returns false. */
  takeUp(now: Instant, conn: ConnectionId, bytes: number): boolean {
    return this.#take(now, bytes, this.#bucketsOf(conn, 'up'));
  }

  /** The same for bytes that are about to be requested. */
  takeDown(now: Instant, conn: ConnectionId, bytes: number): boolean {
    return this.#take(now, bytes, this.#bucketsOf(conn, 'down'));
  }

  /** How many bytes may be requested from this peer now. */
  downAvailable(now: Instant, conn: ConnectionId): number {
    return Math.min(...this.#bucketsOf(conn, 'down').map((bucket) => bucket.available(now)));
  }

  #bucketsOf(conn: ConnectionId, way: 'up' | 'down'): TokenBucket[] {
    return (this.#peers.get(conn) ?? this.#shared).map((pair) => pair[way]);
  }

  #take(now: Instant, bytes: number, buckets: readonly TokenBucket[]): boolean {
    const short = buckets.filter((bucket) => bucket.available(now) < bytes);
    for (const bucket of short) this.#wakeAt = earlier(this.#wakeAt, bucket.readyAt(now, bytes));
    if (short.length > 0) return false;
    for (const bucket of buckets) bucket.take(now, bytes);
    return true;
  }
}
