/** What was changed or left out while reading foreign input. */

/** A hundred tell the story; a hostile file could cause a million. */
const maxWarnings = 100;

export class Warnings {
  readonly #kept: string[] = [];
  #left = 0;

  /** `text` is a sentence fit for a terminal. */
  add(text: string): void {
    if (this.#kept.length < maxWarnings) this.#kept.push(text);
    else this.#left += 1;
  }

  /** The first hundred, and how many more there were. */
  list(): readonly string[] {
    return this.#left === 0 ? this.#kept : [...this.#kept, `and ${this.#left} more warnings`];
  }
}
