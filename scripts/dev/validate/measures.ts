/** What a study wants to know of a run: the figures of every report, and a few that only studies ask for. */
import { mean, median } from 'simple-statistics';
import { accountOf, type Account } from '../../../reports/account.ts';
import type { Measures } from '../../../scenarios/paper/study.ts';
import type { PeerSpec, Plan } from '../../../sim/plan.ts';
import type { RunRecord } from '../../../sim/record.ts';
import type { Drawn, Stay } from '../../../sim/scenario.ts';
import { kolmogorovP } from './kolmogorov.ts';

export function measuresOf(record: RunRecord): Measures {
  const account = accountOf(record);
  const { bound, metrics } = account;
  return {
    boundRatio: metrics.boundRatio,
    kumarRossSec: bound?.kumarRossSec ?? null,
    binding: bound?.binding ?? null,
    uplinkUtilisation: metrics.uplinkUtilisation,
    seedRedundancy: metrics.seedRedundancy,
    allOutRatio: metrics.allOutRatio,
    completionP50Sec: metrics.completionP50Sec,
    completionP99Sec: metrics.completionP99Sec,
    completionMaxSec: metrics.completionMaxSec,
    completionMeanSec: metrics.completionMeanSec,
    ...byRole(account),
    ...networks(record),
    ...sessions(record.header.plan, record.header.scenario.peers['leecher']?.stays),
  };
}

function byRole({ record, rows }: Account): Pick<Measures, 'meanSecOf' | 'completedShareOf'> {
  const times = new Map<string, number[]>();
  const completed = new Map<string, number>();
  const left = leavings(record);
  for (const { name, role, joinedMs, completedMs } of rows) {
    if (joinedMs === undefined) continue;
    const endMs = completedMs ?? left.get(name) ?? record.end.at;
    times.set(role, [...(times.get(role) ?? []), (endMs - joinedMs) / 1_000]);
    completed.set(role, (completed.get(role) ?? 0) + Number(completedMs !== undefined));
  }
  const roles = [...times];
  return {
    meanSecOf: Object.fromEntries(roles.map(([role, own]) => [role, mean(own)])),
    completedShareOf: Object.fromEntries(
      roles.map(([role, own]) => [role, (completed.get(role) ?? 0) / own.length]),
    ),
  };
}

const leavings = ({ actions }: RunRecord): ReadonlyMap<string, number> =>
  new Map(
    actions.flatMap(({ at, action }) => (action.type === 'leave' ? [[action.peer, at]] : [])),
  );

/** Payload that came into a network from outside, over the size of the content; and what chance would make of it. */
function networks({
  header,
  contents,
  transfers,
}: RunRecord): Pick<Measures, 'copiesIntoNetwork' | 'copiesByChance'> {
  const networkOf = new Map(header.plan.peers.map(({ name, network }) => [name, network]));
  const members = header.plan.peers.filter(({ network }) => network !== undefined);
  const count = new Set(members.map(({ network }) => network)).size;
  const size = contents[0]?.length ?? 0;
  if (count === 0 || size === 0) return { copiesIntoNetwork: null, copiesByChance: null };
  let bytes = 0;
  for (const { from, to, bytesReceived } of transfers) {
    const home = networkOf.get(to);
    if (home !== undefined && networkOf.get(from) !== home) bytes += bytesReceived;
  }
  const each = members.length / count;
  const byChance = (1 - (each - 1) / (members.length - 1)) * each;
  return { copiesIntoNetwork: bytes / size / count, copiesByChance: byChance };
}

type Sessions = Pick<Measures, 'sessionP' | 'sessionMeanSec' | 'sessionMedianSec'>;

/** How long the leechers' sessions were drawn to be, whether or not the run lasted so long. */
function sessions({ peers, steps }: Plan, stays: Stay | undefined): Sessions {
  const law = lawOf(stays);
  if (law === undefined) return { sessionP: null, sessionMeanSec: null, sessionMedianSec: null };
  const isLeecher = ({ role }: PeerSpec): boolean => role === 'leecher';
  const moments = new Map(peers.filter(isLeecher).map(({ name }) => [name, { join: 0, leave: 0 }]));
  for (const { at, action } of steps) {
    if (action.type !== 'join' && action.type !== 'leave') continue;
    const moment = moments.get(action.peer);
    if (moment !== undefined) moment[action.type] = at;
  }
  const lengths = [...moments.values()].map(({ join, leave }) => (leave - join) / 1_000);
  return {
    sessionP: kolmogorovP(lengths, law),
    sessionMeanSec: mean(lengths),
    sessionMedianSec: median(lengths),
  };
}

/** The distribution function of a drawn stay, in seconds; undefined of any other. */
function lawOf(stays: Stay | undefined): ((seconds: number) => number) | undefined {
  if (typeof stays !== 'object' || 'linger' in stays || 'for' in stays) return undefined;
  return functionOf(stays);
}

function functionOf(drawn: Drawn): ((seconds: number) => number) | undefined {
  if ('exponential' in drawn) {
    const { mean: meanMs } = drawn.exponential;
    return (seconds) => 1 - Math.exp((-seconds * 1_000) / meanMs);
  }
  if ('logNormal' in drawn) return undefined;
  const { shape, scale } = drawn.weibull;
  return (seconds) => 1 - Math.exp(-(((seconds * 1_000) / scale) ** shape));
}
