/** How near a run came to the least time any protocol needs: as a whole, and at each of its completions. */
import { fluidSec } from '../sim/capacity.ts';
import { type Course, seedSec, taskOf } from '../sim/bound.ts';
import type { Instant } from '../core/time.ts';
import type { RunRecord } from '../sim/record.ts';
import type { PeerRow } from './peer-rows.ts';

export const courseOf = (record: RunRecord, rows: readonly PeerRow[]): Course => {
  const byName = new Map(rows.map((row) => [row.name, row]));
  return {
    record,
    joinedAt: (name) => byName.get(name)?.joinedMs as Instant | undefined,
    completedAt: (name) => byName.get(name)?.completedMs as Instant | undefined,
  };
};

/** Both from the first joining of a downloader. */
export type FinishTime = {
  readonly name: string;
  readonly sec: number;
  /**
   * The least time until so many could be done: what they lacked had to come through all uplinks together, and each
   * one's through its own downlink and out of the seeds.
   */
  readonly leastSec: number;
};

/** In order of completion. */
export function finishTimesOf(course: Course): readonly FinishTime[] {
  const task = taskOf(course);
  if (task === undefined) return [];
  const { begins, finishers, up, seedsUp } = task;
  let lackedBytes = 0;
  let ownSec = 0;
  return finishers.map((finisher) => {
    lackedBytes += finisher.lackedBytes;
    ownSec = Math.max(
      ownSec,
      fluidSec(finisher.lackedBytes, finisher.down),
      seedSec(finisher, seedsUp, fluidSec),
    );
    return {
      name: finisher.peer.name,
      sec: (finisher.completedAt - begins) / 1_000,
      leastSec: Math.max(ownSec, fluidSec(lackedBytes, up)),
    };
  });
}
