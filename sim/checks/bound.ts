/** Bound: nobody completes sooner than any protocol could make it (Kumar and Ross, HotWeb 2006); who does has cheated a limit. */
import { type Task, boundOf, seedSec, taskOf } from '../bound.ts';
import { leastSec } from '../capacity.ts';
import type { Evidence } from '../evidence.ts';
import type { CheckResult } from '../record.ts';
import { verdict } from './verdict.ts';

/** Joining and completing are known to a millisecond each. */
const roundingSec = 0.002;

export function bound(evidence: Evidence): CheckResult {
  const task = taskOf(evidence);
  if (task === undefined) return verdict('bound', [], 'nobody completed who lacked anything');
  const found = boundOf(evidence);
  const kept =
    found === undefined
      ? 'no rate limits anybody, so that there is no least time'
      : `the last completed after ${found.ratio.toFixed(3)} times the least time of ${found.kumarRossSec.toFixed(3)} s (${found.binding})`;
  return verdict('bound', tooSoon(task), kept);
}

/**
 * When the k-th completes, everything that the first k lacked has left some uplink, what only seeds had has left theirs,
 * and its own has come in: so each is a bound of its own, and the last of them that of the run.
 */
function tooSoon({ begins, finishers, seedsUp, up }: Task): readonly string[] {
  let lackedBytes = 0;
  return finishers.flatMap((finisher) => {
    lackedBytes += finisher.lackedBytes;
    const { completedAt, down, joinedAt, peer } = finisher;
    const terms = [
      { what: 'the uplinks', since: begins, sec: leastSec(lackedBytes, up) },
      {
        what: 'the uplinks of the seeds',
        since: begins,
        sec: seedSec(finisher, seedsUp, leastSec),
      },
      { what: 'its own downlink', since: joinedAt, sec: leastSec(finisher.lackedBytes, down) },
    ];
    return terms.flatMap(({ what, since, sec }) => {
      const took = (completedAt - since) / 1_000;
      if (took + roundingSec >= sec) return [];
      return [
        `${peer.name} completed after ${took.toFixed(3)} s, ${what} allow it after ${sec.toFixed(3)} s`,
      ];
    });
  });
}
