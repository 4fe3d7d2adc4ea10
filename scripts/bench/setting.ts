/** What a bench is, and what it is given. */
import type { Measurement } from './measurement.ts';
import type { Contestant } from './participants/contestant.ts';
import type { Program } from './participants/programs.ts';

export type Bench = {
  /** What `--only` is held against. */
  readonly name: string;
  readonly run: (setting: Setting) => Promise<readonly Measurement[]>;
};

/** Shared by all benches of one run. */
export type Setting = {
  /** Small and soon over: every bench has sizes of its own for it. */
  readonly quick: boolean;
  /** How often everything is measured, A B A B. */
  readonly runs: number;
  /** The programs that are here and wanted, ours first. */
  readonly contestants: readonly Contestant[];
  /** Those of other programs that are here and wanted, in the same order; what is missing is told. */
  readonly present: <Each extends Program>(programs: readonly Each[]) => readonly Each[];
  /** Each program also with ours, in both roles. */
  readonly mixed: boolean;
  /** Instead of what the bench itself would choose, in bytes. */
  readonly bytes: number | undefined;
  readonly pieceLengths: readonly number[] | undefined;
  /** Where files are made; nothing else is touched. */
  readonly scratch: string;
  readonly progress: Progress;
};

/** Runs of what has nobody to be compared with: fewer when it has to be quick. */
export const runsAlone = ({ quick, runs }: Pick<Setting, 'quick' | 'runs'>): number =>
  quick ? Math.min(2, runs) : runs;

/** For whoever looks on. */
export type Progress = {
  /** So many runs more are to come. */
  readonly expect: (runs: number) => void;
  /** One of them is done. */
  readonly ran: (line: string) => void;
  /** Something that changes what the figures mean. */
  readonly warn: (line: string) => void;
};
