/** Every address that has registered peers, once, and how many it has (BEP 3: a tracker that anybody may write to). */
import type { HalfSipHash } from '../bytes/half-siphash.ts';
import { grown, widened } from './growing.ts';
import { ipWords, isIpv4At } from './ip-words.ts';

const none = -1;

export class AddressBook {
  readonly #hash: HalfSipHash;
  /** Four words for each address. */
  #words = new Uint32Array(0);
  #counts = new Uint32Array(0);
  /** The next of those that fall into one place; of unused rows, the next unused one. */
  #next = new Int32Array(0);
  #places = new Int32Array(1).fill(none);
  #unused = none;
  #rows = 0;
  #used = 0;

  constructor(hash: HalfSipHash) {
    this.#hash = hash;
  }

  /** How many registrations the address has. */
  countOf(address: Uint32Array): number {
    const row = this.#find(address, this.#placeOf(address, 0));
    return row === none ? 0 : (this.#counts[row] ?? 0);
  }

  /** Counts one more registration; gives the number of the address, which is its own until its last one has gone. */
  enter(address: Uint32Array): number {
    const known = this.#find(address, this.#placeOf(address, 0));
    const row = known === none ? this.#add(address) : known;
    this.#counts[row] = (this.#counts[row] ?? 0) + 1;
    return row;
  }

  leave(row: number): void {
    const left = (this.#counts[row] ?? 0) - 1;
    this.#counts[row] = left;
    if (left === 0) this.#remove(row);
  }

  is(row: number, address: Uint32Array): boolean {
    const at = row * ipWords;
    for (let i = 0; i < ipWords; i += 1) if (this.#words[at + i] !== address[i]) return false;
    return true;
  }

  isIpv4(row: number): boolean {
    return isIpv4At(this.#words, row * ipWords);
  }

  /** The last word, which is the whole of an IPv4 address. */
  ipv4(row: number): number {
    return this.#words[row * ipWords + ipWords - 1] ?? 0;
  }

  /** The words of one address, for as long as nothing is entered. */
  wordsOf(row: number): Uint32Array {
    return this.#words.subarray(row * ipWords, (row + 1) * ipWords);
  }

  #placeOf(words: Uint32Array, at: number): number {
    return this.#hash.hash(words, at, ipWords) & (this.#places.length - 1);
  }

  #find(address: Uint32Array, place: number): number {
    let row = this.#places[place] ?? none;
    while (row !== none && !this.is(row, address)) row = this.#next[row] ?? none;
    return row;
  }

  #add(address: Uint32Array): number {
    if (this.#used === this.#places.length) this.#spread();
    const row = this.#takeRow();
    this.#words.set(address, row * ipWords);
    this.#chain(row);
    this.#used += 1;
    return row;
  }

  #takeRow(): number {
    const row = this.#unused;
    if (row !== none) {
      this.#unused = this.#next[row] ?? none;
      return row;
    }
    if (this.#rows === this.#counts.length) this.#widen();
    this.#rows += 1;
    return this.#rows - 1;
  }

  #widen(): void {
    const capacity = grown(this.#counts.length);
    this.#words = widened(this.#words, capacity * ipWords);
    this.#counts = widened(this.#counts, capacity);
    this.#next = widened(this.#next, capacity);
  }

  #chain(row: number): void {
    const place = this.#placeOf(this.#words, row * ipWords);
    this.#next[row] = this.#places[place] ?? none;
    this.#places[place] = row;
  }

  #remove(row: number): void {
    const place = this.#placeOf(this.#words, row * ipWords);
    let before = this.#places[place] ?? none;
    if (before === row) this.#places[place] = this.#next[row] ?? none;
    else {
      while (this.#next[before] !== row) before = this.#next[before] ?? none;
      this.#next[before] = this.#next[row] ?? none;
    }
    this.#next[row] = this.#unused;
    this.#unused = row;
    this.#used -= 1;
  }

  /** Twice as many places, so that few share one. */
  #spread(): void {
    this.#places = new Int32Array(this.#places.length * 2).fill(none);
    for (let row = 0; row < this.#rows; row += 1)
      if ((this.#counts[row] ?? 0) > 0) this.#chain(row);
  }
}
