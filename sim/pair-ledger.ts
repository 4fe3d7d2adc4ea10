/** How much a peer exchanged with each of the others, over connections that are open, closed or were broken. */
import type { InfoHash, PeerId } from '../core/torrent/ids.ts';
import type { SwarmEvent } from '../core/swarm/event.ts';

export type PairCount = {
  readonly infoHash: InfoHash;
  readonly peerId: PeerId;
  readonly bytesDown: number;
  readonly bytesUp: number;
};

/** What a peer says of the connections that are open now. */
export type OpenConnections = {
  readonly torrents: readonly {
    readonly infoHash: InfoHash;
    readonly stats: { readonly peers: readonly Omit<PairCount, 'infoHash'>[] };
  }[];
};

/** One peer's account, over all of its lives. */
export class PairLedger {
  readonly #closed = new Map<string, PairCount>();
  readonly #open = new Map<string, PairCount>();

  /** What is open now, as the peer says. */
  see({ torrents }: OpenConnections): void {
    this.#open.clear();
    for (const { infoHash, stats } of torrents)
      for (const { peerId, bytesDown, bytesUp } of stats.peers)
        add(this.#open, { infoHash, peerId, bytesDown, bytesUp });
  }

  /** A closed connection is told of by its own last figures, and no longer by the peer's. */
  hear(event: SwarmEvent): void {
    if (event.type !== 'disconnected' || event.peerId === undefined) return;
    const { infoHash, peerId, bytesDown, bytesUp } = event;
    this.#open.delete(keyOf(event.infoHash, event.peerId));
    add(this.#closed, { infoHash, peerId, bytesDown, bytesUp });
  }

  /** The life is over: what was open when it was last seen is closed. */
  end(): void {
    for (const count of this.#open.values()) add(this.#closed, count);
    this.#open.clear();
  }

  /** Sums, one for each torrent and other peer. */
  totals(): readonly PairCount[] {
    const sums = new Map(this.#closed);
    for (const count of this.#open.values()) add(sums, count);
    return [...sums.values()];
  }
}

function add(counts: Map<string, PairCount>, more: PairCount): void {
  const key = keyOf(more.infoHash, more.peerId);
  const { bytesDown, bytesUp } = counts.get(key) ?? { bytesDown: 0, bytesUp: 0 };
  counts.set(key, {
    ...more,
    bytesDown: bytesDown + more.bytesDown,
    bytesUp: bytesUp + more.bytesUp,
  });
}

const keyOf = (infoHash: InfoHash, peerId: PeerId): string => `${infoHash} ${peerId}`;
