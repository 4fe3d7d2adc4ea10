/** A scenario: who takes part, over which links, what goes wrong and when, what must hold. A plain value. */
import type {
  ChokePolicy,
  PiecePolicy,
  SeedPolicy,
  TorrentOptions,
} from '../core/swarm/options.ts';
import type { Duration } from '../core/time.ts';
import type { Corruption } from './action.ts';
import type { Expectation } from './expectation.ts';
import type { TrackerTrick } from './hostile/tracker-tricks.ts';
import type { Written } from './quantity.ts';
import type { TimelineStep } from './timeline.ts';

export type { Corruption } from './action.ts';
export type { Who } from './who.ts';

/**
 * The parsed form, with every default filled in. It has the shape of what authors write, but times are
 * milliseconds, sizes bytes and rates bytes/s; so it is valid input again, in JSON and in YAML.
 */
export type Scenario<Role extends string = string> = {
  readonly name: string;
  /** One sentence: what happens, for the list of scenarios. */
  readonly story: string;
  readonly content: readonly ContentSpec<number>[];
  readonly peers: Readonly<Record<Role, PeerGroup<Duration, number>>>;
  readonly tracker: TrackerSpec<Duration>;
  /** `virtual`: it takes hours, or thousands of peers, so that no other world could play it in good time. */
  readonly world: WorldWanted;
  /** Where the peers run; see `Isolation`. */
  readonly isolation: Isolation;
  readonly timeline: readonly TimelineStep<Role, Duration, number>[];
  /** From here on no fault of the timeline begins, and whatever is still broken is healed. */
  readonly faultsUntil: Duration;
  /** After the last fault everybody who can finish does so within this. */
  readonly settleWithin: Duration;
  /** The hard end. A run ends earlier once everything has settled. */
  readonly lasts: Duration;
  readonly sampleEvery: Duration;
  readonly record: RecordMode;
  readonly expect: readonly Expectation<Role, Duration>[];
};

/** What authors write: defaults left out, quantities as numbers in the base unit or as text (`'10s'`, `'16MiB'`, `'2MB/s'`). */
export type ScenarioInput<Role extends string = string> = {
  readonly name: string;
  readonly story: string;
  readonly content: ContentSpec<Written> | readonly ContentSpec<Written>[];
  readonly peers: Readonly<Record<Role, PeerGroupInput>>;
  readonly tracker?: Partial<TrackerSpec<Written>>;
  readonly world?: WorldWanted;
  readonly isolation?: Isolation;
  readonly timeline?: readonly TimelineStep<NoInfer<Role>, Written, Written>[];
  readonly faultsUntil?: Written;
  readonly settleWithin?: Written;
  readonly lasts?: Written;
  readonly sampleEvery?: Written;
  readonly record?: RecordMode;
  readonly expect: readonly Expectation<NoInfer<Role>, Written>[];
};

/** `lean` is for thousands of peers: no block and no choke is kept, peers at rest and the tracker's lists are thinned out. */
export type RecordMode = 'full' | 'lean';

export type WorldWanted = 'any' | 'virtual';

/**
 * `shared`: all in one thread. `process`: a child process each, so that a crash is a real SIGKILL. `threads`: spread over worker
 * threads, as many as there are cores or as is said. Virtual time has one thread and plays all three alike.
 */
export type Isolation = 'shared' | 'process' | 'threads' | { readonly threads: number };

/** What is shared: a file of the repository's `input/`, random bytes drawn from the seed, or several such files. */
export type ContentSpec<Q = number> =
  | { readonly file: string; readonly pieceBytes?: Q }
  | { readonly bytes: Q; readonly pieceBytes?: Q; readonly name?: string }
  | {
      readonly files: readonly { readonly path: string; readonly bytes: Q }[];
      readonly pieceBytes?: Q;
      readonly name?: string;
    };

export type PeerGroup<T = Duration, Q = number> = {
  readonly count: number;
  /** What each member holds at the start: the same of every content, or one entry for each of its contents. */
  readonly has: Holding | readonly Holding[];
  readonly joins: Arrival<T>;
  readonly stays: Stay<T>;
  readonly link: LinkSpec<T, Q>;
  /** Behind a box that lets nobody in: it can connect, and cannot be connected to. */
  readonly nat?: boolean;
  /** How far its clocks are off; each member draws its own. Left out, they are right. */
  readonly clock?: ClockSpec<T>;
  /** How fast its disks are; left out, as fast as the world's. */
  readonly disk?: DiskSpec<T, Q>;
  /** Which program plays the peer. Ours is `swarmproof`. */
  readonly client: string;
  readonly options: TorrentOptionsWritten<T, Q>;
  /** Which of the blocks it serves are spoilt. */
  readonly corrupt: Corruption;
  /** Which contents the group takes part in, by their index; all of them when left out. */
  readonly contents?: readonly number[];
  /** Paths of the files it wants of a content with several; everything when left out. */
  readonly wants?: readonly string[];
  /** Connections it keeps at most: the degree of the swarm's graph. */
  readonly neighbours?: number;
  /** Its members are in so many networks, dealt to them in turn; left out, the tracker knows no network of theirs. */
  readonly networks?: number;
};

