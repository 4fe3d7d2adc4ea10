/** Spoils the blocks it serves: all of them, or a few among many. */
import { Spoiler } from '../spoiler.ts';
import type { Corruption } from '../scenario.ts';
import type { Trick, TrickParts } from './trick.ts';

export const poisoner =
  (corruption: Corruption) =>
  ({ random, spoil }: TrickParts): Trick => {
    const spoiler = new Spoiler(corruption, random, spoil);
    return {
      said: (saying) =>
        saying.type === 'piece' ? [{ ...saying, block: spoiler.pass(saying.block) }] : [saying],
    };
  };
