/** The document that `run --json` prints. */
import type { CheckResult, RunRecord, Verdict } from '../sim/record.ts';
import { peerRows } from './peer-rows.ts';
import { replayLine } from './replay.ts';

export type RunResult = {
  readonly scenario: string;
  readonly seed: number;
  readonly world: string;
  readonly verdict: Verdict;
  readonly checks: readonly CheckResult[];
  /** The folder of the report. */
  readonly report: string;
  /** The line that repeats the run. */
  readonly replay: string;
  readonly peers: readonly {
    readonly name: string;
    readonly role: string;
    /** `ip:port`; null when it never joined. */
    readonly address: string | null;
    /** Held everything it wanted when it was last seen. */
    readonly completed: boolean;
    /** Every file it wanted was there, byte-identical. */
    readonly verified: boolean;
    readonly bytesDown: number;
    readonly bytesUp: number;
  }[];
};

export const resultOf = (record: RunRecord, report: string): RunResult => ({
  scenario: record.header.scenario.name,
  seed: record.header.seed,
  world: record.header.world,
  verdict: record.end.verdict,
  checks: record.checks,
  report,
  replay: replayLine(record.header),
  peers: peerRows(record).map((row) => ({
    name: row.name,
    role: row.role,
    address: row.address ?? null,
    completed: row.isComplete,
    verified: row.isVerified,
    bytesDown: row.bytesDown,
    bytesUp: row.bytesUp,
  })),
});
