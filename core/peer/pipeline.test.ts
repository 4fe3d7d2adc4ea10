import { describe, expect, it } from 'vitest';
import type { Instant } from '../time.ts';
import { blockBytes } from '../torrent/pieces.ts';
import { Pipeline, pipelineDepth } from './pipeline.ts';

describe('Pipeline', () => {
  it.each([
    { bytesPerSec: 0, roundTripMs: 0, least: 4, most: 4 },
    { bytesPerSec: 20_000, roundTripMs: 100, least: 4, most: 5 },
    { bytesPerSec: 1e9, roundTripMs: 0.2, least: 64, most: 128 },
    { bytesPerSec: 12.5e6, roundTripMs: 100, least: 150, most: 300 },
    { bytesPerSec: 1e9, roundTripMs: 200, least: 500, most: 500 },
  ])('is deep enough and no deeper: %o', ({ bytesPerSec, roundTripMs, least, most }) => {
    const depth = pipelineDepth({ bytesPerSec, roundTripMs, maxBlocks: 500 });
    expect(depth).toBeGreaterThanOrEqual(least);
    expect(depth).toBeLessThanOrEqual(most);
  });

  it.each([
    { bytesPerSec: 100_000, delayMs: 50 },
    { bytesPerSec: 2_000_000, delayMs: 150 },
    { bytesPerSec: 20_000_000, delayMs: 100 },
  ])('keeps a link full: %o', (link) => {
    expect(utilisation(link)).toBeGreaterThan(0.9);
  });

  it('never asks for more than the peer queues', () => {
    const pipeline = new Pipeline({ maxBlocks: 500 });
    pipeline.limit(3);
    expect(pipeline.depth(0 as Instant)).toBe(3);
  });
});

/** How full a link is from its fifth to its tenth second, simulated block by block. */
function utilisation({ bytesPerSec, delayMs }: { bytesPerSec: number; delayMs: number }): number {
  const pipeline = new Pipeline({ maxBlocks: 500 });
  const blockMs = (blockBytes / bytesPerSec) * 1_000;
  const arrivals: number[] = [];
  let linkFreeAt = 0;
  let came = 0;
  const ask = (now: number): void => {
    const count = pipeline.depth(now as Instant) - arrivals.length;
    for (let i = 0; i < count; i += 1) {
      linkFreeAt = Math.max(linkFreeAt, now + delayMs / 2) + blockMs;
      arrivals.push(linkFreeAt + delayMs / 2);
    }
    if (count > 0) pipeline.requested(now as Instant, count);
  };
  ask(0);
  for (let now = arrivals.shift(); now !== undefined && now < 10_000; now = arrivals.shift()) {
    pipeline.arrived(now as Instant, blockBytes);
    if (now >= 5_000) came += blockBytes;
    ask(now);
  }
  return came / (5 * bytesPerSec);
}
