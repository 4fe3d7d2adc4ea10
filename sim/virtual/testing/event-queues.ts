/** The queues that the timing wheel was measured against; all of them order by time, then by insertion. */

export interface EventQueue<Target> {
  readonly time: number;
  insert(time: number, target: Target, what: number, detail: number): void;
  next(until: number): Target | undefined;
}

const numbersPerEntry = 3;

/** What heap and calendar keep of an event, by slot; slots are used again. */
class Slots<Target> {
  #numbers = new Float64Array(numbersPerEntry * 1_024);
  readonly #targets: Target[] = [];
  readonly #free: number[] = [];
  #used = 0;

  add(target: Target, what: number, detail: number): number {
    const slot = this.#free.pop() ?? this.#used++;
    if (slot * numbersPerEntry === this.#numbers.length)
      this.#numbers = copyInto(new Float64Array(2 * this.#numbers.length), this.#numbers);
    this.#numbers[slot * numbersPerEntry] = what;
    this.#numbers[slot * numbersPerEntry + 1] = detail;
    this.#targets[slot] = target;
    return slot;
  }

  take(slot: number): Target | undefined {
    this.#free.push(slot);
    return this.#targets[slot];
  }
}

/** A heap in which each node has `arity` children, its keys in typed arrays. */
export class HeapQueue<Target> implements EventQueue<Target> {
  time = 0;
  readonly #arity: number;
  readonly #slots = new Slots<Target>();
  #times = new Float64Array(1_024);
  #orders = new Float64Array(1_024);
  #entries = new Int32Array(1_024);
  #size = 0;
  #inserted = 0;

  constructor(arity: number) {
    this.#arity = arity;
  }

  insert(time: number, target: Target, what: number, detail: number): void {
    if (this.#size === this.#times.length) this.#grow();
    let at = this.#size;
    this.#size += 1;
    const order = this.#inserted;
    this.#inserted += 1;
    while (at > 0) {
      const parent = Math.floor((at - 1) / this.#arity);
      if ((this.#times[parent] as number) <= time) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#put(at, time, order, this.#slots.add(target, what, detail));
  }

  next(until: number): Target | undefined {
    if (this.#size === 0 || (this.#times[0] as number) > until) return undefined;
    this.time = this.#times[0] as number;
    const entry = this.#entries[0] as number;
    this.#size -= 1;
    if (this.#size > 0) this.#sink();
    return this.#slots.take(entry);
  }

  #sink(): void {
    const last = this.#size;
    const time = this.#times[last] as number;
    const order = this.#orders[last] as number;
    let at = 0;
    for (;;) {
      const first = at * this.#arity + 1;
      if (first >= last) break;
      let least = first;
      const end = Math.min(first + this.#arity, last);
      for (let child = first + 1; child < end; child += 1)
        if (this.#isBefore(child, this.#times[least] as number, this.#orders[least] as number))
          least = child;
      if (!this.#isBefore(least, time, order)) break;
      this.#move(least, at);
      at = least;
    }
    this.#put(at, time, order, this.#entries[last] as number);
  }

  #isBefore(at: number, time: number, order: number): boolean {
    const mine = this.#times[at] as number;
    return mine < time || (mine === time && (this.#orders[at] as number) < order);
  }

  #move(from: number, to: number): void {
    this.#put(
      to,
      this.#times[from] as number,
      this.#orders[from] as number,
      this.#entries[from] as number,
    );
  }

  #put(at: number, time: number, order: number, entry: number): void {
    this.#times[at] = time;
    this.#orders[at] = order;
    this.#entries[at] = entry;
  }

  #grow(): void {
    this.#times = copyInto(new Float64Array(2 * this.#size), this.#times);
    this.#orders = copyInto(new Float64Array(2 * this.#size), this.#orders);
    this.#entries = copyInto(new Int32Array(2 * this.#size), this.#entries);
  }
}

/** Brown's calendar (1988): days of one length, each a sorted list; as many days as events, within a factor of two. */
export class CalendarQueue<Target> implements EventQueue<Target> {
  time = 0;
  readonly #slots = new Slots<Target>();
  #times = new Float64Array(1_024);
  #following = new Int32Array(1_024);
  #days = new Int32Array(16).fill(-1);
  #dayLength = 1_000;
  #day = 0;
  #size = 0;

  insert(time: number, target: Target, what: number, detail: number): void {
    const slot = this.#slots.add(target, what, detail);
    if (slot === this.#times.length) {
      this.#times = copyInto(new Float64Array(2 * slot), this.#times);
      this.#following = copyInto(new Int32Array(2 * slot), this.#following);
    }
    this.#times[slot] = time;
    this.#place(slot, time);
    this.#size += 1;
    if (this.#size > 2 * this.#days.length) this.#resize(2 * this.#days.length);
  }

  next(until: number): Target | undefined {
    if (this.#size === 0) return undefined;
    const slot = this.#first();
    const time = this.#times[slot] as number;
    if (time > until) return undefined;
    this.#days[this.#day % this.#days.length] = this.#following[slot] as number;
    this.time = time;
    this.#size -= 1;
    if (this.#size < this.#days.length / 2 && this.#days.length > 16)
      this.#resize(this.#days.length / 2);
    return this.#slots.take(slot);
  }

  /** Turns the pages until a day of this year has an event. */
  #first(): number {
    for (let turned = 0; turned < this.#days.length; turned += 1, this.#day += 1) {
      const slot = this.#days[this.#day % this.#days.length] as number;
      if (slot >= 0 && (this.#times[slot] as number) < (this.#day + 1) * this.#dayLength)
        return slot;
    }
    let first = -1;
    for (const slot of this.#days)
      if (
        slot >= 0 &&
        (first < 0 || (this.#times[slot] as number) < (this.#times[first] as number))
      )
        first = slot;
    this.#day = Math.floor((this.#times[first] as number) / this.#dayLength);
    return first;
  }

  #place(slot: number, time: number): void {
    const day = Math.floor(time / this.#dayLength);
    if (day < this.#day) this.#day = day;
    const page = day % this.#days.length;
    let before = -1;
    let after = this.#days[page] as number;
    while (after >= 0 && (this.#times[after] as number) <= time) {
      before = after;
      after = this.#following[after] as number;
    }
    this.#following[slot] = after;
    if (before < 0) this.#days[page] = slot;
    else this.#following[before] = slot;
  }

  /** The length of a day is such that three events fall into it, as far as those of a sample do. */
  #resize(count: number): void {
    const slots: number[] = [];
    for (let slot of this.#days)
      for (; slot >= 0; slot = this.#following[slot] as number) slots.push(slot);
    slots.sort((a, b) => (this.#times[a] as number) - (this.#times[b] as number));
    const [first = 0, last = 0] = [slots[0], slots[Math.floor(slots.length / 2)]];
    const span = (this.#times[last] as number) - (this.#times[first] as number);
    this.#dayLength = Math.max(1, Math.ceil((3 * 2 * span) / Math.max(1, slots.length)));
    this.#days = new Int32Array(count).fill(-1);
    this.#day = Math.floor((this.#times[first] as number) / this.#dayLength);
    for (const slot of slots) this.#place(slot, this.#times[slot] as number);
  }
}

function copyInto<Table extends Float64Array | Int32Array>(to: Table, from: Table): Table {
  to.set(from);
  return to;
}
