/** Drawing lots (BEP 3 leaves to chance whom a tracker names): so many of so many, in any order, at a cost of those drawn. */
import { type Random, randomBelow } from '../random.ts';

/** Half of the tries hit at least; with a coin that fell like this so often something is wrong with the coin. */
const maxTries = 64;

export class Lots {
  /** 1 for what is drawn; all 0 between calls. */
  #drawn = new Uint8Array(64);
  #deck = new Uint32Array(64);

  /** Writes `count` different numbers below `total` into `into`: every list of them is as likely as any other. */
  draw(
    random: Random,
    into: Uint32Array,
    { count, total }: { count: number; total: number },
  ): void {
    if (total <= 2 * count) this.#shuffle(random, into, { count, total });
    else this.#pick(random, into, { count, total });
  }

  /** Where most are drawn: the first steps of the shuffle of Fisher and Yates. */
  #shuffle(
    random: Random,
    into: Uint32Array,
    { count, total }: { count: number; total: number },
  ): void {
    if (this.#deck.length < total) this.#deck = new Uint32Array(2 * total);
    const deck = this.#deck;
    for (let i = 0; i < total; i += 1) deck[i] = i;
    for (let i = 0; i < count; i += 1) {
      const at = i + randomBelow(random, total - i);
      into[i] = deck[at] ?? 0;
      deck[at] = deck[i] ?? 0;
    }
  }

  /** Where few are drawn: again, when it is one that is out already. */
  #pick(
    random: Random,
    into: Uint32Array,
    { count, total }: { count: number; total: number },
  ): void {
    if (this.#drawn.length < total) this.#drawn = new Uint8Array(2 * total);
    const drawn = this.#drawn;
    for (let i = 0; i < count; i += 1) {
      let number = randomBelow(random, total);
      for (let tries = 1; drawn[number] === 1; tries += 1)
        number = tries < maxTries ? randomBelow(random, total) : (number + 1) % total;
      drawn[number] = 1;
      into[i] = number;
    }
    for (let i = 0; i < count; i += 1) drawn[into[i] ?? 0] = 0;
  }
}
