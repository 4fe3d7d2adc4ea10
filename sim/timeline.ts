/** The timeline of a scenario: one thing to do, at a time or when something has come true. */
import type { Duration } from '../core/time.ts';
import type { Corruption, Resume } from './action.ts';
import type { Who } from './who.ts';

export type { Resume } from './action.ts';

/** When a step happens: at a time of the run, or as soon as a condition holds (see `condition.ts`), plus a wait. */
export type Moment<T = Duration> =
  { readonly at: T } | { readonly when: string; readonly after?: T };

export type TimelineStep<Role extends string = string, T = Duration, Q = number> = Moment<T> &
  Deed<Role, Q>;

/** What happens. The verb is the key, so that a step reads like a sentence: `{ at: '2min', crash: 'any leecher' }`. */
export type Deed<Role extends string = string, Q = number> =
  | { readonly join: Who<Role> }
  | { readonly leave: Who<Role> }
  | { readonly crash: Who<Role> }
  | { readonly 'power-cut': Who<Role> }
  | { readonly freeze: Who<Role> }
  | { readonly thaw: Who<Role> }
  | { readonly move: Who<Role> }
  /** `oneWay`: nothing passes from the first to the second any more, and all does from the second to the first. */
  | { readonly cut: readonly [Who<Role>, Who<Role>]; readonly oneWay?: true }
  | { readonly heal: 'all' | readonly [Who<Role>, Who<Role>] }
  | { readonly disconnect: readonly [Who<Role>, Who<Role>] }
  | { readonly limit: Who<Role>; readonly up?: Q; readonly down?: Q }
  | { readonly corrupt: Who<Role>; readonly blocks: Corruption }
  | { readonly restart: Who<Role>; readonly resume?: Resume }
  | { readonly 'disk-full': Who<Role>; readonly afterBytes?: Q }
  | { readonly 'disk-error': Who<Role> }
  | { readonly 'disk-heal': Who<Role> }
  | { readonly 'tracker-stop': true }
  | { readonly 'tracker-restart': true }
  | { readonly 'tracker-forget': true };
