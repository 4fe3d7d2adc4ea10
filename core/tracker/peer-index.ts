/** The peers of one swarm by their ids (BEP 3): chains through the table, since a Map of strings takes more than the peers. */
import type { HalfSipHash } from '../bytes/half-siphash.ts';
import { type PeerRow, type PeerTable, idWords, nobody } from './peer-table.ts';

export class PeerIndex {
  readonly #table: PeerTable;
  readonly #hash: HalfSipHash;
  #places: Int32Array = new Int32Array(1).fill(nobody);
  #size = 0;

  constructor(table: PeerTable, hash: HalfSipHash) {
    this.#table = table;
    this.#hash = hash;
  }

  get size(): number {
    return this.#size;
  }

  /** Whose id is at `at` in `words`; `nobody` when nobody's is. */
  find(words: Uint32Array, at: number): PeerRow {
    const { ids, nextInPlace } = this.#table;
    let row = this.#places[this.#placeOf(words, at)] ?? nobody;
    while (row !== nobody && !isSame(ids, row * idWords, words, at))
      row = nextInPlace[row] ?? nobody;
    return row;
  }

  /** Puts in somebody who is not in. */
  add(row: PeerRow): void {
    if (this.#size === this.#places.length) this.#spread();
    this.#chain(row);
    this.#size += 1;
  }

  /** Takes out somebody who is in. */
  remove(row: PeerRow): void {
    const { ids, nextInPlace } = this.#table;
    const place = this.#placeOf(ids, row * idWords);
    let before = this.#places[place] ?? nobody;
    if (before === row) this.#places[place] = nextInPlace[row] ?? nobody;
    else {
      while (nextInPlace[before] !== row) before = nextInPlace[before] ?? nobody;
      nextInPlace[before] = nextInPlace[row] ?? nobody;
    }
    this.#size -= 1;
  }

  #placeOf(words: Uint32Array, at: number): number {
    return this.#hash.hash(words, at, idWords) & (this.#places.length - 1);
  }

  #chain(row: PeerRow): void {
    const place = this.#placeOf(this.#table.ids, row * idWords);
    this.#table.nextInPlace[row] = this.#places[place] ?? nobody;
    this.#places[place] = row;
  }

  /** Twice as many places, so that few share one. */
  #spread(): void {
    const { nextInPlace } = this.#table;
    const old = this.#places;
    this.#places = new Int32Array(old.length * 2).fill(nobody);
    for (const first of old)
      for (let row = first, next; row !== nobody; row = next) {
        next = nextInPlace[row] ?? nobody;
        this.#chain(row);
      }
  }
}

function isSame(a: Uint32Array, atA: number, b: Uint32Array, atB: number): boolean {
  for (let i = 0; i < idWords; i += 1) if (a[atA + i] !== b[atB + i]) return false;
  return true;
}
