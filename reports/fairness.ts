/** How equal shares are (Jain, Chiu and Hawe, DEC-TR-301, 1984). */

/** (sum x)^2 / (n * sum x^2), from 1/n to 1; 1 of nobody and of those who all have nothing. */
export function jain(values: readonly number[]): number {
  const squares = values.reduce((sum, value) => sum + value * value, 0);
  if (squares === 0) return 1;
  return values.reduce((sum, value) => sum + value, 0) ** 2 / (values.length * squares);
}
