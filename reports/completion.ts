/** How long downloads took: their distribution, and `completion.csv` with each of them. */
import { mean, quantileSorted } from 'simple-statistics';
import type { FinishTime } from './bound.ts';
import { csv, type Row } from './csv.ts';
import type { PeerRow } from './peer-rows.ts';

/** Of those who came to download and did, from each one's joining; in seconds. */
export type CompletionTimes = {
  readonly count: number;
  readonly minSec: number;
  readonly p10Sec: number;
  readonly p50Sec: number;
  readonly p90Sec: number;
  readonly p99Sec: number;
  readonly maxSec: number;
  readonly meanSec: number;
};

export type Finisher = PeerRow & { readonly joinedMs: number; readonly completedMs: number };

/** Those who downloaded everything they wanted, in order of completion, then of the plan. */
export const finishersOf = (rows: readonly PeerRow[]): readonly Finisher[] =>
  rows.filter(isFinisher).sort((a, b) => a.completedMs - b.completedMs);

const isFinisher = (row: PeerRow): row is Finisher =>
  row.completedMs !== undefined && row.joinedMs !== undefined && row.bytesDown > 0;

/** Undefined when nobody finished. */
export function completionTimes(finishers: readonly Finisher[]): CompletionTimes | undefined {
  if (finishers.length === 0) return undefined;
  const took = finishers.map(tookSec).sort((a, b) => a - b);
  const at = (share: number): number => quantileSorted(took, share);
  return {
    count: took.length,
    minSec: at(0),
    p10Sec: at(0.1),
    p50Sec: at(0.5),
    p90Sec: at(0.9),
    p99Sec: at(0.99),
    maxSec: at(1),
    meanSec: mean(took),
  };
}

export const tookSec = ({ joinedMs, completedMs }: Finisher): number =>
  (completedMs - joinedMs) / 1_000;

const columns = [
  'took_s',
  'share',
  'name',
  'role',
  'joined_ms',
  'completed_ms',
  'finished_as',
  'since_first_join_s',
  'least_s',
];

/**
 * The empirical distribution: `share` of those who finished took `took_s` or less. `finished_as` counts from 1, by
 * the time on the run's clock; `least_s` is the bound on what stands before it.
 */
export const completionCsv = (run: Finished): Iterable<string> => csv(columns, ranked(run));

type Finished = {
  readonly rows: readonly PeerRow[];
  readonly finishTimes: readonly FinishTime[];
};

function* ranked({ rows, finishTimes }: Finished): Generator<Row> {
  const timeOf = new Map(finishTimes.map((time) => [time.name, time]));
  const finishers = finishersOf(rows).map((row, i) => ({ row, finishedAs: i + 1 }));
  finishers.sort((a, b) => tookSec(a.row) - tookSec(b.row));
  for (const [i, { row, finishedAs }] of finishers.entries()) {
    const time = timeOf.get(row.name);
    yield [
      tookSec(row),
      ((i + 1) / finishers.length).toFixed(6),
      row.name,
      row.role,
      row.joinedMs,
      row.completedMs,
      finishedAs,
      time?.sec,
      time?.leastSec.toFixed(3),
    ];
  }
}
