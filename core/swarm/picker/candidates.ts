/** The pieces that may be begun, in buckets by rank, so that a piece moves in constant time. */
import type { Random } from '../../random.ts';
import { randomBelow } from '../../random.ts';
import type { Bitfield } from '../../torrent/bitfield.ts';
import { PieceIndex } from '../../torrent/ids.ts';
import type { Rank } from './policy.ts';

/** The highest priority a piece can have; 0 means not wanted, so it is never a candidate. */
export const highestPriority = 7;

/** A peer that holds so few pieces (one for this many candidates) is searched by its own pieces. */
const sparseFactor = 8;

/** All candidates of one priority: `buckets[rank]` is in random order. */
type Level = { readonly buckets: number[][]; lowest: number; size: number };

/** Pieces ordered by priority, then rank, then chance. */
export class Candidates {
  readonly #random: Random;
  readonly #levels: readonly Level[];
  readonly #levelAt: Uint8Array;
  readonly #rankAt: Uint32Array;
  readonly #placeAt: Uint32Array;
  #rank: Rank;
  #size = 0;
  #additions = 0;

  constructor(count: number, options: { readonly rank: Rank; readonly random: Random }) {
    this.#random = options.random;
    this.#rank = options.rank;
    this.#levels = Array.from({ length: highestPriority + 1 }, () => emptyLevel());
    this.#levelAt = new Uint8Array(count);
    this.#rankAt = new Uint32Array(count);
    this.#placeAt = new Uint32Array(count);
  }

  get size(): number {
    return this.#size;
  }

  /** Grows when a piece becomes a candidate: until then no search that found nothing finds more. */
  get additions(): number {
    return this.#additions;
  }

  includes(piece: number): boolean {
    return this.#levelAt[piece] !== 0;
  }

  /** The piece must not be a candidate already; `priority` is 1 to 7. */
  add(piece: number, priority: number): void {
    this.#insert(piece, priority);
    this.#additions += 1;
  }

  /** Does nothing if the piece is no candidate. */
  remove(piece: number): void {
    if (!this.includes(piece)) return;
    const level = this.#level(this.#levelAt[piece] ?? 0);
    const bucket = level.buckets[this.#rankAt[piece] ?? 0] ?? [];
    const last = bucket.pop() ?? piece;
    if (last !== piece) {
      const place = this.#placeAt[piece] ?? 0;
      bucket[place] = last;
      this.#placeAt[last] = place;
    }
    this.#levelAt[piece] = 0;
    level.size -= 1;
    this.#size -= 1;
  }

  /** Puts the piece where its rank now says, if it is a candidate. */
  rerank(piece: number): void {
    const priority = this.#levelAt[piece] ?? 0;
    if (priority === 0 || this.#rank(piece) === this.#rankAt[piece]) return;
    this.remove(piece);
    this.#insert(piece, priority);
  }

  /** Ranks everything anew; takes time in proportion to the number of pieces. */
  rankBy(rank: Rank): void {
    this.#rank = rank;
    for (let piece = 0; piece < this.#levelAt.length; piece += 1) this.rerank(piece);
  }

  /** The first candidate that `has` holds and `allowed`, if given, names. */
  first(has: Bitfield, allowed?: ReadonlySet<PieceIndex>): PieceIndex | undefined {
    if (this.#size === 0) return undefined;
    if (allowed !== undefined) return this.#firstOf(allowed, has);
    if (has.size * sparseFactor < this.#size) return this.#firstOf(has.ones(), has);
    return this.#firstInOrder(has);
  }

  #insert(piece: number, priority: number): void {
    const level = this.#level(priority);
    const rank = this.#rank(piece);
    while (level.buckets.length <= rank) level.buckets.push([]);
    const bucket = level.buckets[rank] ?? [];
    // A random place for each newcomer keeps the whole bucket in random order.
    const place = randomBelow(this.#random, bucket.length + 1);
    const displaced = bucket[place] ?? piece;
    bucket.push(displaced);
    this.#placeAt[displaced] = bucket.length - 1;
    bucket[place] = piece;
    this.#placeAt[piece] = place;
    this.#rankAt[piece] = rank;
    this.#levelAt[piece] = priority;
    level.lowest = Math.min(level.lowest, rank);
    level.size += 1;
    this.#size += 1;
  }

  #firstInOrder(has: Bitfield): PieceIndex | undefined {
    for (let priority = highestPriority; priority > 0; priority -= 1) {
      const found = firstOfLevel(this.#level(priority), has);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #firstOf(pieces: Iterable<PieceIndex>, has: Bitfield): PieceIndex | undefined {
    let best: PieceIndex | undefined;
    for (const piece of pieces) {
      if (!this.includes(piece) || !has.has(piece)) continue;
      if (best === undefined || this.#isBefore(piece, best)) best = piece;
    }
    return best;
  }

  #isBefore(a: number, b: number): boolean {
    const byPriority = (this.#levelAt[b] ?? 0) - (this.#levelAt[a] ?? 0);
    const byRank = (this.#rankAt[a] ?? 0) - (this.#rankAt[b] ?? 0);
    const byPlace = (this.#placeAt[a] ?? 0) - (this.#placeAt[b] ?? 0);
    return (byPriority || byRank || byPlace) < 0;
  }

  #level(priority: number): Level {
    const level = this.#levels[priority];
    if (level === undefined) throw new RangeError(`not a priority: ${priority}`);
    return level;
  }
}

const emptyLevel = (): Level => ({ buckets: [], lowest: 0, size: 0 });

function firstOfLevel(level: Level, has: Bitfield): PieceIndex | undefined {
  if (level.size === 0) return undefined;
  while (level.buckets[level.lowest]?.length === 0) level.lowest += 1;
  for (let rank = level.lowest; rank < level.buckets.length; rank += 1)
    for (const piece of level.buckets[rank] ?? []) if (has.has(piece)) return PieceIndex(piece);
  return undefined;
}
