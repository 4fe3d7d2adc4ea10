/** Which seeds to play: `1..1000`, `7`, or `1,5,9`. */
import { usageError } from '../command-line/command-error.ts';

/** Beyond this the outcomes alone fill the memory. */
export const maxSeeds = 1_000_000;

const words = 'like 1..1000, 7 or 1,5,9';

/** In the order given, each once. */
export function parseSeeds(text: string): readonly number[] {
  const seeds = new Set<number>();
  for (const part of text.split(',')) {
    const [, first, last = first] = /^(\d+)(?:\.\.(\d+))?$/.exec(part.trim()) ?? [];
    const from = Number(first);
    const to = Number(last);
    if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || to < from)
      throw usageError(`--seeds is ${words}: '${part}' is not`);
    if (to - from >= maxSeeds - seeds.size)
      throw usageError(`--seeds: at most ${maxSeeds} of them`);
    for (let seed = from; seed <= to; seed += 1) seeds.add(seed);
  }
  return [...seeds];
}
