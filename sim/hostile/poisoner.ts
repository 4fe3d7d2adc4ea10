/** Spoils the blocks it serves: all of them, or a few among many. */
import { randomBelow } from '../../core/random.ts';
import type { Trick, TrickParts } from './trick.ts';

/** Counted rather than left to chance: whoever serves so many has spoilt one, so that something can be expected of it. */
const rarely = 100;

export const poisoner = ({ spoil }: TrickParts): Trick => spoiling(() => true, spoil);

export const rarePoisoner = ({ random, spoil }: TrickParts): Trick => {
  let untilNext = randomBelow(random, rarely);
  return spoiling(() => {
    const isNext = untilNext === 0;
    untilNext = isNext ? rarely - 1 : untilNext - 1;
    return isNext;
  }, spoil);
};

const spoiling = (isChosen: () => boolean, spoil: TrickParts['spoil']): Trick => ({
  said: (saying) =>
    saying.type === 'piece' && isChosen() ? [{ ...saying, block: spoil(saying.block) }] : [saying],
});
