/**
 * The ingredients of a scenario, each drawn without regard to the others, so that each can be made simpler alone:
 * what names another (`who`) is a number, and counts round and round whatever there is.
 */
import fc, { type Arbitrary } from 'fast-check';
import { type Feature, type Focus, featuresOf } from './features.ts';

export type Recipe = {
  readonly features: readonly Feature[];
  readonly contents: readonly ContentRecipe[];
  readonly seeder: GroupRecipe;
  readonly leecher: GroupRecipe;
  readonly latecomer: GroupRecipe;
  readonly liar: GroupRecipe;
  readonly tracker: TrackerRecipe;
  readonly steps: readonly StepRecipe[];
};

export type ContentRecipe = {
  readonly pieceBytes: number;
  readonly pieces: number;
  /** What the last piece has more than the others, or less. */
  readonly tail: number;
  readonly files: readonly number[];
};

export type GroupRecipe = {
  readonly count: number;
  readonly share: number;
  readonly kind: number;
  readonly arrival: number;
  readonly stay: number;
  readonly upKbPerSec: number;
  readonly downKbPerSec: number;
  readonly delayMs: number;
  readonly lossPercent: number;
  readonly nat: boolean;
  readonly skewMs: number;
  readonly driftPpm: number;
  readonly diskKbPerSec: number;
  readonly pace: Pace;
  readonly options: OptionsRecipe;
  readonly policies: PoliciesRecipe;
  readonly limits: LimitsRecipe;
  readonly wants: number;
};

/** `brisk`: what people wait minutes for happens in fractions of one. */
export type Pace = 'brisk' | 'usual';

export type OptionsRecipe = {
  readonly uploadSlots: number | undefined;
  readonly optimisticSlots: number | undefined;
  readonly maxPipelineBlocks: number | undefined;
  readonly maxQueuedRequests: number | undefined;
  readonly maxBufferedBytes: number | undefined;
  readonly maxUnsentBytes: number | undefined;
  readonly fast: false | undefined;
  readonly requestLimit: number | undefined;
  readonly snubbedAfter: number | undefined;
  readonly keepAliveEvery: number | undefined;
  readonly silenceLimit: number | undefined;
  readonly idleLimit: number | undefined;
  readonly holdHavesFor: number | undefined;
};

export type PoliciesRecipe = {
  readonly piecePolicy: 'rarest-first' | 'sequential' | 'random' | undefined;
  readonly seedPolicy: 'fastest-upload' | 'super' | undefined;
  readonly chokePolicy: 'tit-for-tat' | 'random' | undefined;
  readonly randomFirstPieces: number | undefined;
};

export type LimitsRecipe = {
  readonly upBytesPerSec: number | undefined;
  readonly downBytesPerSec: number | undefined;
  readonly peerUpBytesPerSec: number | undefined;
  readonly peerDownBytesPerSec: number | undefined;
};

export type TrackerRecipe = {
  readonly intervalMs: number;
  readonly keepsState: boolean;
  readonly delayMs: number;
  readonly lossPercent: number;
};

export type StepRecipe = {
  readonly fault: number;
  readonly atMs: number;
  /** Percent of the whole that somebody must have; undefined: the time says when. */
  readonly percent: number | undefined;
  readonly who: number;
  readonly other: number;
  readonly member: number;
  readonly detail: number;
  /** How long until it is undone; undefined: the end of the faults does it. */
  readonly lastsMs: number | undefined;
};

/** Faults begin within this, so that they meet a swarm that is still busy. */
export const latestFault = 20_000;

export const recipes = (focus: Focus): Arbitrary<Recipe> => {
  const { some, always } = featuresOf(focus);
  return fc.record({
    features: fc.subarray([...some]).map((drawn) => [...always, ...drawn]),
    contents: fc.array(contentRecipe, { minLength: 1, maxLength: 2, size: 'max' }),
    seeder: groupRecipe(2),
    leecher: groupRecipe(7),
    latecomer: groupRecipe(4),
    liar: groupRecipe(2),
    tracker: trackerRecipe,
    steps: fc.array(stepRecipe, { maxLength: 8, size: 'max' }),
  });
};

const KiB = 2 ** 10;

