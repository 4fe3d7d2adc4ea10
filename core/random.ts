/** Chance as an argument: seeded streams, one for each user of chance. */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A stream of numbers in [0, 1). */
export type Random = () => number;

/** A stream of its own per seed and name, so that one more draw here never shifts the draws over there. */
export function randomStream(seed: number | string, name: string): Random {
  let hash = 0;
  for (const char of `${seed}/${name}`)
    hash = Math.imul(hash ^ char.charCodeAt(0), 0x0100_0193) ^ (hash >>> 15);
  const generator = xoroshiro128plus(hash);
  return () => (generator.next() >>> 0) / 2 ** 32;
}

/** A whole number in [0, count). */
export const randomBelow = (random: Random, count: number): number => Math.floor(random() * count);

/** A copy of `items` in random order. */
export function shuffled<Item>(random: Random, items: readonly Item[]): Item[] {
  const copy = [...items];
  for (let i = copy.length - 1; i > 0; i -= 1) {
    const j = randomBelow(random, i + 1);
    const held = copy[i] as Item;
    copy[i] = copy[j] as Item;
    copy[j] = held;
  }
  return copy;
}

/** `length` random bytes, for peer ids and keys. */
export const randomBytes = (random: Random, length: number): Uint8Array =>
  Uint8Array.from({ length }, () => randomBelow(random, 256));
