/** Time as an argument: every machine is told what time it is. */
import type { Brand } from './brand.ts';

/** A point on the run's own clock, in milliseconds since the run began. */
export type Instant = Brand<number, 'Instant'>;

/** A length of time, in milliseconds. */
export type Duration = Brand<number, 'Duration'>;

export const start: Instant = 0 as Instant;
export const millis = (n: number): Duration => n as Duration;
export const seconds = (n: number): Duration => millis(n * 1_000);
export const minutes = (n: number): Duration => seconds(n * 60);

export const after = (at: Instant, wait: Duration): Instant => (at + wait) as Instant;
export const since = (now: Instant, then: Instant): Duration => (now - then) as Duration;

/** The earlier of two deadlines, where `undefined` means never. */
export function earlier(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  if (a === undefined) return b;
  return b === undefined || a < b ? a : b;
}
