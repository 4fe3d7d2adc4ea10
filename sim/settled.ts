/** Whether a swarm has come to rest. */
import type { PeerId } from '../core/torrent/ids.ts';
import { isHostile } from './hostile/kinds.ts';
import type { Plan } from './plan.ts';
import type { TrueLists } from './record.ts';
import type { ContentFacts, Observation } from './world.ts';

/** What the runner knows without asking the tracker. */
export type Known = {
  readonly plan: Plan;
  readonly contents: readonly ContentFacts[];
  /** By content. */
  readonly truth: readonly TrueLists[];
};

/** Everyone honest who is up has what it wants, and of them the tracker's catalogue names just the seeders there are. */
export function hasSettled(seen: Observation, known: Known): boolean {
  const hostile = new Set(known.plan.peers.filter(isHostile).map(({ name }) => name));
  const up = [...seen.peers].filter(([name, { isUp }]) => isUp && !hostile.has(name));
  return up.every(([, { isComplete }]) => isComplete) && saysTheTruth(seen, known);
}

function saysTheTruth({ tracker }: Observation, { plan, contents, truth }: Known): boolean {
  if (tracker === undefined || tracker.failure !== undefined) return false;
  const honest = plan.peers.filter((peer) => !isHostile(peer));
  const idOf = new Map<string, PeerId>(honest.map(({ peerId, name }) => [name, peerId]));
  const honestIds = new Set(idOf.values());
  return contents.every(({ infoHash }, index) => {
    const word = tracker.torrents.find((torrent) => torrent.infoHash === infoHash);
    const listed = new Set(word?.catalogue?.seeders.filter((id) => honestIds.has(id)));
    const seeders = (truth[index]?.seeders ?? []).filter((name) => idOf.has(name));
    return (
      seeders.length === listed.size && seeders.every((name) => isListed(listed, idOf.get(name)))
    );
  });
}

const isListed = (listed: ReadonlySet<PeerId>, peerId: PeerId | undefined): boolean =>
  peerId !== undefined && listed.has(peerId);
