/** The steps of a plan: what is done when, and why. */
import type { Duration, Instant } from '../core/time.ts';
import type { Action } from './action.ts';
import type { Condition } from './condition.ts';

export type Step = {
  readonly at: Instant;
  readonly action: Action;
  readonly cause: Cause;
};

/** Becomes a step once `when` holds and `after` has passed. */
export type ConditionalStep = {
  readonly when: Condition;
  readonly after: Duration;
  readonly action: Action;
  readonly cause: Cause;
};

/** Why a step is played: the group's arrival or stay, the scenario's timeline, or the runner's healing at the end. */
export type Cause = 'group' | 'timeline' | 'healing';
