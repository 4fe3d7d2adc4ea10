/** Steps in order of time, and those of one moment in the order in which they were put in. */
import type { Instant } from '../core/time.ts';
import type { Step } from './step.ts';

type Queued = { readonly step: Step; readonly order: number };

/** A binary heap: steps come in while others are taken, and there may be one for each of ten thousand peers. */
export class StepQueue {
  readonly #heap: Queued[] = [];
  #pushed = 0;

  constructor(steps: readonly Step[]) {
    for (const step of steps) this.push(step);
  }

  get size(): number {
    return this.#heap.length;
  }

  /** When the first is due; undefined when there is none. */
  get next(): Instant | undefined {
    return this.#heap[0]?.step.at;
  }

  push(step: Step): void {
    const queued = { step, order: this.#pushed++ };
    let at = this.#heap.length;
    for (let above = (at - 1) >> 1; at > 0; above = (at - 1) >> 1) {
      const parent = this.#heap[above];
      if (parent === undefined || isBefore(parent, queued)) break;
      this.#heap[at] = parent;
      at = above;
    }
    this.#heap[at] = queued;
  }

  /** Takes the first when it is due by `now`. */
  take(now: Instant): Step | undefined {
    const [first] = this.#heap;
    if (first === undefined || first.step.at > now) return undefined;
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) this.#sink(last);
    return first.step;
  }

  #sink(queued: Queued): void {
    let at = 0;
    for (;;) {
      const [left, right] = [this.#heap[2 * at + 1], this.#heap[2 * at + 2]];
      const isRight = right !== undefined && left !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (child === undefined || isBefore(queued, child)) break;
      this.#heap[at] = child;
      at = 2 * at + (isRight ? 2 : 1);
    }
    this.#heap[at] = queued;
  }
}

const isBefore = (a: Queued, b: Queued): boolean =>
  a.step.at < b.step.at || (a.step.at === b.step.at && a.order < b.order);
