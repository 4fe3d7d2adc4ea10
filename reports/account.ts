/** What the reports of a run are made from, worked out once for all of them. */
import { type Bound, boundOf } from '../sim/bound.ts';
import type { RunRecord } from '../sim/record.ts';
import { type Availability, availabilityOf } from './availability.ts';
import { type FinishTime, courseOf, finishTimesOf } from './bound.ts';
import { type Metrics, metricsOf } from './metrics.ts';
import { type PeerRow, peerRows } from './peer-rows.ts';

export type Account = {
  readonly record: RunRecord;
  /** In the order of the plan. */
  readonly rows: readonly PeerRow[];
  readonly availability: Availability;
  readonly bound: Bound | undefined;
  readonly finishTimes: readonly FinishTime[];
  readonly metrics: Metrics;
};

export function accountOf(record: RunRecord): Account {
  const rows = peerRows(record);
  const availability = availabilityOf(record);
  const course = courseOf(record, rows);
  const bound = boundOf(course);
  const finishTimes = finishTimesOf(course);
  const metrics = metricsOf({ record, rows, availability, bound, finishTimes });
  return { record, rows, availability, bound, finishTimes, metrics };
}
