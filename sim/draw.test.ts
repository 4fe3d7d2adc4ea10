import { describe, expect, it } from 'vitest';
import { mean, medianSorted } from 'simple-statistics';
import { type Random, randomStream } from '../core/random.ts';
import { drawDuration } from './draw.ts';
import { maxDuration } from './limits.ts';
import type { Drawn } from './scenario.ts';
import { parseScenario } from './schema.ts';
import { calm } from './testing/records.ts';

describe('draws', () => {
  // Expected values in closed form; 20,000 draws put the sample within a few per cent.
  it.each([
    ['exponential', { exponential: { mean: 1_000 } }, 1_000, 1_000 * Math.LN2],
    [
      'Weibull of shape 1, an exponential',
      { weibull: { shape: 1, scale: 1_000 } },
      1_000,
      1_000 * Math.LN2,
    ],
    [
      'Weibull of shape 0.5',
      { weibull: { shape: 0.5, scale: 1_000 } },
      2_000,
      1_000 * Math.LN2 ** 2,
    ],
    [
      'Weibull of shape 2',
      { weibull: { shape: 2, scale: 1_000 } },
      1_000 * (Math.sqrt(Math.PI) / 2),
      1_000 * Math.sqrt(Math.LN2),
    ],
    ['log-normal', { logNormal: { median: 1_000, sigma: 0.5 } }, 1_000 * Math.exp(0.125), 1_000],
  ])('have the mean and median of the distribution: %s', (_, drawn, expectedMean, median) => {
    const stays = drawnOf(drawn);
    const random = randomStream(1, 'draws');
    const draws = Array.from({ length: 20_000 }, () => drawDuration(stays, random)).sort(
      (a, b) => a - b,
    );
    expect(mean(draws) / expectedMean).toBeCloseTo(1, 1);
    expect(medianSorted(draws) / median).toBeCloseTo(1, 1);
  });

  it('are whole, finite and never beyond the limit, at both ends of the stream', () => {
    const ends: readonly Random[] = [() => 0, () => 1 - 2 ** -32];
    for (const random of ends) {
      for (const drawn of [
        { exponential: { mean: 1_000 } },
        { weibull: { shape: 0.05, scale: 1_000 } },
        { logNormal: { median: 1_000, sigma: 10 } },
      ]) {
        const ms = drawDuration(drawnOf(drawn), random);
        expect(Number.isInteger(ms)).toBe(true);
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(maxDuration);
      }
    }
  });
});

/** A stay as it comes out of a scenario. */
function drawnOf(stays: object): Drawn {
  const { peers } = parseScenario({
    ...calm,
    peers: { ...calm.peers, leecher: { ...calm.peers.leecher, stays } },
  });
  return peers['leecher']?.stays as Drawn;
}
