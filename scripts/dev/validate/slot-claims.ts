/** S3: what the slotted model should give, as claims; it has no scenario, since it knows neither links nor messages. */
import type { Verdict } from './verdict.ts';
import type { Size } from './job.ts';
import { fewestSlots, slotsNeeded } from './slots.ts';

const crowds = [1, 2, 3, 7, 8, 100, 1_000];
const pieceCounts = [1, 10, 100, 400];

/** The model's time grows with the pieces and the square of the nodes: a thousand with four hundred take minutes. */
const largest: Readonly<Record<Size, number>> = { full: Infinity, quick: 4e6, small: 1e6 };

/** What an independent model of the same rules gave for pieces chosen by chance. */
const byChance = [
  { leechers: 10, pieces: 100, ratio: 1.09 },
  { leechers: 100, pieces: 10, ratio: 1.49 },
  { leechers: 100, pieces: 100, ratio: 1.21 },
  { leechers: 100, pieces: 400, ratio: 1.08 },
];
/** How far from that the mean may lie. */
const tolerance = 0.03;

const row = 'S3';

export function slotVerdicts(size: Size, seeds: number): readonly Verdict[] {
  const seedsOf = Array.from({ length: seeds }, (_, i) => i + 1);
  const isPlayed = ({ leechers, pieces }: Shape): boolean =>
    leechers ** 2 * pieces <= largest[size];
  const shapes = crowds
    .flatMap((leechers) => pieceCounts.map((pieces) => ({ leechers, pieces })))
    .filter(isPlayed);
  const rarest = seedsOf.map((seed) =>
    shapes.map((shape) => ({ ...shape, ratio: ratioOf(shape, 'rarest-first', seed) })),
  );
  const extreme = (pick: typeof Math.max, isMeant: (pieces: number) => boolean): number[] =>
    rarest.map((all) =>
      pick(...all.filter(({ pieces }) => isMeant(pieces)).map(({ ratio }) => ratio)),
    );
  return [
    verdict('least slots over M + floor(log2 N)', 'a theorem', {
      values: extreme(Math.min, () => true),
      atLeast: 1,
    }),
    verdict('most, M of 100 and more', '1.018', {
      values: extreme(Math.max, (pieces) => pieces >= 100),
      atMost: 1.02,
    }),
    verdict('most, M = 10', '1.06', {
      values: extreme(Math.max, (pieces) => pieces === 10),
      atMost: 1.11,
    }),
    ...byChance.filter(isPlayed).map(({ ratio, ...shape }) =>
      verdict(`pieces by chance, N = ${shape.leechers}, M = ${shape.pieces}`, String(ratio), {
        values: seedsOf.map((seed) => meanRatio(shape, seed)),
        atLeast: round(ratio * (1 - tolerance)),
        atMost: round(ratio * (1 + tolerance)),
      }),
    ),
  ];
}

type Shape = { readonly leechers: number; readonly pieces: number };

const ratioOf = (shape: Shape, policy: 'rarest-first' | 'random', seed: number): number =>
  slotsNeeded({ ...shape, policy, seed }) / fewestSlots(shape);

/** A run of the model takes milliseconds and differs much from the next: each value is the mean of five. */
function meanRatio(shape: Shape, seed: number): number {
  let sum = 0;
  for (let i = 0; i < 5; i += 1) sum += ratioOf(shape, 'random', seed * 10 + i);
  return sum / 5;
}

function verdict(
  says: string,
  elsewhere: string,
  {
    values,
    atLeast = -Infinity,
    atMost = Infinity,
  }: { readonly values: readonly number[]; readonly atLeast?: number; readonly atMost?: number },
): Verdict {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const lower = atLeast === -Infinity ? '' : `at least ${atLeast}`;
  const upper = atMost === Infinity ? '' : `at most ${atMost}`;
  const gate = lower !== '' && upper !== '' ? `${atLeast} to ${atMost}` : lower + upper;
  return { row, says, elsewhere, gate, values, held: mean >= atLeast && mean <= atMost };
}

const round = (value: number): number => Math.round(value * 1_000) / 1_000;