const contentRecipe: Arbitrary<ContentRecipe> = fc.record({
  // Whole blocks, and lengths that no block divides.
  pieceBytes: fc.constantFrom(16 * KiB, 32 * KiB, 64 * KiB, 20_000, 50_001, 128 * KiB),
  pieces: fc.nat({ max: 20 }),
  tail: fc.constantFrom(0, 1, 16_383, 16_384, 16_385, 7_000),
  files: fc.array(fc.constantFrom(40_000, 0, 1, 16_384, 100_003), {
    minLength: 1,
    maxLength: 5,
    size: 'max',
  }),
});

const groupRecipe = (most: number): Arbitrary<GroupRecipe> =>
  fc.record({
    count: fc.integer({ min: 1, max: most }),
    share: fc.constantFrom(50, 10, 90),
    kind: fc.nat({ max: 100 }),
    arrival: fc.nat({ max: 3 }),
    stay: fc.nat({ max: 4 }),
    upKbPerSec: fc.constantFrom(1_000, 100, 300, 30),
    downKbPerSec: fc.constantFrom(10_000, 200, 1_000, 60),
    delayMs: fc.constantFrom(0, 20, 100, 400),
    lossPercent: fc.constantFrom(0, 1, 5, 20),
    nat: fc.boolean(),
    skewMs: fc.constantFrom(0, 500, 3_600_000),
    driftPpm: fc.constantFrom(0, 100, 20_000),
    diskKbPerSec: fc.constantFrom(50_000, 1_000, 200),
    pace: fc.constantFrom<Pace>('brisk', 'usual'),
    options: optionsRecipe,
    policies: policiesRecipe,
    limits: limitsRecipe,
    wants: fc.nat({ max: 31 }),
  });

/** Left out twice in three times: odd values of all options at once hide one another. */
const perhaps = <Value>(...values: Value[]): Arbitrary<Value | undefined> =>
  fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.constant(undefined), weight: 2 },
    { arbitrary: fc.constantFrom(...values), weight: 1 },
  );

const optionsRecipe: Arbitrary<OptionsRecipe> = fc.record({
  uploadSlots: perhaps(4, 1, 2),
  optimisticSlots: perhaps(1, 0, 2),
  maxPipelineBlocks: perhaps(500, 1, 2, 5),
  maxQueuedRequests: perhaps(500, 1, 3, 10),
  maxBufferedBytes: perhaps(32 * KiB * KiB, 0, 64 * KiB, 256 * KiB),
  maxUnsentBytes: perhaps(64 * KiB, 16 * KiB, KiB * KiB),
  fast: perhaps(false),
  // Not less than a block needs on the poorest path: who gives up sooner asks for everything again and again.
  requestLimit: perhaps(4_000, 10_000),
  snubbedAfter: perhaps(3_000, 1_000, 10_000),
  keepAliveEvery: perhaps(90_000, 2_000),
  silenceLimit: perhaps(120_000, 10_000),
  idleLimit: perhaps(600_000, 20_000),
  holdHavesFor: perhaps(4_000, 0, 20_000),
});

const policiesRecipe: Arbitrary<PoliciesRecipe> = fc.record({
  piecePolicy: perhaps('rarest-first', 'sequential', 'random'),
  seedPolicy: perhaps('super', 'fastest-upload'),
  chokePolicy: perhaps('tit-for-tat', 'random'),
  randomFirstPieces: perhaps(4, 0, 1),
});

const limitsRecipe: Arbitrary<LimitsRecipe> = fc.record({
  upBytesPerSec: perhaps(200_000, 40_000),
  downBytesPerSec: perhaps(200_000, 40_000),
  peerUpBytesPerSec: perhaps(100_000, 30_000),
  peerDownBytesPerSec: perhaps(100_000, 30_000),
});

const trackerRecipe: Arbitrary<TrackerRecipe> = fc.record({
  intervalMs: fc.constantFrom(2_000, 1_000, 5_000),
  keepsState: fc.boolean(),
  delayMs: fc.constantFrom(0, 50, 300),
  lossPercent: fc.constantFrom(0, 2, 10),
});

const stepRecipe: Arbitrary<StepRecipe> = fc.record({
  fault: fc.nat({ max: 100 }),
  atMs: fc.nat({ max: latestFault }),
  percent: fc.option(fc.integer({ min: 1, max: 99 }), { nil: undefined }),
  who: fc.nat({ max: 100 }),
  other: fc.nat({ max: 100 }),
  member: fc.nat({ max: 100 }),
  detail: fc.nat({ max: 100 }),
  lastsMs: fc.option(fc.integer({ min: 1, max: 8_000 }), { nil: undefined, freq: 3 }),
});
