/** Student's t distribution: how far a mean of few runs may lie from the truth by chance. */
import { bisect, gammaln } from 'simple-statistics';

/** Nobody asks for a share of which this is not beyond. */
const farOut = 1e6;
const maxSteps = 200;
const tolerance = 1e-9;

/** How probable it is by chance alone to be `t` or further from 0, on either side, with so many degrees of freedom. */
export const twoSidedChance = (t: number, freedom: number): number =>
  incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);

/** The `t` that is reached or passed, on either side, with this chance: 2.262 for 0.05 and 9 degrees of freedom. */
export function criticalT(chance: number, freedom: number): number {
  return bisect((t) => twoSidedChance(t, freedom) - chance, 0, farOut, maxSteps, tolerance);
}

/** I_x(a, b), the regularised incomplete beta function, by its continued fraction (Abramowitz and Stegun, 26.5.8). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast on this side of the mean; the other side is its mirror image.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = gammaln(a + b) - gammaln(a) - gammaln(b) + a * Math.log(x) + b * Math.log1p(-x);
  return Math.exp(front) / (a * fraction(x, a, b));
}

/** From its tail inwards: 1 + d1 / (1 + d2 / (1 + ...)). */
function fraction(x: number, a: number, b: number): number {
  let value = 1;
  for (let m = maxSteps; m >= 1; m -= 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m - 1) * (a + b + m - 1) * x) / ((a + 2 * m - 2) * (a + 2 * m - 1));
    value = 1 + odd / (1 + even / value);
  }
  return value;
}
