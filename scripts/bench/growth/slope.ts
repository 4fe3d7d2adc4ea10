/** How fast a cost grows with a size. */
import { linearRegression } from 'simple-statistics';

export type Point = { readonly size: number; readonly cost: number };

/**
 * The slope of the line through the points on logarithmic axes: 1 is a cost in proportion to the size, 2 one that grows
 * with its square, 0 one that does not grow.
 */
export function slopeOf(points: readonly Point[]): number {
  const logs = points.map(({ cost, size }) => [Math.log(size), Math.log(cost)]);
  return linearRegression(logs).m;
}
