/** A published result or a bound as something that can be played: its scenarios, and what each claims to measure. */
import type { ScenarioInput } from '../../sim/scenario.ts';

/** How large a study is played. The ratios of its rates and times are the same at every scale. */
export type Scale = {
  readonly leechers: number;
  readonly pieces: number;
  /** Pieces are so many times smaller and links so many times slower: a piece takes as long, in fewer blocks. */
  readonly shrink: number;
};

/** What one run measured; null where it says nothing of it. Times are seconds, shares from 0 to 1. */
export type Measures = {
  readonly boundRatio: number | null;
  readonly kumarRossSec: number | null;
  readonly binding: string | null;
  readonly uplinkUtilisation: number | null;
  readonly seedRedundancy: number | null;
  readonly allOutRatio: number | null;
  readonly completionP50Sec: number | null;
  readonly completionP99Sec: number | null;
  readonly completionMaxSec: number | null;
  readonly completionMeanSec: number | null;
  /** Of everybody with the role; who never completed counts until it left, or the run ended. */
  readonly meanSecOf: Readonly<Record<string, number>>;
  /** Of those with the role, the part that completed. */
  readonly completedShareOf: Readonly<Record<string, number>>;
  /** How often the content entered a network from outside, on average. */
  readonly copiesIntoNetwork: number | null;
  /** What that would be if each piece came from anybody else alike. */
  readonly copiesByChance: number | null;
  /** Of the sessions' lengths: the p of a Kolmogorov-Smirnov test against what they were drawn from. */
  readonly sessionP: number | null;
  readonly sessionMeanSec: number | null;
  readonly sessionMedianSec: number | null;
};

/** One row of the table: a number worked out from the runs with one seed, and what it should be. */
export type Claim = {
  readonly says: string;
  /** What was published, or what an independent simulation of the same setting gave. */
  readonly elsewhere: string;
  readonly value: (of: (variant: string) => Measures) => number | null;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Holds in every run, not only on average. */
  readonly inEach?: true;
  /** What is claimed instead of a swarm so small that the tests can play it, and why it cannot show the whole. */
  readonly inSmall?: { readonly atLeast?: number; readonly atMost?: number; readonly why: string };
};

export type Study = {
  /** `S4`. */
  readonly row: string;
  readonly name: string;
  readonly source: string;
  /** Full is what was published; quick takes minutes for all seeds together, small is for the tests. */
  readonly scales: Readonly<Record<'full' | 'quick' | 'small', Scale>>;
  readonly variants: (scale: Scale) => Readonly<Record<string, ScenarioInput>>;
  readonly claims: readonly Claim[];
};

/** R = 1 is the bound of Kumar and Ross: less is a bug of the bench, in whatever run. */
export const neverBelowBound = (variant: string): Claim => ({
  says: `${variant}: no run beats the bound`,
  elsewhere: 'Kumar and Ross, HotWeb 2006',
  value: (of) => of(variant).boundRatio,
  atLeast: 1,
  inEach: true,
});

/** The quotient of two numbers that may be missing. */
export const ratio = (a: number | null | undefined, b: number | null | undefined): number | null =>
  !isNumber(a) || !isNumber(b) || b === 0 ? null : a / b;

const isNumber = (value: number | null | undefined): value is number => typeof value === 'number';

export const difference = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : a - b;
