/** The virtual clock: what happens when, and in which order at one instant. */
import { micros, type Micros } from './micros.ts';
import { TimingWheel, latestMicros } from './scheduler-wheel.ts';

/** What is told that its time has come; `what` and `detail` are as they were given to `schedule`. */
export interface Target {
  fire(what: number, detail: number): void;
}

/** Fires events by time, and those of one instant in the order in which they were scheduled. */
export class Scheduler {
  #now = micros(0);
  #fired = 0;
  #isInterrupted = false;
  readonly #wheel = new TimingWheel<Target>();

  get now(): Micros {
    return this.#now;
  }

  /** Events that have happened so far. */
  get fired(): number {
    return this.#fired;
  }

  /** Events that are still to come. */
  get pending(): number {
    return this.#wheel.size;
  }

  /** `what` is a 32-bit whole number. Allocates nothing. */
  schedule(at: Micros, target: Target, what: number, detail = 0): void {
    if (!(at >= this.#now && at <= latestMicros) || at % 1 !== 0)
      throw new RangeError(`not a moment from ${this.#now} us on: ${at}`);
    this.#wheel.insert(at, target, what, detail);
  }

  /** For what happens rarely, since a closure is made for each. */
  at(at: Micros, run: () => void): void {
    this.schedule(at, { fire: run }, 0);
  }

  /**
   * Fires everything that is due until then, what comes up meanwhile included, and stands at `until`.
   * Returns early, at the time of the event during which `interrupt` was called.
   */
  run(until: Micros): void {
    if (!(until >= this.#now) || until % 1 !== 0)
      throw new RangeError(`not a moment from ${this.#now} us on: ${until}`);
    const wheel = this.#wheel;
    this.#isInterrupted = false;
    for (;;) {
      const target = wheel.next(until);
      if (target === undefined) break;
      this.#now = wheel.time as Micros;
      this.#fired += 1;
      target.fire(wheel.what, wheel.detail);
      if (this.#isInterrupted) return;
    }
    this.#now = until;
  }

  /** The same for everything that is due before then, so that what is done at `until` comes before what happens at it. */
  runBefore(until: Micros): void {
    if (until === this.#now) return;
    const last = (until - 1) as Micros;
    this.run(last);
    if (!this.#isInterrupted) this.#now = until;
  }

  /** To be called from within an event: `run` returns after it. */
  interrupt(): void {
    this.#isInterrupted = true;
  }
}
