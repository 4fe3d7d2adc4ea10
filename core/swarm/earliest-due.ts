/** The earliest of many deadlines, known without looking at them. */
import type { Instant } from '../time.ts';

const never = Infinity as Instant;

/**
 * Nothing is due before this, as long as every deadline is only ever put off: one that is new, or has come nearer, is
 * told. Whoever has looked at all of them begins again.
 */
export class EarliestDue {
  #at: Instant = never;

  isDue(now: Instant): boolean {
    return this.#at <= now;
  }

  /** `undefined` is never. */
  include(deadline: Instant | undefined): void {
    if (deadline !== undefined && deadline < this.#at) this.#at = deadline;
  }

  /** Forgets all of them: they are about to be included anew. */
  restart(): void {
    this.#at = never;
  }
}
