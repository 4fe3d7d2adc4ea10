/** Judges the claims of a study over its runs. */
import { mean } from 'simple-statistics';
import type { Claim, Measures, Study } from '../../../scenarios/paper/study.ts';

/** What was measured of each variant, with one seed. */
export type RunsOfSeed = ReadonlyMap<string, Measures>;

export type Verdict = {
  readonly row: string;
  readonly says: string;
  readonly elsewhere: string;
  /** What is claimed, in words; undefined: the number is only told. */
  readonly gate: string | undefined;
  /** One value for each seed that has one. */
  readonly values: readonly number[];
  /** Undefined when nothing is claimed, or nothing was measured. */
  readonly held: boolean | undefined;
};

export const judge = (
  { row, claims }: Pick<Study, 'row' | 'claims'>,
  seeds: readonly RunsOfSeed[],
): readonly Verdict[] =>
  claims.map((claim) => {
    const values = seeds.flatMap((runs) => valueOf(claim, runs) ?? []);
    const { says, elsewhere } = claim;
    return { row, says, elsewhere, gate: gateOf(claim), values, held: hasHeld(claim, values) };
  });

/** Undefined when a run that it speaks of is missing or says nothing. */
function valueOf(claim: Claim, runs: RunsOfSeed): number | undefined {
  let isMissing = false;
  const value = claim.value((variant) => {
    const measures = runs.get(variant);
    isMissing ||= measures === undefined;
    return measures ?? nothingMeasured;
  });
  return isMissing || value === null ? undefined : value;
}

const nothingMeasured: Measures = {
  boundRatio: null,
  kumarRossSec: null,
  binding: null,
  uplinkUtilisation: null,
  seedRedundancy: null,
  allOutRatio: null,
  completionP50Sec: null,
  completionP99Sec: null,
  completionMaxSec: null,
  completionMeanSec: null,
  meanSecOf: {},
  completedShareOf: {},
  copiesIntoNetwork: null,
  copiesByChance: null,
  sessionP: null,
  sessionMeanSec: null,
  sessionMedianSec: null,
};

function hasHeld(claim: Claim, values: readonly number[]): boolean | undefined {
  const { atLeast = -Infinity, atMost = Infinity, inEach } = claim;
  if (values.length === 0 || gateOf(claim) === undefined) return undefined;
  const judged = inEach === true ? values : [mean([...values])];
  return judged.every((value) => value >= atLeast && value <= atMost);
}

function gateOf({ atLeast, atMost, inEach }: Claim): string | undefined {
  const each = inEach === true ? ' in each' : '';
  if (atLeast !== undefined && atMost !== undefined) return `${atLeast} to ${atMost}${each}`;
  if (atLeast !== undefined) return `at least ${atLeast}${each}`;
  return atMost === undefined ? undefined : `at most ${atMost}${each}`;
}
