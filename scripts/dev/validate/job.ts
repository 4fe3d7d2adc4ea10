/** One run of one variant of one study: what a worker is told, and what it answers. */
import type { Measures } from '../../../scenarios/paper/study.ts';

export type Size = 'full' | 'quick' | 'small';

export type Job = {
  readonly row: string;
  readonly variant: string;
  readonly size: Size;
  readonly seed: number;
};

export type JobResult = {
  readonly measures: Measures;
  /** Checks of the bench that did not hold; the study's own claims are judged over all its runs. */
  readonly broken: readonly string[];
  readonly wallSeconds: number;
};

/** A file name that says which run it was. */
export const jobName = ({ row, variant, size, seed }: Job): string =>
  `${row} ${variant} ${size} ${seed}`.replace(/[^A-Za-z0-9.]+/g, '-').toLowerCase();
