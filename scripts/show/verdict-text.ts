/** How a run came out, for people and for the shell. */
import type { RunResult } from '../../reports/result.ts';
import type { CheckResult, RunRecord, Verdict } from '../../sim/record.ts';
import { exitCode, type ExitCode } from '../command-line/exit-code.ts';
import type { Output } from '../command-line/output.ts';
import { exitOfInterrupt } from '../command-line/terminal.ts';
import { printable } from './printable.ts';

/** Each check, then the verdict. */
export function tellVerdict(output: Output, { end }: RunRecord, result: RunResult): void {
  for (const check of result.checks) output.answer(checkLine(check));
  const style = result.verdict === 'passed' ? 'green' : 'red';
  const interrupted = end.interrupted ? ', interrupted' : '';
  output.answer(
    `${output.styled(['bold', style], result.verdict)}${interrupted}: ${result.scenario}`,
  );
}

const checkLine = ({ name, held, detail }: CheckResult): string =>
  `  ${held ? 'ok    ' : 'BROKEN'}  ${name}: ${printable(detail)}`;

export function exitOfRun({ end }: RunRecord, signal: AbortSignal): ExitCode {
  return end.interrupted ? exitOfInterrupt(signal) : exitOfVerdict(end.verdict);
}

export function exitOfVerdict(verdict: Verdict): ExitCode {
  switch (verdict) {
    case 'passed':
      return exitCode.passed;
    case 'failed':
      return exitCode.failed;
    case 'unsupported':
      return exitCode.unable;
  }
}
