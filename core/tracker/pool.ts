/** Peers of one kind in one swarm (BEP 3), in no order, from which some are drawn by lot. */
import { grown, widened } from './growing.ts';
import { type PeerRow, type PeerTable, nobody } from './peer-table.ts';

const empty = new Uint32Array(0);
/** A swarm of one is common: it need not have room for 64. */
const firstCapacity = 4;

export class Pool {
  readonly #table: PeerTable;
  #rows = empty;
  #length = 0;
  /** While drawing: those before it are drawn, those from `#end` on are not to be drawn. */
  #drawn = 0;
  #end = 0;

  constructor(table: PeerTable) {
    this.#table = table;
  }

  get length(): number {
    return this.#length;
  }

  /** How many can still be drawn. */
  get undrawn(): number {
    return this.#end - this.#drawn;
  }

  push(row: PeerRow): void {
    if (this.#length === this.#rows.length) {
      const capacity = this.#length < 32 ? this.#length * 2 : grown(this.#length);
      this.#rows = widened(this.#rows, Math.max(firstCapacity, capacity));
    }
    this.#put(this.#length, row);
    this.#length += 1;
  }

  /** Takes out somebody who is in. */
  remove(row: PeerRow): void {
    const slot = this.#table.slots[row] ?? 0;
    this.#length -= 1;
    this.#put(slot, this.#rows[this.#length] ?? 0);
    if (this.#length * 4 < this.#rows.length && this.#rows.length > firstCapacity)
      this.#rows = this.#rows.slice(0, this.#rows.length >>> 1);
  }

  *rows(): Generator<PeerRow, void> {
    for (let slot = 0; slot < this.#length; slot += 1) yield this.#rows[slot] ?? 0;
  }

  /** Begins drawing, among all but `left`, who is in or is nobody; says among how many. */
  open(left: PeerRow): number {
    this.#drawn = 0;
    this.#end = this.#length;
    if (left === nobody) return this.#end;
    this.#end -= 1;
    this.#swap(this.#table.slots[left] ?? 0, this.#end);
    return this.#end;
  }

  /** Draws the one at `place` of those that are not drawn: a step of the shuffle of Fisher and Yates, which is not undone. */
  draw(place: number): PeerRow {
    this.#swap(this.#drawn, this.#drawn + place);
    this.#drawn += 1;
    return this.#rows[this.#drawn - 1] ?? 0;
  }

  #swap(a: number, b: number): void {
    const held = this.#rows[a] ?? 0;
    this.#put(a, this.#rows[b] ?? 0);
    this.#put(b, held);
  }

  #put(slot: number, row: PeerRow): void {
    this.#rows[slot] = row;
    this.#table.slots[row] = slot;
  }
}
