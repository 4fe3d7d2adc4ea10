/** A peer that serves bad blocks: which ones, and what is wrong with them. */
import { randomBelow, type Random } from '../core/random.ts';
import type { Corruption } from './scenario.ts';

/** Gives back a block that is not the one it was given, which stays as it is. */
export type Spoil = (block: Uint8Array) => Uint8Array;

/** Spoils none, all or some of the blocks that pass through it, as it was last told. */
export class Spoiler {
  readonly #random: Random;
  readonly #spoil: Spoil;
  #corruption: Corruption;

  constructor(corruption: Corruption, random: Random, spoil: Spoil = firstByteInverted) {
    this.#corruption = corruption;
    this.#random = random;
    this.#spoil = spoil;
  }

  set(corruption: Corruption): void {
    this.#corruption = corruption;
  }

  /** The block itself, or what is made of it. */
  pass(block: Uint8Array): Uint8Array {
    return this.#isChosen() ? this.#spoil(block) : block;
  }

  #isChosen(): boolean {
    const corruption = this.#corruption;
    if (typeof corruption === 'object') return randomBelow(this.#random, corruption.oneIn) === 0;
    return corruption === 'always';
  }
}

function firstByteInverted(block: Uint8Array): Uint8Array {
  const spoilt = block.slice();
  spoilt[0] = ~(spoilt[0] ?? 0) & 255;
  return spoilt;
}
