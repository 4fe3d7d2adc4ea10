/** What a world can be told to do. */

/** One thing a world can be told to do. Peers are called by their names (`leecher-3`); who they are stands in the plan. */
export type Action =
  | { readonly type: 'join'; readonly peer: string }
  /** Graceful stop: done when the farewell was delivered or given up. */
  | { readonly type: 'leave'; readonly peer: string }
  /** RST or SIGKILL, nothing announced. */
  | { readonly type: 'crash'; readonly peer: string }
  /** Alive but silent, until `thaw`. */
  | { readonly type: 'freeze'; readonly peer: string }
  | { readonly type: 'thaw'; readonly peer: string }
  /** Nothing passes between the two sides any more, in both directions. */
  | { readonly type: 'cut'; readonly between: Sides }
  /** Undoes the cut between these two sides, or every cut. */
  | { readonly type: 'heal'; readonly between?: Sides }
  /** Breaks what connects the two sides now; they may dial again. */
  | { readonly type: 'disconnect'; readonly between: Sides }
  /** New rates of the peer's link; undefined is unlimited. */
  | {
      readonly type: 'limit';
      readonly peer: string;
      readonly upBytesPerSec?: number;
      readonly downBytesPerSec?: number;
    }
  | { readonly type: 'corrupt'; readonly peer: string; readonly blocks: Corruption }
  /** Starts a peer that left or crashed again, with its address, its id and the data it left; one that is up is stopped first. */
  | { readonly type: 'restart'; readonly peer: string; readonly resume: Resume }
  /** The peer's disk refuses writes once it has taken so many bytes more. */
  | { readonly type: 'disk-full'; readonly peer: string; readonly afterBytes: number }
  /** There is room again, and the peer is told to go on. */
  | { readonly type: 'disk-heal'; readonly peer: string }
  | { readonly type: 'tracker-stop' }
  | { readonly type: 'tracker-restart' }
  /** The tracker loses every peer it knows but goes on answering. */
  | { readonly type: 'tracker-forget' };

/** Names of peers on either side. */
export type Sides = readonly [a: readonly string[], b: readonly string[]];

export type Corruption = 'never' | 'always' | { readonly oneIn: number };

/** What a restarted peer makes of the data it finds: believe the resume file, hash everything, or begin anew. */
export type Resume = 'trust' | 'check' | 'none';
