/** Judges a run: the checks that every scenario gets, then its own expectations. */
import { accounting } from './checks/accounting.ts';
import { cleanliness } from './checks/cleanliness.ts';
import { integrity } from './checks/integrity.ts';
import { liveness } from './checks/liveness.ts';
import { played } from './checks/played.ts';
import { trackersWord } from './checks/tracker-word.ts';
import { Evidence } from './evidence.ts';
import { judgeExpectation } from './expectations/judge.ts';
import type { CheckResult, RunRecord } from './record.ts';

/** The checks of every scenario, in the order of the report. */
const always = [integrity, trackersWord, accounting, liveness, cleanliness, played];

/** The record with its checks and its verdict. */
export function judged(run: Omit<RunRecord, 'checks'>): RunRecord {
  const evidence = new Evidence({ ...run, checks: [] });
  const checks: readonly CheckResult[] = [
    ...always.map((check) => check(evidence)),
    ...run.header.scenario.expect.map((expected) => judgeExpectation(expected, evidence)),
  ];
  const verdict = checks.every(({ held }) => held) ? 'passed' : 'failed';
  return { ...run, checks, end: { ...run.end, verdict } };
}
