/** How long answers took: counted in slots, so that a million of them take no more room than ten. */

/** Beyond that an answer counts as lost anyway. */
const slots = 400_000;
const slotsPerMs = 100;

export class Latencies {
  readonly #counts = new Uint32Array(slots);
  #total = 0;

  add(ms: number): void {
    const slot = Math.min(slots - 1, Math.floor(ms * slotsPerMs));
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
    this.#total += 1;
  }

  /** The time in ms within which that share of the answers came, to a hundredth; 0 when there are none. */
  percentile(share: number): number {
    let left = this.#total * share;
    for (let slot = 0; slot < slots; slot += 1) {
      left -= this.#counts[slot] ?? 0;
      if (left <= 0 && this.#total > 0) return (slot + 1) / slotsPerMs;
    }
    return 0;
  }
}
