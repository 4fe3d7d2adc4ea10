/** How near a run came to the least time any protocol needs, from what the reports know of its peers. */
import type { Instant } from '../core/time.ts';
import { type Bound, boundOf as boundOfCourse } from '../sim/bound.ts';
import type { RunRecord } from '../sim/record.ts';
import type { PeerRow } from './peer-rows.ts';

export type { Bound } from '../sim/bound.ts';

/** Undefined where nothing limits anybody, or nobody completed who lacked anything. */
export function boundOf(record: RunRecord, rows: readonly PeerRow[]): Bound | undefined {
  const byName = new Map(rows.map((row) => [row.name, row]));
  return boundOfCourse({
    record,
    joinedAt: (name) => byName.get(name)?.joinedMs as Instant | undefined,
    completedAt: (name) => byName.get(name)?.completedMs as Instant | undefined,
  });
}
