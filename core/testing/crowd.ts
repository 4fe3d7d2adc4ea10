/**
 * Many sessions that speak in values, joined by a queue: what the machines of a large swarm cost, without a network,
 * a disk or a hash. An uplink sends what it is given in order, at its rate; all else takes a fixed time.
 */
import type { Instant } from '../time.ts';
import { type Random, randomStream } from '../random.ts';
import { start } from '../time.ts';
import { Pieces } from '../torrent/pieces.ts';
import { CrowdMember } from './crowd-member.ts';

export type CrowdOptions = {
  readonly peers: number;
  readonly seeds: number;
  readonly pieceCount: number;
  readonly pieceLength: number;
  readonly maxConnections: number;
  readonly upBytesPerSec: number;
  readonly seed: number;
};

/** What happened, for those who divide by it the time it took. */
export type CrowdCounts = { inputs: number; blocks: number; haves: number };

export class Crowd {
  readonly options: CrowdOptions;
  readonly pieces: Pieces;
  readonly random: Random;
  readonly members: CrowdMember[] = [];
  readonly counts: CrowdCounts = { inputs: 0, blocks: 0, haves: 0 };
  now: Instant = start;
  readonly #events = new Map<number, (() => void)[]>();

  constructor(options: CrowdOptions) {
    this.options = options;
    this.random = randomStream(options.seed, 'crowd');
    const { pieceCount, pieceLength } = options;
    this.pieces = new Pieces({ length: pieceCount * pieceLength, pieceLength });
    for (let i = 0; i < options.peers; i += 1)
      this.members.push(new CrowdMember(this, i, i < options.seeds));
  }

  /** Does something so many whole milliseconds from now, after all that was to happen then before. */
  at(ms: number, run: () => void): void {
    const events = this.#events.get(ms);
    if (events === undefined) this.#events.set(ms, [run]);
    else events.push(run);
  }

  /** Plays until everybody has everything, or for `limitMs`; says how many then have. */
  play(limitMs: number): number {
    for (; this.now < limitMs && !this.#isDone; this.now = (this.now + 1) as Instant) {
      const events = this.#events.get(this.now) ?? [];
      // More may be added for this very moment.
      for (let i = 0; i < events.length; i += 1) events[i]?.();
      this.#events.delete(this.now);
    }
    return this.members.filter((member) => member.isComplete).length;
  }

  get #isDone(): boolean {
    return this.now % 1_000 === 0 && this.members.every((member) => member.isComplete);
  }
}
