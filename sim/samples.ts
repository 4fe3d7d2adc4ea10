/** Collects what was observed, as the record wants it. */
import type { Plan } from './plan.ts';
import type { RecordMode } from './scenario.ts';
import type { PeerRecord, PeerSample, TrackerSample, TrueLists } from './record.ts';
import type { Observation, PeerObservation } from './world.ts';

/** In a lean record, a peer that only goes on as before is looked at no more often than every so many samples. */
const restingEvery = 10;
/** The lists of ten thousand peers are half a megabyte; of more samples than this, every second one is given up. */
const maxTrackerSamples = 256;

export class Samples {
  readonly #isLean: boolean;
  readonly #peers: PeerSample[] = [];
  /** In a lean record: how each peer was last taken down, and how often it was passed over since. */
  readonly #last = new Map<string, { sample: PeerSample; passed: number }>();
  #tracker: TrackerSample[] = [];
  /** The last that was passed over; the end of a run shows how it came out. */
  #trackerSpare: TrackerSample | undefined;
  #trackerStride = 1;
  #trackerCount = 0;
  readonly #gone = new Set<string>();
  /** As last seen. */
  readonly #latest = new Map<string, PeerObservation>();

  constructor(record: RecordMode) {
    this.#isLean = record === 'lean';
  }

  get peers(): readonly PeerSample[] {
    return this.#peers;
  }

  get tracker(): readonly TrackerSample[] {
    return this.#trackerSpare === undefined
      ? this.#tracker
      : [...this.#tracker, this.#trackerSpare];
  }

  /** `truth` is what the lists should be at that moment. */
  add(seen: Observation, truth: readonly TrueLists[]): void {
    for (const [name, peer] of seen.peers) {
      this.#latest.set(name, peer);
      // One sample tells that a peer is gone; more of them would only repeat it.
      if (!peer.isUp && this.#gone.has(name)) continue;
      if (peer.isUp) this.#gone.delete(name);
      else this.#gone.add(name);
      const sample = sampleOf(seen, name, peer);
      if (!this.#isLean || this.#says(sample)) this.#peers.push(sample);
    }
    const word = seen.tracker;
    if (word === undefined || word.askedAt === this.tracker.at(-1)?.askedAt) return;
    const { torrents, ...asked } = word;
    this.#hear({ ...asked, word: torrents, truth });
  }

  /** Whether a sample of a lean record tells more than its rates, or than the last one that was kept. */
  #says(sample: PeerSample): boolean {
    const last = this.#last.get(sample.peer);
    if (last !== undefined && isSame(last.sample, sample) && last.passed + 1 < restingEvery) {
      last.passed += 1;
      return false;
    }
    this.#last.set(sample.peer, { sample, passed: 0 });
    return true;
  }

  #hear(sample: TrackerSample): void {
    const isKept = !this.#isLean || this.#trackerCount % this.#trackerStride === 0;
    this.#trackerCount += 1;
    this.#trackerSpare = isKept ? undefined : sample;
    if (isKept) this.#tracker.push(sample);
    if (!this.#isLean || this.#tracker.length < maxTrackerSamples) return;
    this.#tracker = this.#tracker.filter((_, index) => index % 2 === 0);
    this.#trackerStride *= 2;
  }

  /** Who took part, in the order of the plan. */
  records(plan: Plan): readonly PeerRecord[] {
    return plan.peers.map(({ name, role, peerId }) => {
      const { address, movedFrom } = this.#latest.get(name) ?? {};
      return {
        name,
        role,
        peerId,
        ...(address && { address }),
        ...(movedFrom && { movedFrom }),
      };
    });
  }
}

const isSame = (a: PeerSample, b: PeerSample): boolean =>
  a.isUp === b.isUp &&
  a.isComplete === b.isComplete &&
  a.piecesHave === b.piecesHave &&
  a.bytesDown === b.bytesDown &&
  a.bytesUp === b.bytesUp &&
  a.bytesWasted === b.bytesWasted &&
  a.connections === b.connections;

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
