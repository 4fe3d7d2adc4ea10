/** Virtual time: whole microseconds since the run began, which a number holds exactly for 285 years. */
import type { Brand } from '../../core/brand.ts';
import type { Duration, Instant } from '../../core/time.ts';

/** A point in virtual time, or a length of it, in whole microseconds. */
export type Micros = Brand<number, 'Micros'>;

const perMilli = 1_000;

/** The nearest whole microsecond. */
export const micros = (n: number): Micros => Math.round(n) as Micros;

/** `ms` may be broken: 0.25 ms are 250 microseconds. */
export const microsOfMillis = (ms: number): Micros => micros(ms * perMilli);

/** The whole milliseconds that have passed, as a clock that ticks in milliseconds shows them. */
export const millisOf = (at: Micros): Instant => Math.floor(at / perMilli) as Instant;

/** The first microsecond at which a clock of milliseconds shows `at`. */
export const microsOf = (at: Instant | Duration): Micros => (at * perMilli) as Micros;

export const plus = (at: Micros, wait: number): Micros => (at + wait) as Micros;
