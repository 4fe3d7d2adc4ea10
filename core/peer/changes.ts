/** How often a peer may change its mind: each change is cheap to send and makes us think (BEP 3, choking and interest). */
import type { Instant } from '../time.ts';
import { since } from '../time.ts';

/** So many at once: more than a busy honest peer saves up in ten seconds. */
export const maxChanges = 1_000;

/** So many for ever: choking is decided every ten seconds, and interest seldom changes but with our own news. */
export const changesPerSec = 100;

/** Thousandths, so that a millisecond gives back a whole number of them. */
const whole = 1_000;

/** An allowance that time refills, and so does what we say ourselves, since it is answered with changes. */
export class ChangeAllowance {
  #leftThousandths = maxChanges * whole;
  #at: Instant;

  constructor(now: Instant) {
    this.#at = now;
  }

  /** Takes one change; false when there was none left. */
  take(now: Instant): boolean {
    this.grant(now, 0);
    if (this.#leftThousandths < whole) return false;
    this.#leftThousandths -= whole;
    return true;
  }

  grant(now: Instant, changes: number): void {
    const elapsed = Math.max(0, since(now, this.#at));
    this.#at = now;
    const more = elapsed * changesPerSec + changes * whole;
    this.#leftThousandths = Math.min(maxChanges * whole, this.#leftThousandths + more);
  }
}
