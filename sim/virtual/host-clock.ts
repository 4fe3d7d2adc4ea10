/** What a host believes the time to be: whole milliseconds, set wrong by so much and running fast or slow. */
import type { Instant } from '../../core/time.ts';
import { type Micros, micros } from './micros.ts';

export type ClockSpec = {
  /** How much the clock is ahead; negative when it is behind. */
  readonly skewMs: number;
  /** Parts per million that it gains; negative when it loses. */
  readonly driftPpm: number;
};

const perMilli = 1_000;
const perMillion = 1_000_000;

export class HostClock {
  /** The right time: one clock for all who have it. */
  static readonly right: HostClock = new HostClock();

  readonly #skewMs: number;
  readonly #pace: number;

  constructor({ skewMs, driftPpm }: ClockSpec = { skewMs: 0, driftPpm: 0 }) {
    this.#skewMs = Math.round(skewMs);
    this.#pace = 1 + driftPpm / perMillion;
  }

  /** What the clock shows at `at`. */
  show(at: Micros): Instant {
    return (Math.floor((at * this.#pace) / perMilli) + this.#skewMs) as Instant;
  }

  /** The first microsecond at which it shows `shown` or later. */
  when(shown: Instant): Micros {
    let at = Math.max(0, micros(((shown - this.#skewMs) * perMilli) / this.#pace));
    while (at > 0 && this.show((at - 1) as Micros) >= shown) at -= 1;
    while (this.show(at as Micros) < shown) at += 1;
    return at as Micros;
  }
}
