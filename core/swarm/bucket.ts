/** A rate limit: bytes may be taken as time brings them. */
import type { Instant } from '../time.ts';
import { after, millis, since } from '../time.ts';
import { blockBytes } from '../torrent/pieces.ts';

/** A tenth of a second at full rate: timers are not finer, and a link shows no bursts of that size. */
const burstsPerSec = 10;

/** Credit is counted in thousandths of a byte: with whole bytes and milliseconds it is exact. */
const milli = 1_000;

/** Grants at most `rate * time + burst` bytes; `undefined` as a rate means no limit. */
export class TokenBucket {
  readonly #burstBytes: number | undefined;
  #bytesPerSec: number | undefined;
  #milliBytes: number;
  #settledAt: Instant | undefined;

  /** `burstBytes` unless said: 100 ms of the rate, and never less than one block. */
  constructor(bytesPerSec: number | undefined, burstBytes?: number) {
    this.#burstBytes = burstBytes;
    this.#bytesPerSec = checkedRate(bytesPerSec);
    this.#milliBytes = this.#burst();
  }

  get isLimited(): boolean {
    return this.#bytesPerSec !== undefined;
  }

  /** Whole bytes that may be taken now; Infinity without a limit. */
  available(now: Instant): number {
    if (this.#bytesPerSec === undefined) return Infinity;
    this.#settle(now);
    return Math.max(0, Math.floor(this.#milliBytes / milli));
  }

  /** What was taken beyond `available` (bytes that had already come) is owed and paid off first. */
  take(now: Instant, bytes: number): void {
    if (this.#bytesPerSec === undefined) return;
    this.#settle(now);
    this.#milliBytes -= bytes * milli;
  }

  /** What has been saved up stays, as far as the new burst allows. */
  setRate(now: Instant, bytesPerSec: number | undefined): void {
    this.#settle(now);
    this.#bytesPerSec = checkedRate(bytesPerSec);
  }

  /** When `bytes` will be available if nothing is taken; more than the burst counts as the burst. */
  readyAt(now: Instant, bytes: number): Instant {
    if (this.#bytesPerSec === undefined) return now;
    this.#settle(now);
    const short = Math.min(bytes * milli, this.#burst()) - this.#milliBytes;
    return after(now, millis(Math.max(0, Math.ceil(short / this.#bytesPerSec))));
  }

  #burst(): number {
    const rate = this.#bytesPerSec ?? 0;
    return milli * (this.#burstBytes ?? Math.max(Math.ceil(rate / burstsPerSec), blockBytes));
  }

  /** A clock that steps back brings nothing, and nothing twice when it catches up. */
  #settle(now: Instant): void {
    const from = this.#settledAt ?? now;
    this.#settledAt = now > from ? now : from;
    const earned = (this.#bytesPerSec ?? 0) * since(this.#settledAt, from);
    this.#milliBytes = Math.min(this.#burst(), this.#milliBytes + earned);
  }
}

function checkedRate(bytesPerSec: number | undefined): number | undefined {
  if (bytesPerSec === undefined || bytesPerSec > 0) return bytesPerSec;
  throw new RangeError(`a rate must be above 0 bytes a second: ${bytesPerSec}`);
}
