/** Whether numbers were drawn from a law: the one-sample test of Kolmogorov and Smirnov. */

/** Terms of the series that are worth adding: each is far smaller than the last. */
const terms = 100;

/** The chance that so many draws from the law lie as far from it as these do, or farther. */
export function kolmogorovP(values: readonly number[], law: (value: number) => number): number {
  const count = values.length;
  const sorted = [...values].sort((a, b) => a - b);
  const distance = sorted.reduce((most, value, i) => {
    const below = law(value);
    return Math.max(most, below - i / count, (i + 1) / count - below);
  }, 0);
  // Stephens' correction makes the limit law good from five draws on (JRSS B 32, 1970).
  const root = Math.sqrt(count);
  return limitLaw((root + 0.12 + 0.11 / root) * distance);
}

/** Kolmogorov's law: 2 times the sum of (-1)^(k-1) exp(-2 k^2 x^2). */
function limitLaw(x: number): number {
  if (x < 0.2) return 1;
  let p = 0;
  for (let k = 1; k <= terms; k += 1) p += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, Math.max(0, p));
}
