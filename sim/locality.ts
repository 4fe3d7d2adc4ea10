/** What a scenario's tracker knows of networks: which peers it names to whom (Bindal et al., ICDCS 2006). */
import type { Locality } from '../core/tracker/locality.ts';
import type { Plan } from './plan.ts';

/** Undefined when the tracker names everybody alike. `nameAt` says whose an address is. */
export function localityOf(
  { peers, tracker }: Pick<Plan, 'peers' | 'tracker'>,
  nameAt: (ip: string) => string | undefined,
): Locality | undefined {
  const { external } = tracker;
  if (external === undefined) return undefined;
  const networks = new Map(peers.map(({ name, network }) => [name, network]));
  const networkOf = (ip: string): number | undefined => networks.get(nameAt(ip) ?? '');
  return { external, networkOf };
}
