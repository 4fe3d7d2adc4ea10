/** What may be wrong for a moment, but not for long: remembers since when it is. */
import type { Instant } from '../../core/time.ts';

export class Persistence {
  readonly #since = new Map<string, Instant>();

  /** Whether `key` has been wrong at each look since longer than `mostMs` ago. */
  isLate(now: Instant, key: string, isWrong: boolean, mostMs: number): boolean {
    if (!isWrong) {
      this.#since.delete(key);
      return false;
    }
    const since = this.#since.get(key) ?? now;
    this.#since.set(key, since);
    return now - since > mostMs;
  }

  /** Nobody has looked for so long that nothing can be said. */
  clear(): void {
    this.#since.clear();
  }
}
