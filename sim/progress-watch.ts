/** What peers tell of their progress that steps may wait for: that they joined, that they hold everything they want. */
import type { Instant } from '../core/time.ts';
import type { InfoHash } from '../core/torrent/ids.ts';
import type { Plan } from './plan.ts';
import type { ContentFacts, RecordedEvent } from './world.ts';

export type News = {
  readonly at: Instant;
  readonly peer: string;
  readonly type: 'joined' | 'completed';
};

/** Whether the runner wants to be told of this at once: worlds end an `advance` after it. */
export const isNews = ({ type }: Pick<RecordedEvent, 'type'>): boolean =>
  type === 'opened' || type === 'completed';

export class ProgressWatch {
  readonly #contents: ReadonlyMap<InfoHash, number>;
  /** The contents that each peer has yet to complete. */
  readonly #lacking: ReadonlyMap<string, Set<number>>;

  constructor(plan: Pick<Plan, 'peers'>, contents: readonly ContentFacts[]) {
    this.#contents = new Map(contents.map(({ infoHash }, index) => [infoHash, index]));
    this.#lacking = new Map(
      plan.peers.map((peer) => [peer.name, new Set(peer.contents.map(({ content }) => content))]),
    );
  }

  /** What the event comes to. A peer with several contents has completed with the last of them. */
  see(event: RecordedEvent): readonly News[] {
    if (!isNews(event)) return [];
    const { at, peer } = event;
    const content = this.#contents.get(event.infoHash);
    const lacking = this.#lacking.get(peer);
    if (content === undefined || lacking === undefined) return [];
    const isWhole = event.type === 'completed' || isSeed(event);
    if (isWhole) lacking.delete(content);
    else lacking.add(content);
    return [
      ...(event.type === 'opened' ? [{ at, peer, type: 'joined' } as const] : []),
      ...(isWhole && lacking.size === 0 ? [{ at, peer, type: 'completed' } as const] : []),
    ];
  }
}

const isSeed = (event: RecordedEvent): boolean =>
  event.type === 'opened' && event.piecesHave === event.pieceCount;
