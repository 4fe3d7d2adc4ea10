/** Peer ids as the names that people know. */
import type { PeerId } from '../core/torrent/ids.ts';
import type { Plan } from '../sim/plan.ts';

/** Names in order, separated by spaces; who is not in the plan keeps its id. */
export type Namer = (ids: readonly PeerId[] | undefined) => string;

export function namer(plan: Plan): Namer {
  const nameOf = new Map(plan.peers.map(({ peerId, name }) => [peerId, name]));
  return (ids = []) =>
    ids
      .map((id) => nameOf.get(id) ?? id)
      .sort()
      .join(' ');
}
