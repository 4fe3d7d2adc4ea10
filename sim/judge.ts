/** Judges a run: the checks that every scenario gets, then its own expectations. */
import { accounting } from './checks/accounting.ts';
import { bound } from './checks/bound.ts';
import { cleanliness } from './checks/cleanliness.ts';
import { integrity } from './checks/integrity.ts';
import { liveness } from './checks/liveness.ts';
import { played } from './checks/played.ts';
import { trackersWord } from './checks/tracker-word.ts';
import { Evidence } from './evidence.ts';
import { judgeExpectation } from './expectations/judge.ts';
import type { CheckResult, RunRecord } from './record.ts';

/** The checks of every scenario, in the order of the report. */
const always = [integrity, trackersWord, accounting, liveness, bound, cleanliness];

/** The record with its checks and its verdict; `witnessed` are those of somebody who looked on while it was played. */
export function judged(
  run: Omit<RunRecord, 'checks'>,
  witnessed: readonly CheckResult[] = [],
): RunRecord {
  // What could not be done was not done: a crash of somebody who was down is no crash.
  const actions = run.actions.filter(({ error }) => error === undefined);
  const evidence = new Evidence({ ...run, actions, checks: [] });
  const checks: readonly CheckResult[] = [
    ...witnessed,
    ...always.map((check) => check(evidence)),
    played(new Evidence({ ...run, checks: [] })),
    ...run.header.scenario.expect.map((expected) => judgeExpectation(expected, evidence)),
  ];
  const verdict = checks.every(({ held }) => held) ? 'passed' : 'failed';
  return { ...run, checks, end: { ...run.end, verdict } };
}
