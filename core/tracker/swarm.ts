/**
 * The peers of one torrent (BEP 3, 7, 21). They lie in pools, seeders and leechers of either family of addresses, so that a
 * random choice among any of these costs as much as it gives, and coming, going and completing cost O(1).
 */
import type { HalfSipHash } from '../bytes/half-siphash.ts';
import { type Random, randomBelow } from '../random.ts';
import { InfoHash } from '../torrent/ids.ts';
import type { AddressBook } from './address-book.ts';
import type { IpFamily } from './compact.ts';
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
};

/** Pools by number: leechers at 0 and 1, seeders at 2 and 3, those with IPv6 addresses at 1 and 3. */
const seeders = 2;
const ipv6 = 1;

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
    this.#poolOf(row).push(row);
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
    this.#poolOf(row).push(row);
  }

  /** Somebody who is in has another address from now on, which `change` writes into its row. */
  move(row: PeerRow, change: () => void): void {
    this.#poolOf(row).remove(row);
    change();
    this.#poolOf(row).push(row);
  }

  /** Some of the peers, in any order, written into `chosen`: every list is as likely as any other. Says how many. */
  choose(random: Random, choice: Choice, chosen: Uint32Array): number {
    let left = 0;
    for (let number = 0; number < this.#pools.length; number += 1)
      left += this.#isWanted(number, choice) ? this.#open(number, choice.asker) : 0;
    const count = Math.min(choice.count, left, chosen.length);
    for (let i = 0; i < count; i += 1) {
      chosen[i] = this.#draw(randomBelow(random, left), choice);
      left -= 1;
    }
    return count;
  }

  /** All that could be chosen: takes time in proportion to the size. */
  candidates(choice: Omit<Choice, 'count'>): PeerRow[] {
    return this.#pools
      .filter((_, number) => this.#isWanted(number, choice))
      .flatMap((pool) => [...pool.rows()])
      .filter((row) => row !== choice.asker);
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
    const { book, table } = this.#parts;
    const isIpv4 = book.isIpv4(table.addresses[row] ?? 0);
    const number = (table.has(row, 'seeder') ? seeders : 0) + (isIpv4 ? 0 : ipv6);
    return this.#pools[number] as Pool;
  }

  #isWanted(number: number, { family, withSeeders }: Omit<Choice, 'count' | 'asker'>): boolean {
    if (number >= seeders && !withSeeders) return false;
    return family === undefined || (family === 'peers6') === (number % 2 === ipv6);
  }

  /** Makes a pool ready for drawing; says among how many. */
  #open(number: number, asker: PeerRow): number {
    const pool = this.#pools[number] as Pool;
    const isHome = asker !== nobody && pool === this.#poolOf(asker);
    return pool.open(isHome ? asker : nobody);
  }

  #draw(place: number, choice: Choice): PeerRow {
    let rest = place;
    for (let number = 0; number < this.#pools.length; number += 1) {
      if (!this.#isWanted(number, choice)) continue;
      const pool = this.#pools[number] as Pool;
      if (rest < pool.undrawn) return pool.draw(rest);
      rest -= pool.undrawn;
    }
    throw new RangeError(`nobody is at ${place}`);
  }
}