export type PeerGroupInput = Pick<PeerGroup<Written, Written>, 'count' | 'has'> &
  Partial<PeerGroup<Written, Written>>;

/** `dealt`: the members hold every piece once between them, given out in turn like cards. */
export type Holding =
  | 'all'
  | 'nothing'
  | 'dealt'
  | { readonly share: number }
  | { readonly only: readonly number[] }
  | { readonly allBut: readonly number[] };

/** When the members join. Poisson and Weibull give the gaps between one arrival and the next. */
export type Arrival<T = Duration> =
  | 'at-once'
  | 'when-told'
  | { readonly at: T }
  | { readonly within: T }
  | { readonly poisson: { readonly perSec: number } }
  | { readonly weibull: { readonly shape: number; readonly scale: T } };

/** How long a member stays: drawn ones count from joining, `linger` counts from completion. */
export type Stay<T = Duration> =
  | 'for-ever'
  | 'until-complete'
  | { readonly linger: T | Drawn<T> }
  | { readonly for: T }
  | Drawn<T>;

/** A length of time drawn once for each peer. */
export type Drawn<T = Duration> =
  | { readonly exponential: { readonly mean: T } }
  | { readonly weibull: { readonly shape: number; readonly scale: T } }
  | { readonly logNormal: { readonly median: T; readonly sigma: number } };

/** An access link: rates in bytes/s, the delay added to everything sent; left out means as good as the world is. */
export type LinkSpec<T = Duration, Q = number> = {
  readonly up?: Q;
  readonly down?: Q;
  readonly delay?: T;
  /** Up to so much more of delay, drawn for each packet. */
  readonly jitter?: T;
  /** Of the packets it sends or receives, the share that has to be sent again: at least 0, below 1. */
  readonly loss?: number;
};

/** The most that a clock is off, either way. */
export type ClockSpec<T = Duration> = {
  /** Fast or slow by so much from the start. */
  readonly skew?: T;
  /** Faster or slower by so many parts per million: 100 is 8.6 s a day. */
  readonly drift?: number;
};

export type DiskSpec<T = Duration, Q = number> = {
  /** Bytes/s, reading and writing together. */
  readonly rate?: Q;
  /** Before each read and each write. */
  readonly seek?: T;
};

export type TrackerSpec<T = Duration> = {
  /** What peers are told to wait between announces. */
  readonly interval: T;
  /** A peer that was not heard of for so long is dropped: the bound for a crash. */
  readonly expireAfter: T;
  /** How long one announce may take to be seen in the lists: the bound for joining and completing. */
  readonly announceWithin: T;
  /** How long peers may take to come back to a tracker that was away. */
  readonly recoverWithin: T;
  /** Whether catalogue and swarms survive a restart of the tracker. */
  readonly keepsState: boolean;
  /** It names peers of the asker's own network, and so many others at most; left out, it makes no difference. */
  readonly external?: number;
  /** What it answers to every second announce instead of the truth. */
  readonly trick?: TrackerTrick;
  /** How far it is from everybody: on the way of each question and of each answer. */
  readonly delay?: T;
  /** Of the questions and answers, the share that is lost on the way and comes late: at least 0, below 1. */
  readonly loss?: number;
};

/** The torrent's options as data: durations and rates may be written with their unit. */
export type TorrentOptionsWritten<T = Duration, Q = number> = {
  readonly [Key in keyof TorrentOptions]?: OptionWritten<
    Exclude<TorrentOptions[Key], undefined>,
    T,
    Q
  >;
};

type OptionWritten<Value, T, Q> = Value extends Duration
  ? T
  : Value extends number
    ? Q
    : Value extends ChokePolicy | PiecePolicy | SeedPolicy | boolean
      ? Value
      : never;

/**
 * Gives the scenario back as it is: it is here for the compiler, which infers the roles from `peers` and refuses
 * a misspelt one in `timeline` and `expect`. `parseScenario` checks the rest and fills in the defaults.
 */
export const defineScenario = <const Role extends string>(
  input: ScenarioInput<Role>,
): ScenarioInput<Role> => input;
