/** A peer that serves bad blocks: which ones, and what is wrong with them. */
import { randomBelow, type Random } from '../../core/random.ts';
import type { Corruption } from '../scenario.ts';

/** Spoils none, all or some of the blocks that pass through it, as it was last told. */
export class Spoiler {
  readonly #random: Random;
  #corruption: Corruption;

  constructor(corruption: Corruption, random: Random) {
    this.#corruption = corruption;
    this.#random = random;
  }

  set(corruption: Corruption): void {
    this.#corruption = corruption;
  }

  /** The block itself, or a copy with one byte wrong. */
  pass(block: Uint8Array): Uint8Array {
    if (!this.#isChosen()) return block;
    const spoilt = block.slice();
    spoilt[0] = ~(spoilt[0] ?? 0) & 255;
    return spoilt;
  }

  #isChosen(): boolean {
    const corruption = this.#corruption;
    if (typeof corruption === 'object') return randomBelow(this.#random, corruption.oneIn) === 0;
    return corruption === 'always';
  }
}
