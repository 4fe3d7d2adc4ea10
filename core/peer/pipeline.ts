/** How many blocks to ask of one peer at once (BEP 3: "keep several requests queued"). */
import type { Instant } from '../time.ts';
import { seconds, since } from '../time.ts';
import { blockBytes } from '../torrent/pieces.ts';
import { RateMeter } from './rate.ts';

/** Enough to begin with that the next measurement means something, little enough for the slowest line. */
const minBlocks = 4;
/** 1 MiB: what hides the hiccups of two event loops at a gigabyte a second; more only costs memory. */
const maxSlackBlocks = 64;
/** A slow peer is asked for so much time's worth: what it has not sent by then others may have to. */
const slackSeconds = 2;
/** Twice the product of rate and delay keeps a link full while its rate is still growing. */
const delayFactor = 2;
/** A measured delay is believed a little less with each later one, so that a path may become longer. */
const forgetting = 1.02;

/**
 * The depth of a pipeline: the bytes that are on their way during one round trip, twice over, and some slack.
 * Rates in bytes/s, the round trip in milliseconds.
 */
export function pipelineDepth({
  bytesPerSec,
  roundTripMs,
  maxBlocks,
}: {
  readonly bytesPerSec: number;
  readonly roundTripMs: number;
  readonly maxBlocks: number;
}): number {
  const blocksPerSec = bytesPerSec / blockBytes;
  const slack = Math.min(maxSlackBlocks, blocksPerSec * slackSeconds);
  const underway = (blocksPerSec * roundTripMs * delayFactor) / 1_000;
  return Math.min(maxBlocks, Math.max(minBlocks, Math.ceil(slack + underway)));
}

/** Measures one peer's rate and delay, and says how deep its pipeline may be. */
export class Pipeline {
  readonly #rate = new RateMeter(seconds(2));
  #maxBlocks: number;
  #roundTripMs: number | undefined;
  /** Blocks ever asked for and ever received. */
  #asked = 0;
  #came = 0;
  /** The block whose delay is being measured, counted like `#asked`, and when it was asked for. */
  #probe: { readonly block: number; readonly at: Instant } | undefined;

  constructor({ maxBlocks }: { readonly maxBlocks: number }) {
    this.#maxBlocks = maxBlocks;
  }

  /** The peer queues no more than so many requests (BEP 10, `reqq`). */
  limit(blocks: number): void {
    this.#maxBlocks = Math.max(1, Math.min(this.#maxBlocks, blocks));
  }

  depth(now: Instant): number {
    return pipelineDepth({
      bytesPerSec: this.#rate.rate(now),
      roundTripMs: this.#roundTripMs ?? 0,
      maxBlocks: this.#maxBlocks,
    });
  }

  requested(now: Instant, blocks: number): void {
    this.#asked += blocks;
    this.#probe ??= { block: this.#asked, at: now };
  }

  arrived(now: Instant, bytes: number): void {
    this.#rate.add(now, bytes);
    this.#came += 1;
    if (this.#probe === undefined || this.#came < this.#probe.block) return;
    const measured = since(now, this.#probe.at);
    this.#roundTripMs = Math.min(measured, (this.#roundTripMs ?? Infinity) * forgetting);
    this.#probe = undefined;
  }
}
