/** What passes between a sweep and the processes that play its seeds. */
import type { Outcome } from '../../reports/series.ts';
import type { LoadedScenario } from './load-scenario.ts';
import type { WorldChoice } from './worlds.ts';

/** What all runs of a sweep have in common. */
export type SweepOrder = {
  readonly loaded: LoadedScenario;
  readonly set: readonly string[];
  readonly choice: WorldChoice;
};

/** The order comes first and once, then a seed at a time. */
export type ToPlayer =
  | { readonly type: 'order'; readonly order: SweepOrder }
  | { readonly type: 'seed'; readonly seed: number };

export type FromPlayer =
  | { readonly type: 'played'; readonly outcome: Outcome }
  | { readonly type: 'failed'; readonly why: string };
