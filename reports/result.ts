/** The document that `run --json` prints. */
import type { CheckResult, Verdict } from '../sim/record.ts';
import type { Simulated } from '../sim/world.ts';
import type { Account } from './account.ts';
import type { Bound } from '../sim/bound.ts';
import type { Metrics } from './metrics.ts';
import { replayLine } from './replay.ts';

export type RunResult = {
  readonly scenario: string;
  readonly seed: number;
  readonly world: string;
  /** How the virtual world carried payload; null on loopback, where it was carried. */
  readonly fidelity: Simulated['fidelity'] | null;
  readonly verdict: Verdict;
  readonly checks: readonly CheckResult[];
  /** The folder of the report; empty when none was written. */
  readonly report: string;
  /** The line that repeats the run. */
  readonly replay: string;
  /** SHA-256 of all that the run determined, in hex: the same again for a run in the virtual world. */
  readonly traceHash: string;
  /** How far the run's own clock came. */
  readonly virtualSeconds: number;
  /** What the virtual world's scheduler fired; null on loopback. */
  readonly events: number | null;
  /** From the start of the world to its end, by the clock on the wall. */
  readonly wallSeconds: number;
  /** The least time for anybody to distribute the content, and how near the run came; null where there are no limits. */
  readonly bound: {
    readonly kumarRoss: number;
    readonly binding: Bound['binding'];
    readonly ratio: number;
  } | null;
  readonly uplinkUtilisation: number | null;
  readonly metrics: Metrics;
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

/** What the record does not know of its run. */
export type RunFacts = Pick<RunResult, 'report' | 'traceHash' | 'wallSeconds'>;

export const resultOf = (account: Account, facts: RunFacts): RunResult => {
  const { record, rows, bound, metrics } = account;
  const { header, checks, end } = record;
  return {
    scenario: header.scenario.name,
    seed: header.seed,
    world: header.world,
    fidelity: end.simulated?.fidelity ?? null,
    verdict: end.verdict,
    checks,
    report: facts.report,
    replay: replayLine(record),
    traceHash: facts.traceHash,
    virtualSeconds: end.at / 1_000,
    events: end.simulated?.events ?? null,
    wallSeconds: facts.wallSeconds,
    bound: bound === undefined ? null : boundDocument(bound),
    uplinkUtilisation: metrics.uplinkUtilisation,
    metrics,
    peers: rows.map((row) => ({
      name: row.name,
      role: row.role,
      address: row.address ?? null,
      completed: row.isComplete,
      verified: row.isVerified,
      bytesDown: row.bytesDown,
      bytesUp: row.bytesUp,
    })),
  };
};

const boundDocument = ({
  kumarRossSec,
  binding,
  ratio,
}: Bound): NonNullable<RunResult['bound']> => ({ kumarRoss: kumarRossSec, binding, ratio });
