import { describe, expect, it } from 'vitest';
import type { Instant } from '../time.ts';
import { blockBytes } from '../torrent/pieces.ts';
import { Pipeline, isWorthAsking, pipelineDepth } from './pipeline.ts';

const at = (ms: number): Instant => ms as Instant;

describe('isWorthAsking', () => {
  /** How many requests go out together when blocks come one by one into a full pipeline, and how few are open by then. */
  const refill = (depth: number) => {
    let open = depth;
    do open -= 1;
    while (!isWorthAsking(open, depth));
    return { batch: depth - open, open };
  };

  it('refills a shallow pipeline block by block, and a deep one by the batch', () => {
    expect([1, 4, 8, 31].map((depth) => refill(depth).batch)).toEqual([1, 1, 1, 1]);
    expect([32, 64, 128, 500].map((depth) => refill(depth).batch)).toEqual([8, 16, 32, 32]);
  });

  it('never lets a pipeline run down by more than a quarter', () => {
    for (let depth = 4; depth <= 500; depth += 1)
      expect(refill(depth).open).toBeGreaterThanOrEqual(Math.floor((depth * 3) / 4));
  });

  it('asks at once when nothing is open', () => {
    expect([1, 4, 500].map((depth) => isWorthAsking(0, depth))).toEqual([true, true, true]);
  });
});

describe('pipelineDepth', () => {
  it.each([
    { bytesPerSec: 0, roundTripMs: 0, least: 4, most: 4 },
    { bytesPerSec: 20_000, roundTripMs: 100, least: 4, most: 5 },
    { bytesPerSec: 1e9, roundTripMs: 0, least: 64, most: 64 },
    { bytesPerSec: 1e9, roundTripMs: 0.2, least: 64, most: 128 },
    { bytesPerSec: 12.5e6, roundTripMs: 100, least: 150, most: 300 },
    { bytesPerSec: 100_000, roundTripMs: 5_000, least: 18, most: 19 },
    { bytesPerSec: 1e9, roundTripMs: 200, least: 500, most: 500 },
  ])('is enough and not more: %o', ({ bytesPerSec, roundTripMs, least, most }) => {
    const depth = pipelineDepth({ bytesPerSec, roundTripMs, maxBlocks: 500 });
    expect(depth).toBeGreaterThanOrEqual(least);
    expect(depth).toBeLessThanOrEqual(most);
  });
});

describe('Pipeline', () => {
  it.each([
    { bytesPerSec: 5_000, delayMs: 50 },
    { bytesPerSec: 20_000, delayMs: 50 },
    { bytesPerSec: 20_000, delayMs: 500 },
    { bytesPerSec: 100_000, delayMs: 50 },
    { bytesPerSec: 1_000_000, delayMs: 300 },
    { bytesPerSec: 2_000_000, delayMs: 150 },
    { bytesPerSec: 20_000_000, delayMs: 100 },
    { bytesPerSec: 100_000_000, delayMs: 10 },
    { bytesPerSec: 500_000_000, delayMs: 0.2 },
  ])('keeps a link full, and no more in the queue than it must: %o', (link) => {
    const { utilisation, deepest } = simulate(link);
    expect(utilisation).toBeGreaterThan(0.95);
    const blocksPerSec = link.bytesPerSec / blockBytes;
    const underWay = (blocksPerSec * link.delayMs) / 1_000;
    // Four blocks, or four seconds, or 64 blocks and twice what is under way and its own time on the line.
    expect(deepest).toBeLessThanOrEqual(Math.max(4, Math.ceil(4 * blocksPerSec)));
    expect(deepest).toBeLessThanOrEqual(64 + 2 * (underWay + 1) + 4);
  });

  it('fills a fast link within a second', () => {
    const { utilisation } = simulate({ bytesPerSec: 10_000_000, delayMs: 100 }, [1_000, 2_000]);
    expect(utilisation).toBeGreaterThan(0.95);
  });

  it('keeps what a gigabyte a second over loopback needs, however long it lasts', () => {
    const { depth } = simulate({ bytesPerSec: 1e9, delayMs: 0.05 }, [500, 3_000]);
    expect(depth).toBeGreaterThanOrEqual(64);
    expect(depth).toBeLessThanOrEqual(128);
  });

  it('keeps a link full after chokes that threw away what was asked', () => {
    const link = { bytesPerSec: 2_000_000, delayMs: 100 };
    const { utilisation, deepest } = simulate(link, [10_000, 20_000], [3_000, 4_000, 9_000]);
    expect(utilisation).toBeGreaterThan(0.95);
    expect(deepest).toBeLessThanOrEqual(200);
  });

  it('never asks for more than the peer queues', () => {
    const pipeline = new Pipeline({ maxBlocks: 500 });
    pipeline.limit(3);
    expect(pipeline.depth(at(0))).toBe(3);
    pipeline.limit(250);
    expect(pipeline.depth(at(0))).toBe(3);
  });

  it('asks for one block at a time after a request was given up, until the rate grows', () => {
    const pipeline = new Pipeline({ maxBlocks: 500 });
    expect(pipeline.depth(at(0))).toBe(4);
    pipeline.requested(at(0), 4);
    pipeline.expired();
    expect(pipeline.depth(at(60_000))).toBe(1);
    pipeline.arrived(at(61_000), blockBytes);
    expect(pipeline.depth(at(61_000))).toBe(1);
    for (let ms = 62_000; ms < 66_000; ms += 100) pipeline.arrived(at(ms), blockBytes);
    expect(pipeline.depth(at(66_000))).toBeGreaterThan(4);
    expect(pipeline.depth(at(600_000))).toBe(4);
  });

  it('asks for one block at least, whatever the peer says of its queue', () => {
    const pipeline = new Pipeline({ maxBlocks: 500 });
    pipeline.limit(0);
    expect(pipeline.depth(at(0))).toBe(1);
  });

  it('measures the path anew whenever it begins from empty', () => {
    const { ask } = hundredBlocksPerSec();
    const near = ask(10);
    expect(ask(150) - near).toBeGreaterThan(20);
    expect(ask(10) - near).toBeLessThan(5);
  });

  it('measures the path anew after a choke, from the new requests and not from the lost ones', () => {
    const { ask, lose } = hundredBlocksPerSec();
    const near = ask(10);
    lose();
    const far = ask(150);
    expect(far - near).toBeGreaterThan(20);
    expect(far - near).toBeLessThan(40);
  });
});

