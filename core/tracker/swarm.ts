/**
 * The peers of one torrent (BEP 3, 7, 21). They lie in pools, seeders and leechers of either family of addresses, so that a
 * random choice among any of these costs as much as it gives, and coming, going and completing cost O(1).
 */
import type { HalfSipHash } from '../bytes/half-siphash.ts';
import type { Random } from '../random.ts';
import { InfoHash } from '../torrent/ids.ts';
import type { AddressBook } from './address-book.ts';
import type { IpFamily } from './compact.ts';
import type { Lots } from './lots.ts';
import { PeerIndex } from './peer-index.ts';
import { type PeerRow, type PeerTable, hexOfWords, nobody } from './peer-table.ts';
import { Pool } from './pool.ts';

export type Choice = {
  /** How many are wanted at most. */
  readonly count: number;
  /** Who asks, and is not chosen; `nobody`: somebody who is not in the swarm. */
  readonly asker: PeerRow;
  /** A seeder has no use for other seeders. */
  readonly withSeeders: boolean;
  /** Only peers of this family of addresses; undefined: of both. */
  readonly family: IpFamily | undefined;
};

export type Role = { readonly isSeeder: boolean; readonly isPaused: boolean };

/** What all swarms of a tracker share. */
export type SwarmParts = {
  readonly table: PeerTable;
  readonly book: AddressBook;
  readonly hash: HalfSipHash;
  readonly lots: Lots;
};

/** Pools by number: leechers at 0 and 1, seeders at 2 and 3, those with IPv6 addresses at 1 and 3. */
const seeders = 2;
const ipv6 = 1;
/** Who was chosen: the number of a pool, and a slot of it, together below 2^30, which costs V8 no allocation. */
const slotBits = 28;
const slotMask = 2 ** slotBits - 1;

export class Swarm {
  readonly hashWords: Uint32Array;
  /** Its number among all. */
  readonly number: number;
  /** Another swarm that falls into the same place; the business of whoever keeps the swarms. */
  sibling: Swarm | undefined = undefined;
  /** How often a peer was seen to complete the torrent here. */
  downloaded = 0;
  readonly #parts: SwarmParts;
  readonly #index: PeerIndex;
  readonly #pools: readonly Pool[];
  #paused = 0;

  constructor(hashWords: Uint32Array, number: number, parts: SwarmParts) {
    this.hashWords = hashWords.slice();
    this.number = number;
    this.#parts = parts;
    this.#index = new PeerIndex(parts.table, parts.hash);
    this.#pools = Array.from({ length: 4 }, () => new Pool(parts.table));
  }

  get infoHash(): InfoHash {
    return InfoHash(hexOfWords(this.hashWords, 0));
  }

  /** Peers of all kinds. */
  get size(): number {
    return this.#index.size;
  }

  get seeders(): number {
    return this.#lengthOf(seeders) + this.#lengthOf(seeders + ipv6);
  }

  /** Everybody who is incomplete. */
  get leechers(): number {
    return this.#lengthOf(0) + this.#lengthOf(ipv6);
  }

  /** Those of the leechers that still want something (BEP 21). */
  get downloaders(): number {
    return this.leechers - this.#paused;
  }

  find(id: Uint32Array): PeerRow {
    return this.#index.find(id, 0);
  }

  /** Puts in somebody who is not in, as a leecher. Id and address must be in the row. */
  add(row: PeerRow): void {
    this.#index.add(row);
    this.#push(row);
  }

  /** Takes out somebody who is in. */
  remove(row: PeerRow): void {
    this.assign(row, { isSeeder: false, isPaused: false });
    this.#index.remove(row);
    this.#poolOf(row).remove(row);
  }

  /** Says what somebody who is in has become. */
  assign(row: PeerRow, { isPaused, isSeeder }: Role): void {
    const { table } = this.#parts;
    this.#paused += Number(isPaused) - Number(table.has(row, 'paused'));
    table.set(row, 'paused', isPaused);
    if (table.has(row, 'seeder') === isSeeder) return;
    this.#poolOf(row).remove(row);
    table.set(row, 'seeder', isSeeder);
    this.#push(row);
  }

