/** How many blocks to ask of one peer at once (BEP 3: "keep several requests queued"). */
import type { Instant } from '../time.ts';
import { seconds, since } from '../time.ts';
import { blockBytes } from '../torrent/pieces.ts';
import { RateMeter } from './rate.ts';

/** Enough to begin with that the next measurement means something, little enough for the slowest line. */
const minBlocks = 4;
/** 1 MiB: what hides the hiccups of two event loops at a gigabyte a second; more only costs memory. */
const maxSlackBlocks = 64;
/** A slow peer is asked for so much time's worth on top, so that its line does not run dry between two looks. */
const slackSeconds = 2;
/** Twice the product of rate and delay keeps a link full while its rate is still growing. */
const delayFactor = 2;
/** Never more than so much time's worth: what a peer has not sent by then others had better be asked. */
const maxSeconds = 3;

/** On a line of 20 KB/s three blocks come in this time: a shorter window would jump with each of them. */
const rateWindow = seconds(4);

export type PipelineMeasures = {
  readonly bytesPerSec: number;
  /** From a request to its block when nothing is queued before it. */
  readonly roundTripMs: number;
  /** What both sides bear; it wins over every other figure. */
  readonly maxBlocks: number;
  /** 4 unless said. */
  readonly leastBlocks?: number;
};

/**
 * The depth of a pipeline, in blocks:
 *
 *   rate x (2 x round trip) + slack, where slack is 2 s of the rate or 64 blocks, whichever is less;
 *   never more than 3 s of the rate; never below `leastBlocks`, nor above `maxBlocks`.
 *
 * While the link is not full, the rate is depth / round trip: each round trip doubles the depth, as slow start does.
 * Once it is full the rate stands still, and so does the depth: a block waits, but no longer than the slack.
 */
export function pipelineDepth(measures: PipelineMeasures): number {
  const { bytesPerSec, roundTripMs, maxBlocks, leastBlocks = minBlocks } = measures;
  const blocksPerSec = bytesPerSec / blockBytes;
  const slack = Math.min(maxSlackBlocks, blocksPerSec * slackSeconds);
  const underWay = (blocksPerSec * roundTripMs * delayFactor) / 1_000;
  const depth = Math.min(Math.ceil(slack + underWay), Math.floor(blocksPerSec * maxSeconds));
  return Math.min(maxBlocks, Math.max(leastBlocks, depth));
}

/** 512 KiB: as much as two reads of a socket bring. */
const maxBatchBlocks = 32;

/**
 * Whether to fill up a pipeline of this depth in which so many blocks are open. A deep one is filled by the batch: if each block
 * that came were followed by a request of its own, the system calls would cost both sides more than the blocks. A shallow
 * one is filled at once: there each block counts.
 */
export const isWorthAsking = (open: number, depth: number): boolean =>
  depth < maxBatchBlocks
    ? open < depth
    : open === 0 || depth - open >= Math.min(maxBatchBlocks, depth / 4);

/** Measures one peer's rate and round trip, and says how deep its pipeline may be. */
export class Pipeline {
  readonly #rate = new RateMeter(rateWindow);
  #maxBlocks: number;
  #leastBlocks = minBlocks;
  /** What `depth` said last: no more can be open than that. */
  #depth = minBlocks;
  /** The shortest round trip seen since the pipeline was last empty. */
  #roundTripMs: number | undefined;
  /** Blocks asked for that have not come. */
  #open = 0;
  /** One request is timed at a time: its block is the so-manieth to come from now; 0 when none is timed. */
  #timedIn = 0;
  #timedAt = 0 as Instant;
  /** The timed request found the pipeline empty, so that nothing of its time was spent in a queue. */
  #isFresh = false;

  constructor({ maxBlocks }: { readonly maxBlocks: number }) {
    this.#maxBlocks = maxBlocks;
  }

  /** The peer queues no more than so many requests (BEP 10, `reqq`). */
  limit(blocks: number): void {
    this.#maxBlocks = Math.max(1, Math.min(this.#maxBlocks, blocks));
  }

  /** How many blocks may be open now, those that already are included. */
  depth(now: Instant): number {
    this.#depth = pipelineDepth({
      bytesPerSec: this.#rate.rate(now),
      roundTripMs: this.#roundTripMs ?? 0,
      maxBlocks: this.#maxBlocks,
      leastBlocks: this.#leastBlocks,
    });
    if (this.#depth > minBlocks) this.#leastBlocks = minBlocks;
    return this.#depth;
  }

  /**
   * A request was given up: even the least was more than this line, or ours behind it, carries in that time. What is
   * queued there comes all the same, and twice when it is asked of others; so one block at a time, until the rate grows.
   */
  expired(): void {
    this.#leastBlocks = 1;
  }

  /** So many more have been asked for, as `depth` allowed. */
  requested(now: Instant, blocks: number): void {
    // The rate is one of what was asked for: its time runs from the first request, not from the first block.
    this.#rate.add(now, 0);
    // Requests that a choke or a reject has ended are not told: what cannot be open any more is no longer counted.
    const ahead = Math.max(0, Math.min(this.#open, this.#depth - blocks));
    this.#open = ahead + blocks;
    if (this.#timedIn > 0 && this.#timedIn <= ahead) return;
    this.#timedIn = ahead + 1;
    this.#timedAt = now;
    this.#isFresh = ahead === 0;
  }

  /** A block has come. */
  arrived(now: Instant, bytes: number): void {
    this.#rate.add(now, bytes);
    this.#open = Math.max(0, this.#open - 1);
    if (this.#timedIn === 0) return;
    this.#timedIn -= 1;
    if (this.#timedIn > 0) return;
    // In a full pipeline time is spent waiting for the blocks ahead: only a shorter time says anything of the path.
    const known = this.#isFresh ? undefined : this.#roundTripMs;
    this.#roundTripMs = Math.min(since(now, this.#timedAt), known ?? Infinity);
  }
}
