import { describe, expect, it } from 'vitest';
import { type Comparison, compare, isNews, welch } from './comparison.ts';
import type { MetricName } from './figures.ts';
import type { Metrics } from './metrics.ts';
import { spreadOf, spreadsOf } from './spread.ts';

const said: Metrics = {
  finished: 10,
  completionMinSec: 1,
  completionP10Sec: 1,
  completionP50Sec: 2,
  completionP90Sec: 3,
  completionP99Sec: 4,
  completionMaxSec: 4,
  completionMeanSec: 2,
  boundRatio: 1.2,
  meanBoundRatio: 1.5,
  nearestBoundRatio: 1.1,
  uplinkUtilisation: 0.9,
  seedRedundancy: 1.5,
  allOutSec: null,
  allOutRatio: null,
  downloadFairness: 0.9,
  sharingFairness: 0.8,
  wastedShare: 0,
};

/** Sleep gained with two drugs, ten patients each (Student, Biometrika 1908); R's t.test gives p = 0.07939. */
const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

describe('the spread of a figure', () => {
  it('is its mean, standard deviation and 95 % confidence interval', () => {
    const spread = spreadOf(first);
    expect(spread?.runs).toBe(10);
    expect(spread?.mean).toBeCloseTo(0.75, 9);
    expect(spread?.deviation).toBeCloseTo(1.78901, 5);
    expect(spread?.low).toBeCloseTo(0.75 - (2.262157 * 1.78901) / Math.sqrt(10), 4);
    expect(spread?.high).toBeCloseTo(0.75 + (2.262157 * 1.78901) / Math.sqrt(10), 4);
  });

  it('has no interval when there was one run, and is not there when there was none', () => {
    expect(spreadOf([3])).toEqual({ runs: 1, mean: 3, deviation: null, low: null, high: null });
    expect(spreadOf([])).toBeUndefined();
  });

  it('is told of every metric, by the runs that say something of it', () => {
    const spreads = spreadsOf([said, { ...said, boundRatio: 1.4 }, { ...said, boundRatio: null }]);
    expect(spreads.allOutSec).toBeNull();
    expect(spreads.boundRatio?.runs).toBe(2);
    expect(spreads.boundRatio?.mean).toBeCloseTo(1.3, 9);
    expect(spreads.finished).toEqual({ runs: 3, mean: 10, deviation: 0, low: 10, high: 10 });
  });
});

describe("Welch's t-test", () => {
  it('agrees with R on published data', () => {
    expect(welch(first, second)).toBeCloseTo(0.079_39, 5);
    expect(welch(second, first)).toBeCloseTo(0.079_39, 5);
  });

  it('says nothing of single values, and is sure of values that do not vary', () => {
    expect(welch([1], [2, 3])).toBeNull();
    expect(welch([1, 1], [1, 1])).toBe(1);
    expect(welch([1, 1], [2, 2])).toBe(0);
  });
});

describe('a comparison', () => {
  const verdict = (
    before: readonly Metrics[],
    after: readonly Metrics[],
    threshold = 0.05,
  ): Partial<Record<MetricName, Comparison['verdict']>> =>
    Object.fromEntries(
      compare(before, after, threshold).map((each) => [each.metric.name, each.verdict]),
    );
  const slower = (bySec: number): Metrics => ({ ...said, completionP50Sec: 2 + bySec });

  it('lets pass what changed by less than the threshold', () => {
    expect(verdict([said], [slower(0.09)]).completionP50Sec).toBe('small');
    expect(verdict([said], [slower(0.11)]).completionP50Sec).toBe('worse');
    expect(verdict([said], [slower(-0.11)]).completionP50Sec).toBe('better');
    expect(verdict([said], [slower(0.11)], 0.1).completionP50Sec).toBe('small');
    expect(verdict([said], [said]).completionP50Sec).toBe('same');
  });

  it('knows which way is better', () => {
    const fairer = { ...said, downloadFairness: 0.99, seedRedundancy: 2 };
    expect(verdict([said], [fairer])).toMatchObject({
      downloadFairness: 'better',
      seedRedundancy: 'worse',
    });
  });

  it('takes shares as they are, so that a little more than nothing is no news', () => {
    expect(verdict([said], [{ ...said, wastedShare: 0.001 }]).wastedShare).toBe('small');
    expect(verdict([said], [{ ...said, uplinkUtilisation: 0.8 }]).uplinkUtilisation).toBe('worse');
  });

  it('calls noise what varies as much within the sets as between them', () => {
    const noisy = [slower(-0.5), slower(0.7), slower(0.1)];
    expect(verdict(noisy, [slower(0.9), slower(-0.4), slower(0.4)]).completionP50Sec).toBe('noise');
    const steady = [slower(0.9), slower(0.91), slower(0.92), slower(0.9)];
    const before = [slower(0), slower(0.01), slower(-0.01), slower(0)];
    expect(verdict(before, steady).completionP50Sec).toBe('worse');
  });

  it('leaves out what only one side knows', () => {
    expect(verdict([said], [{ ...said, boundRatio: null }])).not.toHaveProperty('boundRatio');
    expect(compare([said], [slower(1)], 0.05).filter(isNews)).toHaveLength(1);
  });
});
