/** What a world can be told to do. */

/** One thing a world can be told to do. Peers are called by their names (`leecher-3`); who they are stands in the plan. */
export type Action =
  | { readonly type: 'join'; readonly peer: string }
  /** Graceful stop: done when the farewell was delivered or given up. */
  | { readonly type: 'leave'; readonly peer: string }
  /** RST or SIGKILL, nothing announced. */
  | { readonly type: 'crash'; readonly peer: string }
  /** As a crash, but nobody is told, not even by an RST, and what the disk had not yet synced is lost. */
  | { readonly type: 'power-cut'; readonly peer: string }
  /** Alive but silent, until `thaw`. */
  | { readonly type: 'freeze'; readonly peer: string }
  | { readonly type: 'thaw'; readonly peer: string }
  /** The peer goes on from another address. Its connections are dead without a word, and whoever knew the old address knows nothing. */
  | { readonly type: 'move'; readonly peer: string }
  /** Nothing passes between the two sides any more: in both directions, or only none from the first to the second. */
  | { readonly type: 'cut'; readonly between: Sides; readonly oneWay?: true }
  /** Undoes the cuts between these two sides, of either kind, or every cut. */
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
  /** Every read and every write of the peer's disk fails with an I/O error. */
  | { readonly type: 'disk-error'; readonly peer: string }
  /** There is room again, or the disk works again, and the peer is told to go on. */
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

/** Every type of action, kept whole by the compiler. */
const every: Readonly<Record<Action['type'], true>> = {
  join: true,
  leave: true,
  crash: true,
  'power-cut': true,
  freeze: true,
  thaw: true,
  move: true,
  cut: true,
  heal: true,
  disconnect: true,
  limit: true,
  corrupt: true,
  restart: true,
  'disk-full': true,
  'disk-error': true,
  'disk-heal': true,
  'tracker-stop': true,
  'tracker-restart': true,
  'tracker-forget': true,
};

export const actionTypes = Object.keys(every) as readonly Action['type'][];

/** Ends of a life of which the tracker hears nothing: it has to find out by itself. */
export const crashTypes: readonly ['crash', 'power-cut'] = ['crash', 'power-cut'];

export const isCrash = (
  action: Action,
): action is Extract<Action, { readonly type: (typeof crashTypes)[number] }> =>
  action.type === 'crash' || action.type === 'power-cut';
