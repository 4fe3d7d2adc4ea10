/** The distributions that scenarios draw from. Each draw takes what it needs from the stream and nothing else. */
import { never } from '../core/never.ts';
import type { Random } from '../core/random.ts';
import { type Duration, millis } from '../core/time.ts';
import { maxDuration } from './limits.ts';
import type { Drawn } from './scenario.ts';

/** One draw, in whole milliseconds; the far tail of a heavy one is cut at `maxDuration`. */
export function drawDuration(drawn: Drawn, random: Random): Duration {
  if ('exponential' in drawn) return whole(exponential(drawn.exponential.mean, random));
  if ('weibull' in drawn) return whole(weibull(drawn.weibull, random));
  if ('logNormal' in drawn) {
    const { median, sigma } = drawn.logNormal;
    return whole(median * Math.exp(sigma * normal(random)));
  }
  return never(drawn);
}

/** By inversion; `random` never gives 1, so the logarithm is finite. */
export const exponential = (mean: number, random: Random): number => -mean * Math.log(1 - random());

export const weibull = (
  { shape, scale }: { readonly shape: number; readonly scale: number },
  random: Random,
): number => scale * (-Math.log(1 - random())) ** (1 / shape);

/** Box and Muller's, taking the one of the pair that is a cosine. */
function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}

const whole = (ms: number): Duration => millis(Math.round(Math.min(ms, maxDuration)));
