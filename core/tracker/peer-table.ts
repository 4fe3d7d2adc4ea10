/**
 * Every peer of every swarm as the tracker remembers it (BEP 3, 7, 21): a row in columns of numbers, some 64 bytes,
 * where an object with its strings would take five times that and the collector's time. Rows are linked by age: everybody
 * may be silent for the same time, so the next to expire is always the oldest, and hearing somebody costs O(1).
 */
import { toHex } from '../bytes/hex.ts';
import { setUint32 } from '../bytes/uint32.ts';
import type { Instant } from '../time.ts';
import { PeerId } from '../torrent/ids.ts';
import { grown, widened } from './growing.ts';

/** A row of the table; another peer's once its peer was removed. */
export type PeerRow = number;

/** No row. */
export const nobody: PeerRow = -1;

export const idWords = 5;

/** `six`: its address is an IPv6 one. */
const bits = { seeder: 1, paused: 2, completed: 4, six: 8 } as const;
type Bit = keyof typeof bits;

export class PeerTable {
  /** Five words for each. */
  ids: Uint32Array = new Uint32Array(0);
  /** Numbers in the address book. */
  addresses: Uint32Array = new Uint32Array(0);
  ports: Uint16Array = new Uint16Array(0);
  /** 0: the peer has named none. */
  keys: Uint32Array = new Uint32Array(0);
  /** Numbers of swarms. */
  swarms: Uint32Array = new Uint32Array(0);
  /** Where in its swarm's pool each is, and the next of those that fall into one place of its index; the swarm's business. */
  slots: Uint32Array = new Uint32Array(0);
  nextInPlace: Int32Array = new Int32Array(0);
  /** The order in which they came. */
  arrivals: Uint32Array = new Uint32Array(0);
  #flags = new Uint8Array(0);
  #heardAt = new Float64Array(0);
  #older = new Int32Array(0);
  /** Of unused rows, the next unused one. */
  #newer = new Int32Array(0);
  #oldest: PeerRow = nobody;
  #newest: PeerRow = nobody;
  #unused: PeerRow = nobody;
  #rows = 0;
  #arrivals = 0;

  /** Who was silent for the longest time. */
  get oldest(): PeerRow {
    return this.#oldest;
  }

  /** A row for somebody new, the newest of all, with nothing in it but the time. */
  add(now: Instant): PeerRow {
    const row = this.#takeRow();
    this.#flags[row] = 0;
    this.arrivals[row] = this.#arrivals;
    this.#arrivals = (this.#arrivals + 1) >>> 0;
    this.#append(row, now);
    return row;
  }

  remove(row: PeerRow): void {
    this.#unlink(row);
    this.#newer[row] = this.#unused;
    this.#unused = row;
  }

  /** Takes note that it is still there. */
  hear(row: PeerRow, now: Instant): void {
    this.#unlink(row);
    this.#append(row, now);
  }

  heardAt(row: PeerRow): Instant {
    return (this.#heardAt[row] ?? 0) as Instant;
  }

  has(row: PeerRow, bit: Bit): boolean {
    return ((this.#flags[row] ?? 0) & bits[bit]) !== 0;
  }

  set(row: PeerRow, bit: Bit, isSet: boolean): void {
    const others = (this.#flags[row] ?? 0) & ~bits[bit];
    this.#flags[row] = isSet ? others | bits[bit] : others;
  }

  peerId(row: PeerRow): PeerId {
    return PeerId(hexOfWords(this.ids, row * idWords));
  }

  /** All, the oldest first. */
  *byAge(): Generator<PeerRow, void> {
    for (let row = this.#oldest; row !== nobody; row = this.#newer[row] ?? nobody) yield row;
  }

  #takeRow(): PeerRow {
    const row = this.#unused;
    if (row !== nobody) {
      this.#unused = this.#newer[row] ?? nobody;
      return row;
    }
    if (this.#rows === this.ports.length) this.#widen();
    this.#rows += 1;
    return this.#rows - 1;
  }

  #widen(): void {
    const capacity = grown(this.ports.length);
    this.ids = widened(this.ids, capacity * idWords);
    this.addresses = widened(this.addresses, capacity);
    this.ports = widened(this.ports, capacity);
    this.keys = widened(this.keys, capacity);
    this.swarms = widened(this.swarms, capacity);
    this.slots = widened(this.slots, capacity);
    this.nextInPlace = widened(this.nextInPlace, capacity);
    this.arrivals = widened(this.arrivals, capacity);
    this.#flags = widened(this.#flags, capacity);
    this.#heardAt = widened(this.#heardAt, capacity);
    this.#older = widened(this.#older, capacity);
    this.#newer = widened(this.#newer, capacity);
  }

  #append(row: PeerRow, now: Instant): void {
    this.#heardAt[row] = now;
    this.#older[row] = this.#newest;
    this.#newer[row] = nobody;
    if (this.#newest === nobody) this.#oldest = row;
    else this.#newer[this.#newest] = row;
    this.#newest = row;
  }

  #unlink(row: PeerRow): void {
    const older = this.#older[row] ?? nobody;
    const newer = this.#newer[row] ?? nobody;
    if (older === nobody) this.#oldest = newer;
    else this.#newer[older] = newer;
    if (newer === nobody) this.#newest = older;
    else this.#older[newer] = older;
  }
}

/** The 20 bytes of an id, as 40 hex digits. */
export function hexOfWords(words: Uint32Array, at: number): string {
  const bytes = new Uint8Array(4 * idWords);
  for (let i = 0; i < idWords; i += 1) setUint32(bytes, 4 * i, words[at + i] ?? 0);
  return toHex(bytes);
}

/** 40 hex digits as five words. */
export function wordsFromHex(hex: string, words: Uint32Array): void {
  for (let i = 0; i < idWords; i += 1) words[i] = Number.parseInt(hex.slice(8 * i, 8 * i + 8), 16);
}
