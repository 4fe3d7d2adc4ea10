/** Collects what was observed, as the record wants it. */
import type { Endpoint } from '../core/torrent/ids.ts';
import type { Plan } from './plan.ts';
import type { PeerRecord, PeerSample, TrackerSample, TrueLists } from './record.ts';
import type { Observation, PeerObservation } from './world.ts';

export class Samples {
  readonly #peers: PeerSample[] = [];
  readonly #tracker: TrackerSample[] = [];
  readonly #gone = new Set<string>();
  /** Every address of each peer that was seen, the latest last. */
  readonly #addresses = new Map<string, readonly Endpoint[]>();

  get peers(): readonly PeerSample[] {
    return this.#peers;
  }

  get tracker(): readonly TrackerSample[] {
    return this.#tracker;
  }

  /** `truth` is what the lists should be at that moment. */
  add(seen: Observation, truth: readonly TrueLists[]): void {
    for (const [name, peer] of seen.peers) {
      this.#locate(name, peer.address);
      // One sample tells that a peer is gone; more of them would only repeat it.
      if (!peer.isUp && this.#gone.has(name)) continue;
      if (peer.isUp) this.#gone.delete(name);
      else this.#gone.add(name);
      this.#peers.push(sampleOf(seen, name, peer));
    }
    const word = seen.tracker;
    if (word === undefined || word.askedAt === this.#tracker.at(-1)?.askedAt) return;
    const { torrents, ...asked } = word;
    this.#tracker.push({ ...asked, word: torrents, truth });
  }

  /** Who took part, in the order of the plan. */
  records(plan: Plan): readonly PeerRecord[] {
    return plan.peers.map(({ name, role, peerId }) => {
      const seen = this.#addresses.get(name) ?? [];
      const [address, movedFrom] = [seen.at(-1), seen.slice(0, -1)];
      return {
        name,
        role,
        peerId,
        ...(address === undefined ? {} : { address }),
        ...(movedFrom.length === 0 ? {} : { movedFrom }),
      };
    });
  }

  #locate(name: string, address: Endpoint | undefined): void {
    const seen = this.#addresses.get(name) ?? [];
    const last = seen.at(-1);
    if (address === undefined || (address.ip === last?.ip && address.port === last.port)) return;
    this.#addresses.set(name, [...seen, address]);
  }
}

function sampleOf({ at }: Observation, name: string, peer: PeerObservation): PeerSample {
  return {
    at,
    peer: name,
    isUp: peer.isUp,
    piecesHave: peer.piecesHave,
    pieceCount: peer.pieceCount,
    isComplete: peer.isComplete,
    bytesDown: peer.bytesDown,
    bytesUp: peer.bytesUp,
    bytesWasted: peer.bytesWasted,
    downBytesPerSec: peer.downBytesPerSec,
    upBytesPerSec: peer.upBytesPerSec,
    connections: peer.connections,
  };
}
