/** Which pieces a peer brings along: the recipe of the plan, worked out once the number of pieces is known. */
import { randomStream, shuffled } from '../core/random.ts';
import type { PeerSpec, Plan } from './plan.ts';

/**
 * The pieces `peer` holds of a content when it first joins, ascending. Pure, so that the world that makes the data
 * and the checks that read the record find the same. Empty for a content the peer takes no part in.
 */
export function piecesHeld(
  plan: Pick<Plan, 'seed' | 'peers'>,
  peer: PeerSpec,
  content: { readonly index: number; readonly pieceCount: number },
): readonly number[] {
  const has = peer.contents.find((part) => part.content === content.index)?.has;
  const every = Array.from({ length: content.pieceCount }, (_, piece) => piece);
  if (has === undefined || has === 'nothing') return [];
  if (has === 'all') return every;
  if (has === 'dealt') {
    const group = plan.peers.filter(({ role }) => role === peer.role).length;
    return every.filter((piece) => piece % group === peer.index);
  }
  if ('only' in has) return every.filter((piece) => has.only.includes(piece));
  if ('allBut' in has) return every.filter((piece) => !has.allBut.includes(piece));
  const random = randomStream(plan.seed, `${peer.name}/held/${content.index}`);
  const drawn = shuffled(random, every).slice(0, Math.round(has.share * content.pieceCount));
  return drawn.sort((a, b) => a - b);
}
