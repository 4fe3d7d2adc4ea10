/** What one input has caused so far: the list that `handle` returns. */

const nothing: readonly never[] = [];

/**
 * Most inputs cause one thing or nothing. A list that is made with its first element is as small as it can be, where
 * pushing onto an empty one reserves room for seventeen: with millions of inputs that decides what memory costs.
 */
export class Outputs<Output> {
  #list: Output[] | undefined;

  add(output: Output): void {
    if (this.#list === undefined) this.#list = [output];
    else this.#list.push(output);
  }

  /** Everything since the last time, in order. The list is the caller's. */
  take(): readonly Output[] {
    const list = this.#list;
    if (list === undefined) return nothing;
    this.#list = undefined;
    return list;
  }
}
