/**
 * Biased neighbours: a tracker that names mostly peers of the asker's own network, so that traffic stays there
 * (Bindal et al., ICDCS 2006). No BEP says whom a tracker should name (BEP 3 leaves it to chance).
 */
import { type Random, randomBelow } from '../random.ts';

export type Locality = {
  /** Which network an address is in; undefined: none that we know, and then chance alone decides. */
  readonly networkOf: (ip: string) => number | undefined;
  /** Peers of other networks in an answer, at most. */
  readonly external: number;
};

export type NearChoice = {
  /** How many are wanted at most. */
  readonly count: number;
  readonly network: number;
};

/** Somebody who could be named, by the place that the swarm knows it by, and where it is. */
export type Candidate = { readonly place: number; readonly ip: string };

/**
 * At most `external` of the candidates from elsewhere, which come first, and for the rest some of those in the same
 * network. When there are few of these the answer is short: filling it up from elsewhere would undo the bias just in
 * the crowd's first seconds, when most connections are made.
 */
export function chooseNear(
  random: Random,
  candidates: readonly Candidate[],
  { external, networkOf }: Locality,
  { count, network }: NearChoice,
): Candidate[] {
  const near: Candidate[] = [];
  const far: Candidate[] = [];
  for (const peer of candidates) (networkOf(peer.ip) === network ? near : far).push(peer);
  const foreign = some(random, far, Math.min(external, count));
  return [...foreign, ...some(random, near, count - foreign.length)];
}

/** Up to `count` of the peers, every set of them as likely as any other. Moves them about in their array. */
function some(random: Random, peers: Candidate[], count: number): Candidate[] {
  const most = Math.min(count, peers.length);
  for (let i = 0; i < most; i += 1) {
    const j = i + randomBelow(random, peers.length - i);
    const held = peers[i] as Candidate;
    peers[i] = peers[j] as Candidate;
    peers[j] = held;
  }
  return peers.slice(0, most);
}
