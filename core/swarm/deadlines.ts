/** The deadlines of many, of which the earliest is known at once. */
import type { Instant } from '../time.ts';

type Entry<Owner> = {
  readonly owner: Owner;
  /** Who came first has the lowest. */
  readonly number: number;
  at: Instant;
  /** In the heap. */
  place: number;
};

/** A binary heap whose members know their places: setting one of n deadlines looks at log n others. */
export class Deadlines<Owner> {
  readonly #entries = new Map<Owner, Entry<Owner>>();
  readonly #heap: Entry<Owner>[] = [];
  #count = 0;

  get earliest(): Instant | undefined {
    return this.#heap[0]?.at;
  }

  /** `undefined` is never. */
  set(owner: Owner, at: Instant | undefined): void {
    const known = this.#entries.get(owner);
    if (at === undefined) return known === undefined ? undefined : this.#remove(known);
    if (known?.at === at) return;
    const entry = known ?? this.#add(owner, at);
    entry.at = at;
    this.#sink(this.#rise(entry));
  }

  /** Whose deadline has come, in the order in which they were first set. */
  due(now: Instant): readonly Owner[] {
    const found: Entry<Owner>[] = [];
    const places = [0];
    for (let place = places.pop(); place !== undefined; place = places.pop()) {
      const entry = this.#heap[place];
      if (entry === undefined || entry.at > now) continue;
      found.push(entry);
      places.push(2 * place + 1, 2 * place + 2);
    }
    return found.sort((a, b) => a.number - b.number).map(({ owner }) => owner);
  }

  #add(owner: Owner, at: Instant): Entry<Owner> {
    this.#count += 1;
    const entry = { owner, number: this.#count, at, place: this.#heap.length };
    this.#entries.set(owner, entry);
    this.#heap.push(entry);
    return entry;
  }

  #remove(entry: Entry<Owner>): void {
    this.#entries.delete(entry.owner);
    const last = this.#heap.pop();
    if (last === undefined || last === entry) return;
    this.#put(last, entry.place);
    this.#sink(this.#rise(last));
  }

  #rise(entry: Entry<Owner>): Entry<Owner> {
    while (entry.place > 0) {
      const above = this.#heap[(entry.place - 1) >> 1];
      if (above === undefined || above.at <= entry.at) break;
      this.#swap(entry, above);
    }
    return entry;
  }

  #sink(entry: Entry<Owner>): void {
    for (;;) {
      const left = this.#heap[2 * entry.place + 1];
      const right = this.#heap[2 * entry.place + 2];
      const below = right !== undefined && left !== undefined && right.at < left.at ? right : left;
      if (below === undefined || below.at >= entry.at) return;
      this.#swap(entry, below);
    }
  }

  #swap(a: Entry<Owner>, b: Entry<Owner>): void {
    const { place } = a;
    this.#put(a, b.place);
    this.#put(b, place);
  }

  #put(entry: Entry<Owner>, place: number): void {
    entry.place = place;
    this.#heap[place] = entry;
  }
}
