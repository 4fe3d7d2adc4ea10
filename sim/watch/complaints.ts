/** What a witness found wrong, by the rule that was broken. */
import type { CheckResult } from '../record.ts';

type Broken = { count: number; readonly first: string };

export class Complaints {
  readonly #broken = new Map<string, Broken>();

  add(rule: string, detail: string): void {
    const known = this.#broken.get(rule);
    if (known === undefined) this.#broken.set(rule, { count: 1, first: detail });
    else known.count += 1;
  }

  /** Whether any rule was broken. */
  get any(): boolean {
    return this.#broken.size > 0;
  }

  /** One for each rule that was broken, in the order in which they first were; `kept` is told when none was. */
  checks(kept: string): readonly CheckResult[] {
    if (this.#broken.size === 0) return [{ name: 'invariants', held: true, detail: kept }];
    return Array.from(this.#broken, ([rule, { count, first }]) => ({
      name: `invariant: ${rule}`,
      held: false,
      detail: count === 1 ? first : `${first}; and ${count - 1} more`,
    }));
  }
}

/** Says who broke which rule and when. */
export type Complain = (rule: string, detail: string) => void;
