/** Who holds what before a run begins, and what each peer lacks of what it wants. */
import { wantedPieces } from './evidence.ts';
import { piecesHeld } from './holding.ts';
import type { PeerContent, PeerSpec, Plan } from './plan.ts';
import type { ContentFacts } from './world.ts';

/** In bytes, of one content. */
type Need = {
  readonly lacked: number;
  /** Of that, what only those have who have everything. */
  readonly fromSeeds: number;
};

const nothing: Need = { lacked: 0, fromSeeds: 0 };

export class Stock {
  readonly #plan: Pick<Plan, 'seed' | 'peers'>;
  readonly #contents: readonly ContentFacts[];
  /** By content: the pieces of those who have some but not all. */
  readonly #scattered: readonly ReadonlySet<number>[];
  /** Those who begin with nothing and want the same need the same. */
  readonly #known = new Map<string, Need>();

  constructor(plan: Pick<Plan, 'seed' | 'peers'>, contents: readonly ContentFacts[]) {
    this.#plan = plan;
    this.#contents = contents;
    this.#scattered = contents.map((_, content) => {
      const some = plan.peers.filter((peer) => hasSome(partOf(peer, content)?.has));
      return new Set(some.flatMap((peer) => this.#held(peer, content)));
    });
  }

  lackedBytes(peer: PeerSpec): number {
    return peer.contents.reduce((sum, part) => sum + this.#need(peer, part).lacked, 0);
  }

  /** By content. */
  fromSeedsBytes(peer: PeerSpec): readonly number[] {
    return this.#contents.map((_, content) => {
      const part = partOf(peer, content);
      return part === undefined ? 0 : this.#need(peer, part).fromSeeds;
    });
  }

  #need(peer: PeerSpec, part: PeerContent): Need {
    if (part.has === 'all') return nothing;
    if (part.has !== 'nothing') return this.#worked(peer, part);
    const key = JSON.stringify([part.content, part.wants]);
    const need = this.#known.get(key) ?? this.#worked(peer, part);
    this.#known.set(key, need);
    return need;
  }

  #worked(peer: PeerSpec, { content, wants }: PeerContent): Need {
    const facts = this.#contents[content];
    if (facts === undefined) return nothing;
    const held = new Set(this.#held(peer, content));
    const lacked = [...wantedPieces(facts, wants)].filter((piece) => !held.has(piece));
    const rare = lacked.filter((piece) => this.#scattered[content]?.has(piece) !== true);
    return { lacked: bytesOf(facts, lacked), fromSeeds: bytesOf(facts, rare) };
  }

  #held(peer: PeerSpec, index: number): readonly number[] {
    const pieceCount = this.#contents[index]?.pieceCount ?? 0;
    return piecesHeld(this.#plan, peer, { index, pieceCount });
  }
}

export const isSeed = (peer: PeerSpec, content: number): boolean =>
  partOf(peer, content)?.has === 'all';

const partOf = ({ contents }: PeerSpec, content: number): PeerContent | undefined =>
  contents.find((part) => part.content === content);

const hasSome = (has: PeerContent['has'] | undefined): boolean =>
  has !== undefined && has !== 'all' && has !== 'nothing';

const bytesOf = ({ length, pieceLength }: ContentFacts, pieces: readonly number[]): number =>
  pieces.reduce((sum, piece) => sum + Math.min(pieceLength, length - piece * pieceLength), 0);
