/**
 * A hierarchical timing wheel (Varghese and Lauck, 1987). A slot of the finest level holds one microsecond, so a list
 * in order of insertion is all the order that is needed; a slot of each further level is a whole turn of the one below,
 * and is dealt out to it, in order, when its time has come.
 */

/** 4096 slots a level: most waits (up to 16 s) are dealt out once at most, and the tables stay in the cache. */
const digitBits = 12;
const slotCount = 1 << digitBits;
const digitMask = slotCount - 1;
const levelCount = 4;

/** Times are worked on in two halves, which are small integers. */
const half = 2 ** (2 * digitBits);

/** Nine years: what four levels can tell apart. */
export const latestMicros: number = half * half - 1;

const wordsPerLevel = slotCount / 32;
const summariesPerLevel = wordsPerLevel / 32;
const none = -1;
const firstCapacity = 1_024;

/** Where the numbers of an entry lie: side by side, so that they come from memory together. */
const entryLength = 4;
const timeAt = 0;
const whatAt = 1;
const detailAt = 2;
const followingAt = 3;

export class TimingWheel<Target> {
  /** What `next` has just taken out. */
  time = 0;
  what = 0;
  detail = 0;

  #size = 0;
  /** The first microsecond of the turn that the finest level shows, and its halves. */
  #turn = 0;
  #turnHigh = 0;
  #turnLow = 0;

  /** An entry is the index of its first number here. */
  #numbers = new Float64Array(firstCapacity * entryLength);
  readonly #targets: Target[] = [];
  /** The first of the entries that are free, which are chained like the others. */
  #free = none;
  #used = 0;

  /** By slot: its first and last entry. */
  readonly #heads = new Int32Array(levelCount * slotCount).fill(none);
  readonly #tails = new Int32Array(levelCount * slotCount).fill(none);
  /** A bit for each slot that is not empty, and a bit for each word of those that is not 0. */
  readonly #words = new Int32Array(levelCount * wordsPerLevel);
  readonly #summaries = new Int32Array(levelCount * summariesPerLevel);

  get size(): number {
    return this.#size;
  }

  /** `time` is whole, at most `latestMicros`, and not before the latest `until` that `next` was asked for. */
  insert(time: number, target: Target, what: number, detail: number): void {
    const entry = this.#takeEntry();
    this.#numbers[entry + timeAt] = time;
    this.#numbers[entry + whatAt] = what;
    this.#numbers[entry + detailAt] = detail;
    this.#targets[entry / entryLength] = target;
    this.#size += 1;
    this.#append(entry, time);
  }

  /** Takes out the first of what is due until then; `undefined` when nothing is. */
  next(until: number): Target | undefined {
    for (;;) {
      const digit = this.#firstSlot(0);
      if (digit !== none) {
        const time = this.#turn + digit;
        return time <= until ? this.#take(digit, time) : undefined;
      }
      if (!this.#turnOver(until)) return undefined;
    }
  }

  #take(slot: number, time: number): Target | undefined {
    const entry = this.#heads[slot] as number;
    const following = this.#entryBehind(entry);
    this.#heads[slot] = following;
    if (following === none) this.#clear(0, slot);
    this.#numbers[entry + followingAt] = this.#free;
    this.#free = entry;
    this.#size -= 1;
    this.time = time;
    this.what = (this.#numbers[entry + whatAt] as number) | 0;
    this.detail = this.#numbers[entry + detailAt] as number;
    return this.#targets[entry / entryLength];
  }

  /** Deals out the next slot of the coarser levels, unless it begins after `until`. */
  #turnOver(until: number): boolean {
    for (let level = 1; level < levelCount; level += 1) {
      const digit = this.#firstSlot(level);
      if (digit === none) continue;
      const start = this.#startOf(level, digit);
      if (start > until) return false;
      this.#turnTo(start);
      this.#dealOut(level, digit);
      return true;
    }
    return false;
  }

  #startOf(level: number, digit: number): number {
    if (level === 1) return this.#turnHigh * half + digit * slotCount;
    if (level === 2) return ((this.#turnHigh & ~digitMask) + digit) * half;
    return digit * slotCount * half;
  }

  #turnTo(start: number): void {
    this.#turn = start;
    this.#turnHigh = Math.floor(start / half);
    this.#turnLow = start - this.#turnHigh * half;
  }

  #dealOut(level: number, digit: number): void {
    const slot = level * slotCount + digit;
    let entry = this.#heads[slot] as number;
    this.#clear(level, digit);
    while (entry !== none) {
      const following = this.#entryBehind(entry);
      this.#append(entry, this.#numbers[entry + timeAt] as number);
      entry = following;
    }
  }

  /** The level is that of the highest digit in which `time` differs from the turn. */
  #append(entry: number, time: number): void {
    const high = Math.floor(time / half);
    const low = time - high * half;
    if (high === this.#turnHigh) {
      if ((low ^ this.#turnLow) < slotCount) this.#chain(entry, 0, low & digitMask);
      else this.#chain(entry, 1, low >>> digitBits);
    } else if ((high ^ this.#turnHigh) < slotCount) this.#chain(entry, 2, high & digitMask);
    else this.#chain(entry, 3, high >>> digitBits);
  }

  #chain(entry: number, level: number, digit: number): void {
    const slot = level * slotCount + digit;
    this.#numbers[entry + followingAt] = none;
    if (this.#heads[slot] === none) {
      this.#heads[slot] = entry;
      const word = level * wordsPerLevel + (digit >>> 5);
      this.#words[word] = (this.#words[word] as number) | (1 << (digit & 31));
      const summary = word >>> 5;
      this.#summaries[summary] = (this.#summaries[summary] as number) | (1 << (word & 31));
    } else this.#numbers[(this.#tails[slot] as number) + followingAt] = entry;
    this.#tails[slot] = entry;
  }

  #clear(level: number, digit: number): void {
    this.#heads[level * slotCount + digit] = none;
    const word = level * wordsPerLevel + (digit >>> 5);
    const left = (this.#words[word] as number) & ~(1 << (digit & 31));
    this.#words[word] = left;
    const summary = word >>> 5;
    if (left === 0)
      this.#summaries[summary] = (this.#summaries[summary] as number) & ~(1 << (word & 31));
  }

  #firstSlot(level: number): number {
    const from = level * summariesPerLevel;
    for (let summary = from; summary < from + summariesPerLevel; summary += 1) {
      const words = this.#summaries[summary] as number;
      if (words === 0) continue;
      const word = summary * 32 + lowestBit(words);
      return (word - level * wordsPerLevel) * 32 + lowestBit(this.#words[word] as number);
    }
    return none;
  }

  #entryBehind(entry: number): number {
    return (this.#numbers[entry + followingAt] as number) | 0;
  }

  #takeEntry(): number {
    const free = this.#free;
    if (free !== none) {
      this.#free = this.#entryBehind(free);
      return free;
    }
    if (this.#used === this.#numbers.length) this.#grow();
    this.#used += entryLength;
    return this.#used - entryLength;
  }

  #grow(): void {
    const grown = new Float64Array(2 * this.#numbers.length);
    grown.set(this.#numbers);
    this.#numbers = grown;
  }
}

const lowestBit = (word: number): number => 31 - Math.clz32(word & -word);
