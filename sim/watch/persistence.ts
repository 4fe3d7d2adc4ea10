/** What may be wrong for a moment, but not for long: remembers since when it is. */
import type { Instant } from '../../core/time.ts';

export type Wrong = {
  readonly isWrong: boolean;
  readonly mostMs: number;
  /** What is wrong, where one thing may follow another. */
  readonly of?: number | undefined;
};

export class Persistence {
  readonly #begun = new Map<string, { readonly since: Instant; readonly of: number | undefined }>();

  /** Whether `key` has been wrong at each look, and `of` the same, since longer than `mostMs` ago. */
  isLate(now: Instant, key: string, { isWrong, mostMs, of }: Wrong): boolean {
    if (!isWrong) {
      this.#begun.delete(key);
      return false;
    }
    const known = this.#begun.get(key);
    const begun = known?.of === of && known !== undefined ? known : { since: now, of };
    this.#begun.set(key, begun);
    return now - begun.since > mostMs;
  }

  /** Nobody has looked for so long that nothing can be said. */
  clear(): void {
    this.#begun.clear();
  }
}
