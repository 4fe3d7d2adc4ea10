/** The figures of a run, one number each, so that runs can be averaged and compared. */
import type { Bound } from '../sim/bound.ts';
import type { RunRecord } from '../sim/record.ts';
import type { Availability } from './availability.ts';
import type { FinishTime } from './bound.ts';
import { type Finisher, completionTimes, finishersOf } from './completion.ts';
import { jain } from './fairness.ts';
import { upOf } from './lives.ts';
import type { PeerRow } from './peer-rows.ts';
import { firstSeeds, seedRedundancy, uplinkUtilisation } from './uplink.ts';

/** Null where the run says nothing of it. Times are seconds, shares are from 0 to 1. */
export type Metrics = {
  /** Peers that came to download and had everything they wanted in the end. */
  readonly finished: number;
  /** Of their downloads, each from its own joining. */
  readonly completionMinSec: number | null;
  readonly completionP10Sec: number | null;
  readonly completionP50Sec: number | null;
  readonly completionP90Sec: number | null;
  readonly completionP99Sec: number | null;
  readonly completionMaxSec: number | null;
  readonly completionMeanSec: number | null;
  /** R: the last completion over the bound of Kumar and Ross. */
  readonly boundRatio: number | null;
  /** The mean completion over the mean of what each could be at the least. */
  readonly meanBoundRatio: number | null;
  /** Of all completions the one nearest to its bound. Less than 1 is a bug. */
  readonly nearestBoundRatio: number | null;
  /** Payload uploaded over the capacity of the uplinks that were up, until the last completion. */
  readonly uplinkUtilisation: number | null;
  /** Bytes sent by those who began with everything, over the size of the content. */
  readonly seedRedundancy: number | null;
  /** From the first joining of a downloader until every piece had left the first seeds. */
  readonly allOutSec: number | null;
  /** The same over the time in which the first seeds can send the content once. */
  readonly allOutRatio: number | null;
  /** Jain's index of the finishers' mean download rates. */
  readonly downloadFairness: number | null;
  /** Jain's index of the finishers' bytes up for each byte down. */
  readonly sharingFairness: number | null;
  /** Of the bytes received: twice, unasked or spoilt. */
  readonly wastedShare: number | null;
};

export type MetricsOfRun = {
  readonly record: RunRecord;
  readonly rows: readonly PeerRow[];
  readonly availability: Availability;
  readonly bound: Bound | undefined;
  readonly finishTimes: readonly FinishTime[];
};

export function metricsOf(run: MetricsOfRun): Metrics {
  const { record, rows, availability, bound } = run;
  const finishers = finishersOf(rows);
  const firstJoinMs = firstJoin(record, rows);
  const lastMs = finishers.at(-1)?.completedMs;
  const span = lastMs === undefined ? undefined : { fromMs: firstJoinMs, toMs: lastMs };
  return {
    finished: finishers.length,
    ...completion(finishers),
    boundRatio: bound?.ratio ?? null,
    ...finishing(run.finishTimes),
    uplinkUtilisation: (span && uplinkUtilisation(record, span)) ?? null,
    seedRedundancy: seedRedundancy(record) ?? null,
    ...allOut(record, availability, firstJoinMs),
    ...fairness(finishers),
    wastedShare: wastedShare(rows),
  };
}

type Completion = Pick<Metrics, Extract<keyof Metrics, `completion${string}`>>;

const nobodyFinished: Completion = {
  completionMinSec: null,
  completionP10Sec: null,
  completionP50Sec: null,
  completionP90Sec: null,
  completionP99Sec: null,
  completionMaxSec: null,
  completionMeanSec: null,
};

function completion(finishers: readonly Finisher[]): Completion {
  const times = completionTimes(finishers);
  if (times === undefined) return nobodyFinished;
  return {
    completionMinSec: times.minSec,
    completionP10Sec: times.p10Sec,
    completionP50Sec: times.p50Sec,
    completionP90Sec: times.p90Sec,
    completionP99Sec: times.p99Sec,
    completionMaxSec: times.maxSec,
    completionMeanSec: times.meanSec,
  };
}

/** Of those who do not begin with everything; infinite when there are none. */
const firstJoin = ({ header }: RunRecord, rows: readonly PeerRow[]): number =>
  header.plan.peers.reduce((first, { contents }, i) => {
    const isDownloader = contents.some(({ has }) => has !== 'all');
    return Math.min(first, (isDownloader ? rows[i]?.joinedMs : undefined) ?? Infinity);
  }, Infinity);

function finishing(
  times: readonly FinishTime[],
): Pick<Metrics, 'meanBoundRatio' | 'nearestBoundRatio'> {
  const sum = times.reduce((total, { sec }) => total + sec, 0);
  const least = times.reduce((total, { leastSec }) => total + leastSec, 0);
  const nearest = times.reduce(
    (near, { sec, leastSec }) => Math.min(near, sec / leastSec),
    Infinity,
  );
  if (least === 0) return { meanBoundRatio: null, nearestBoundRatio: null };
  return { meanBoundRatio: sum / least, nearestBoundRatio: nearest };
}

function allOut(
  { header, contents }: RunRecord,
  { allOutMs }: Availability,
  fromMs: number,
): Pick<Metrics, 'allOutSec' | 'allOutRatio'> {
  const lastMs = Math.max(...allOutMs.map((ms) => ms ?? NaN));
  if (!Number.isFinite(lastMs)) return { allOutSec: null, allOutRatio: null };
  const allOutSec = (lastMs - fromMs) / 1_000;
  const [content, second] = contents;
  const seeds = firstSeeds(header.plan.peers, 1)[0];
  const fromSeeds = header.plan.peers
    .filter(({ name }) => seeds?.has(name))
    .reduce((sum, peer) => sum + upOf(peer), 0);
  if (content === undefined || second !== undefined || !Number.isFinite(fromSeeds / fromSeeds))
    return { allOutSec, allOutRatio: null };
  return { allOutSec, allOutRatio: (allOutSec * fromSeeds) / content.length };
}

function fairness(
  finishers: readonly Finisher[],
): Pick<Metrics, 'downloadFairness' | 'sharingFairness'> {
  if (finishers.length === 0) return { downloadFairness: null, sharingFairness: null };
  return {
    downloadFairness: jain(finishers.map(({ meanDownBytesPerSec }) => meanDownBytesPerSec)),
    sharingFairness: jain(finishers.map(({ ratio }) => ratio ?? 0)),
  };
}

function wastedShare(rows: readonly PeerRow[]): number | null {
  const down = rows.reduce((sum, { bytesDown }) => sum + bytesDown, 0);
  if (down === 0) return null;
  return rows.reduce((sum, { bytesWasted }) => sum + bytesWasted, 0) / down;
}
