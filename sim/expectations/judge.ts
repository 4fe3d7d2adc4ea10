/** Judges one expectation by the record alone. */
import { never } from '../../core/never.ts';
import type { Evidence } from '../evidence.ts';
import type { Expectation } from '../expectation.ts';
import type { CheckResult } from '../record.ts';
import {
  completesAfter,
  everyoneCompletes,
  nobodyCompletes,
  resumes,
  slower,
} from './completion.ts';
import { banned, becomesSeeder, connectionsAtMost, nobodyLost, notBanned } from './conduct.ts';
import { hasOnlyWantedFiles, pausesBecause, swarmMisses } from './content.ts';
import { bytesFromEach, sendsNothing, shareFrom, wastedBelow } from './exchange.ts';
import type { Finding } from './finding.ts';
import { disconnected } from './hostility.ts';
import { leavesList, listedAsSeeder, trackerKeepsIds } from './listing.ts';

export const judgeExpectation = (expected: Expectation, evidence: Evidence): CheckResult => ({
  name: told(expected),
  ...find(expected, evidence),
});

/** The expectation as it is written: `everyoneCompletes leecher, within 20000`. */
const told = (expected: Expectation): string =>
  Object.entries<unknown>(expected)
    .map(([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');

/** The claims by their keys, in the order of `expectation.ts`. */
function find(expected: Expectation, evidence: Evidence): Finding {
  if ('everyoneCompletes' in expected) return everyoneCompletes(expected, evidence);
  if ('nobodyCompletes' in expected) return nobodyCompletes(expected, evidence);
  if ('completesAfter' in expected) return completesAfter(expected, evidence);
  if ('slower' in expected) return slower(expected, evidence);
  if ('resumes' in expected) return resumes(expected, evidence);
  return ofExchange(expected, evidence);
}

type Completion = 'everyoneCompletes' | 'nobodyCompletes' | 'completesAfter' | 'slower' | 'resumes';
type Without<Key extends string> = Exclude<
  Expectation,
  { readonly [K in Key]: Readonly<Record<K, unknown>> }[Key]
>;

function ofExchange(expected: Without<Completion>, evidence: Evidence): Finding {
  if ('bytesFromEach' in expected) return bytesFromEach(expected, evidence);
  if ('shareFrom' in expected) return shareFrom(expected, evidence);
  if ('sendsNothing' in expected) return sendsNothing(expected, evidence);
  if ('wastedBelow' in expected) return wastedBelow(expected, evidence);
  if ('listedAsSeeder' in expected) return listedAsSeeder(expected, evidence);
  if ('leavesList' in expected) return leavesList(expected, evidence);
  if ('trackerKeepsIds' in expected) return trackerKeepsIds(evidence);
  return ofConduct(expected, evidence);
}

type Exchange =
  | 'bytesFromEach'
  | 'shareFrom'
  | 'sendsNothing'
  | 'wastedBelow'
  | 'listedAsSeeder'
  | 'leavesList'
  | 'trackerKeepsIds';

function ofConduct(expected: Without<Completion | Exchange>, evidence: Evidence): Finding {
  if ('becomesSeeder' in expected) return becomesSeeder(expected, evidence);
  if ('banned' in expected) return banned(expected, evidence);
  if ('notBanned' in expected) return notBanned(expected, evidence);
  if ('disconnected' in expected) return disconnected(expected, evidence);
  if ('nobodyLost' in expected) return nobodyLost(expected, evidence);
  if ('connectionsAtMost' in expected) return connectionsAtMost(expected, evidence);
  if ('pausesBecause' in expected) return pausesBecause(expected, evidence);
  if ('hasOnlyWantedFiles' in expected) return hasOnlyWantedFiles(expected, evidence);
  if ('swarmMisses' in expected) return swarmMisses(expected, evidence);
  return never(expected);
}
