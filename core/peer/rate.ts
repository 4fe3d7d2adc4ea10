/** How fast bytes have lately gone over a connection (BEP 3: "measured rate"). */
import type { Duration, Instant } from '../time.ts';
import { seconds, since } from '../time.ts';

/** Long enough that one burst does not decide a choke round, short enough to follow a change: as in mainline. */
const defaultWindow = seconds(20);

/**
 * Bytes of a window that slides with time: what is older weighs less and less.
 * The window grows with the connection's age at first, so that a young rate is not an average with nothing.
 */
export class RateMeter {
  readonly #window: Duration;
  #bytes = 0;
  #total = 0;
  #startedAt: Instant | undefined;
  #updatedAt = 0 as Instant;

  constructor(window: Duration = defaultWindow) {
    this.#window = window;
  }

  /** All bytes ever added. */
  get total(): number {
    return this.#total;
  }

  add(now: Instant, bytes: number): void {
    this.#age(now);
    this.#bytes += bytes;
    this.#total += bytes;
  }

  /** Bytes/s over the window that ends now. */
  rate(now: Instant): number {
    if (this.#startedAt === undefined) return 0;
    this.#age(now);
    const span = Math.min(this.#window, Math.max(1_000, since(now, this.#startedAt)));
    return (this.#bytes * 1_000) / span;
  }

  #age(now: Instant): void {
    if (this.#startedAt === undefined) {
      this.#startedAt = now;
      this.#updatedAt = now;
      return;
    }
    const elapsed = since(now, this.#updatedAt);
    if (elapsed <= 0) return;
    // The window is full once the meter is as old as it; only from then on do old bytes leave it.
    if (since(now, this.#startedAt) > this.#window)
      this.#bytes *= Math.exp(-elapsed / this.#window);
    this.#updatedAt = now;
  }
}
