/** What a swarm of any kind has cost. */
import type { ProcessCost } from '../process-cost.ts';
import { cpuOf, sum } from '../swarm/swarm-metrics.ts';

/** Of all processes together. */
export type Costs = { readonly cpuSeconds: number; readonly privateBytes: number };

export const costsOf = (costs: readonly ProcessCost[]): Costs => ({
  cpuSeconds: sum(costs.map(cpuOf)),
  privateBytes: sum(costs.map(({ privateBytes }) => privateBytes)),
});