  /** Somebody who is in has another address or port from now on, which `change` writes into its row. */
  move(row: PeerRow, change: () => void): void {
    this.#poolOf(row).remove(row);
    change();
    this.#push(row);
  }

  /**
   * Some of the peers, in any order: every list is as likely as any other. Says how many. What is written into `chosen` is
   * good for `rowOf`, `hostOf` and `portOf` until somebody comes, goes or changes.
   */
  choose(random: Random, choice: Choice, chosen: Uint32Array): number {
    let total = 0;
    let askerAt = Infinity;
    const own = choice.asker === nobody ? undefined : this.#poolOf(choice.asker);
    for (let number = 0; number < this.#pools.length; number += 1) {
      if (!this.#isWanted(number, choice)) continue;
      const pool = this.#pools[number] as Pool;
      if (pool === own) askerAt = total + (this.#parts.table.slots[choice.asker] ?? 0);
      total += pool.length;
    }
    if (askerAt < Infinity) total -= 1;
    const count = Math.min(choice.count, total, chosen.length);
    this.#parts.lots.draw(random, chosen, { count, total });
    for (let i = 0; i < count; i += 1) {
      const place = chosen[i] ?? 0;
      chosen[i] = this.#placeOf(place < askerAt ? place : place + 1, choice);
    }
    return count;
  }

  rowOf(chosen: number): PeerRow {
    return this.#poolAt(chosen).row(chosen & slotMask);
  }

  isIpv6(chosen: number): boolean {
    return ((chosen >>> slotBits) & ipv6) !== 0;
  }

  /** Writes the six bytes of an IPv4 peer at `at` (BEP 23). */
  putCompact(chosen: number, bytes: Uint8Array, at: number): void {
    this.#poolAt(chosen).putCompact(chosen & slotMask, bytes, at);
  }

  /** All that could be chosen, as `choose` writes them: takes time in proportion to the size. */
  candidates(choice: Omit<Choice, 'count'>): number[] {
    return this.#pools
      .flatMap((pool, number) =>
        this.#isWanted(number, choice)
          ? Array.from({ length: pool.length }, (_, slot) => (number << slotBits) | slot)
          : [],
      )
      .filter((place) => this.rowOf(place) !== choice.asker);
  }

  /** The first `count` seeders, or leechers, in the order in which they came. */
  list(isSeeder: boolean, count: number): PeerRow[] {
    const { arrivals } = this.#parts.table;
    const first = isSeeder ? seeders : 0;
    const rows = [first, first + ipv6].flatMap((number) => [
      ...(this.#pools[number]?.rows() ?? []),
    ]);
    return rows.sort((a, b) => (arrivals[a] ?? 0) - (arrivals[b] ?? 0)).slice(0, count);
  }

  #lengthOf(number: number): number {
    return this.#pools[number]?.length ?? 0;
  }

  #poolOf(row: PeerRow): Pool {
    const { table } = this.#parts;
    const number = (table.has(row, 'seeder') ? seeders : 0) + (table.has(row, 'six') ? ipv6 : 0);
    return this.#pools[number] as Pool;
  }

  #push(row: PeerRow): void {
    const { book, table } = this.#parts;
    const address = table.addresses[row] ?? 0;
    table.set(row, 'six', !book.isIpv4(address));
    this.#poolOf(row).push(row, book.ipv4(address), table.ports[row] ?? 0);
  }

  #poolAt(chosen: number): Pool {
    return this.#pools[chosen >>> slotBits] as Pool;
  }

  #isWanted(number: number, { family, withSeeders }: Omit<Choice, 'count' | 'asker'>): boolean {
    if (number >= seeders && !withSeeders) return false;
    return family === undefined || (family === 'peers6') === (number % 2 === ipv6);
  }

  /** Who is at a place among all that are wanted. */
  #placeOf(place: number, choice: Choice): number {
    let rest = place;
    for (let number = 0; number < this.#pools.length; number += 1) {
      if (!this.#isWanted(number, choice)) continue;
      const { length } = this.#pools[number] as Pool;
      if (rest < length) return (number << slotBits) | rest;
      rest -= length;
    }
    throw new RangeError(`nobody is at ${place}`);
  }
}
