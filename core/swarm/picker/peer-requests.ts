/** What one peer has been asked for. */
import type { Instant } from '../../time.ts';
import type { ConnectionId } from '../../torrent/ids.ts';

/** One block of the torrent as one number, counted over all pieces. */
export type BlockKey = number;

/**
 * How many given-up requests are remembered, so that a late block is still welcome: twice the
 * deepest pipeline. Beyond that the oldest are forgotten and their blocks dropped as unasked.
 */
const maxOverdue = 1_024;

/** How many requests are open, all connections together. */
export type Tally = { open: number };

/** The open requests to one connection, oldest first, and those given up. */
export class PeerRequests {
  readonly conn: ConnectionId;
  /** The peer counts as a seed in the availability. */
  isSeed = false;
  /** The state of the candidates, and how much the peer had, when nothing was found for it: it is not searched again. */
  nothingIn: { readonly additions: number; readonly held: number } | undefined;
  readonly #tally: Tally;
  readonly #askedAt = new Map<BlockKey, Instant>();
  readonly #overdue = new Set<BlockKey>();

  constructor(conn: ConnectionId, tally: Tally) {
    this.conn = conn;
    this.#tally = tally;
  }

  get size(): number {
    return this.#askedAt.size;
  }

  /** When the oldest open request was made. */
  get oldest(): Instant | undefined {
    for (const askedAt of this.#askedAt.values()) return askedAt;
    return undefined;
  }

  /** A copy, oldest first. */
  keys(): BlockKey[] {
    return [...this.#askedAt.keys()];
  }

  /** Those asked for before `before`, oldest first. */
  olderThan(before: Instant): BlockKey[] {
    const keys: BlockKey[] = [];
    for (const [key, askedAt] of this.#askedAt) {
      if (askedAt >= before) break;
      keys.push(key);
    }
    return keys;
  }

  /** Whether the peer was asked for it, and has neither sent nor refused it. */
  wasAsked(key: BlockKey): boolean {
    return this.#askedAt.has(key) || this.#overdue.has(key);
  }

  add(key: BlockKey, now: Instant): void {
    if (this.#overdue.size > 0) this.#overdue.delete(key);
    if (!this.#askedAt.has(key)) this.#tally.open += 1;
    this.#askedAt.set(key, now);
  }

  /** No longer waited for, but welcome if it comes. */
  giveUp(key: BlockKey): void {
    this.#close(key);
    this.#overdue.add(key);
    for (const oldest of this.#overdue) {
      if (this.#overdue.size <= maxOverdue) break;
      this.#overdue.delete(oldest);
    }
  }

  /** Forgets a request, open or given up. */
  remove(key: BlockKey): void {
    if (!this.#close(key)) this.#overdue.delete(key);
  }

  /** Whether it was open. */
  #close(key: BlockKey): boolean {
    const wasOpen = this.#askedAt.delete(key);
    if (wasOpen) this.#tally.open -= 1;
    return wasOpen;
  }
}