/** A pipeline that gets a hundred blocks a second, so that a round trip shows in its depth. */
function hundredBlocksPerSec(): {
  /** Fills the pipeline; twenty blocks come after a round trip. Returns the depth at the next turn, 200 ms on. */
  readonly ask: (roundTripMs: number) => number;
  /** Fills the pipeline, and nothing comes. */
  readonly lose: () => void;
} {
  const pipeline = new Pipeline({ maxBlocks: 500 });
  let now = 0;
  const turn = (blocks: number, roundTripMs: number, coming: number): number => {
    pipeline.requested(at(now), blocks);
    for (let i = 0; i < coming; i += 1) pipeline.arrived(at(now + roundTripMs), blockBytes);
    now += 200;
    return pipeline.depth(at(now));
  };
  for (let i = 0; i < 50; i += 1) turn(20, 10, 20);
  let lost = 0;
  return {
    ask: (roundTripMs) => turn(lost === 0 ? 20 : pipeline.depth(at(now)), roundTripMs, 20),
    lose: () => {
      lost += 1;
      turn(pipeline.depth(at(now)), 0, 0);
    },
  };
}

type Link = { readonly bytesPerSec: number; readonly delayMs: number };

/**
 * A peer that serves blocks in order over one link, block by block. Tells how full the link was between two moments,
 * how many blocks were open at most, and how many may be at the end. At each of `chokes` all that is open is lost.
 */
function simulate(
  { bytesPerSec, delayMs }: Link,
  [from, to]: readonly [number, number] = [5_000, 20_000],
  chokes: readonly number[] = [],
): { readonly utilisation: number; readonly deepest: number; readonly depth: number } {
  const pipeline = new Pipeline({ maxBlocks: 500 });
  const blockMs = (blockBytes / bytesPerSec) * 1_000;
  const untilChoke = [...chokes];
  let arrivals: number[] = [];
  let next = 0;
  let linkFreeAt = 0;
  let cameBytes = 0;
  let deepest = 0;
  const ask = (now: number): void => {
    const open = arrivals.length - next;
    const depth = pipeline.depth(at(now));
    if (depth <= open || !isWorthAsking(open, depth)) return;
    const count = depth - open;
    for (let i = 0; i < count; i += 1) {
      linkFreeAt = Math.max(linkFreeAt, now + delayMs / 2) + blockMs;
      arrivals.push(linkFreeAt + delayMs / 2);
    }
    pipeline.requested(at(now), count);
    deepest = Math.max(deepest, arrivals.length - next);
  };
  ask(0);
  for (;;) {
    const now = arrivals[next] ?? Infinity;
    if (now >= to) break;
    if (now >= (untilChoke[0] ?? Infinity)) {
      untilChoke.shift();
      arrivals = [];
      next = 0;
      linkFreeAt = now;
      ask(now);
      continue;
    }
    next += 1;
    pipeline.arrived(at(now), blockBytes);
    if (now >= from) cameBytes += blockBytes;
    ask(now);
  }
  const utilisation = cameBytes / ((bytesPerSec * (to - from)) / 1_000);
  return { utilisation, deepest, depth: pipeline.depth(at(to)) };
}
