/** What a scenario expects, as data. The key is the claim; each is judged from the record alone, and none holds of nobody. */
import type { PauseReason } from '../core/swarm/event.ts';
import type { Duration } from '../core/time.ts';
import type { Action } from './action.ts';
import type { Who } from './who.ts';

export type Expectation<Role extends string = string, T = Duration> =
  /** Everyone completes and is byte-identical, within so long after joining; `orLeaves` excuses who was told to go before that. */
  | { readonly everyoneCompletes: Who<Role>; readonly within?: T; readonly orLeaves?: true }
  | { readonly nobodyCompletes: Who<Role> }
  /** Everyone completes later than the first such action, and before the first `before` that follows it. */
  | {
      readonly completesAfter: Who<Role>;
      readonly action: ActionType;
      readonly before?: ActionType;
    }
  /** Each sender gives each receiver at least this share of an equal part of what they gave it together. */
  | { readonly bytesFromEach: Who<Role>; readonly to: Who<Role>; readonly share: number }
  /** Of all that `to` received, the part that came from these lies within the bounds. */
  | {
      readonly shareFrom: Who<Role>;
      readonly to: Who<Role>;
      readonly atLeast?: number;
      readonly atMost?: number;
    }
  /** Nothing passes between the actions; `grace` is for what was under way (500 ms unless said). */
  | {
      readonly sendsNothing: Who<Role>;
      readonly to: Who<Role>;
      readonly after: ActionType;
      readonly until?: ActionType;
      readonly grace?: T;
    }
  /** The catalogue shows each as a seeder, within so long after it held everything (an announce unless said). */
  | { readonly listedAsSeeder: Who<Role>; readonly within?: T }
  /** Each leaves or crashes, and the tracker drops it in time (graceful: at once, crash: expiry, unless said). */
  | { readonly leavesList: Who<Role>; readonly within?: T }
  /** Each begins incomplete, completes, and serves blocks after that. */
  | { readonly becomesSeeder: Who<Role> }
  /** Each is banned by at least so many of these (1 unless said). */
  | { readonly banned: Who<Role>; readonly by: Who<Role>; readonly atLeast?: number }
  | { readonly notBanned: Who<Role> }
  /** No connection of these hostile peers with one of those lasts longer than that, and those end at least one of each. */
  | { readonly disconnected: Who<Role>; readonly by: Who<Role>; readonly within: T }
  /** Duplicate, failed and unrequested payload, as a share of all payload that arrived. */
  | { readonly wastedBelow: number; readonly of: Who<Role> }
  /** Mean time from joining to completion is at least `ratio` times theirs; who never completes counts to the end. */
  | { readonly slower: Who<Role>; readonly than: Who<Role>; readonly ratio: number }
  /** Each is restarted and completes, and fetches at most this share of the content more than once. */
  | { readonly resumes: Who<Role>; readonly refetchesAtMost: number }
  | { readonly pausesBecause: PauseReason['code']; readonly of: Who<Role> }
  /** On disk are the wanted files, whole, and no other of the content under its final name. */
  | { readonly hasOnlyWantedFiles: Who<Role> }
  /** At the end no peer that is up holds these pieces (`something`: at least one is missing). */
  | {
      readonly swarmMisses: readonly number[] | 'something' | 'nothing';
      readonly content?: number;
    }
  /** The tracker was away and came back, and every content has the id it had before. */
  | { readonly trackerKeepsIds: true }
  /** Each that was not told to go is still up at the end. */
  | { readonly nobodyLost: Who<Role> }
  | { readonly connectionsAtMost: number; readonly of: Who<Role> };

type ActionType = Action['type'];
