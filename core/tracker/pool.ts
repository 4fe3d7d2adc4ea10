/**
 * Peers of one kind in one swarm (BEP 3, 23), in no order. What a compact answer says of each lies here once more, side by
 * side: fifty rows of a table of a million are fifty waits for memory, fifty neighbours are none.
 */
import { grown, widened } from './growing.ts';
import type { PeerRow, PeerTable } from './peer-table.ts';

/** An empty pool costs next to nothing. */
const empty = new Uint32Array(0);
/** A swarm of one is common: it need not have room for 64. */
const firstCapacity = 4;
const doublingUpTo = 32;

/** Words of a peer: its row, its IPv4 address (meaningless for others), its port. */
const at = { row: 0, host: 1, port: 2 } as const;
const stride = 3;

export class Pool {
  readonly #table: PeerTable;
  #words = empty;
  #length = 0;

  constructor(table: PeerTable) {
    this.#table = table;
  }

  get length(): number {
    return this.#length;
  }

  row(slot: number): PeerRow {
    return this.#words[slot * stride + at.row] ?? 0;
  }

  /** Writes address and port of an IPv4 peer at `begin`, six bytes. */
  putCompact(slot: number, bytes: Uint8Array, begin: number): void {
    const host = this.#words[slot * stride + at.host] ?? 0;
    const port = this.#words[slot * stride + at.port] ?? 0;
    bytes[begin] = host >>> 24;
    bytes[begin + 1] = host >>> 16;
    bytes[begin + 2] = host >>> 8;
    bytes[begin + 3] = host;
    bytes[begin + 4] = port >>> 8;
    bytes[begin + 5] = port;
  }

  push(row: PeerRow, host: number, port: number): void {
    const slot = this.#length;
    if (slot * stride === this.#words.length) {
      const next = slot < doublingUpTo ? slot * 2 : grown(slot);
      this.#words = widened(this.#words, Math.max(firstCapacity, next) * stride);
    }
    this.#words[slot * stride + at.row] = row;
    this.#words[slot * stride + at.host] = host;
    this.#words[slot * stride + at.port] = port;
    this.#table.slots[row] = slot;
    this.#length += 1;
  }

  /** Takes out somebody who is in. */
  remove(row: PeerRow): void {
    const slot = this.#table.slots[row] ?? 0;
    const last = this.#length - 1;
    this.#words.copyWithin(slot * stride, last * stride, this.#length * stride);
    this.#table.slots[this.row(slot)] = slot;
    this.#length = last;
    const capacity = this.#words.length / stride;
    if (capacity > firstCapacity && last * 4 < capacity)
      this.#words = this.#words.slice(0, (capacity >>> 1) * stride);
  }

  *rows(): Generator<PeerRow, void> {
    for (let slot = 0; slot < this.#length; slot += 1) yield this.row(slot);
  }
}
