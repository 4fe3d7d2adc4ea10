/** Every kind of hostile peer: what it does, what must become of it, and what it may cost the others. */
import { type HostileKind, hostileKinds } from './kinds.ts';
import type { TrackerTrick } from './tracker-tricks.ts';

/**
 * `banned`: its address is not talked to again. `disconnected`: every connection with it is ended by the other side.
 * `tolerated`: nothing can be proved against it, or it harms nobody but itself.
 */
export type Fate =
  | { readonly name: 'banned' | 'tolerated' }
  /** From meeting it to being rid of it, at most, in milliseconds. */
  | { readonly name: 'disconnected'; readonly withinMs: number };

export type Hostile = {
  readonly kind: HostileKind;
  /** One sentence without its subject: `Serves ...`. */
  readonly story: string;
  readonly fate: Fate;
  /** Who must see to that. */
  readonly by: readonly ('seeders' | 'leechers')[];
  /** How many of them come. */
  readonly count: number;
  readonly has: 'all' | 'nothing';
  /** At once unless said. */
  readonly joinsAtMs?: number;
  /** The others may take so many times as long as without it, at most. */
  readonly slowdown: number;
  /** Of all that the others receive, the share that may be wasted beyond what is wasted without it. */
  readonly waste: number;
};

/** Seeders have no use for it. */
const seed = { count: 1, has: 'all', by: ['leechers'], waste: 0.02 } as const;
const leech = { count: 1, has: 'nothing', by: ['seeders', 'leechers'], waste: 0.02 } as const;

const banned: Fate = { name: 'banned' };
const tolerated: Fate = { name: 'tolerated' };
const disconnected = (withinMs: number): Fate => ({ name: 'disconnected', withinMs });

/** What is seen at its first message, or at the first thousand of them. */
const atOnce = { fate: disconnected(1_000), slowdown: 1.25 } as const;

/** What is counted first, while others use the same lines. */
const soon = { fate: disconnected(3_000), slowdown: 1.25 } as const;

/** What takes its own line some seconds to do. */
const eventually = { fate: disconnected(6_000), slowdown: 1.25 } as const;

/** In the order of the reports: bad blocks, lies, floods, broken messages, idleness, greed, crowds, trackers. */
// prettier-ignore
export const catalogue: readonly Hostile[] = [
  { ...seed, kind: 'poisoner', story: 'Spoils every block it serves.', fate: banned, slowdown: 2, waste: 0.4 },
  { ...seed, kind: 'rare-poisoner', story: 'Spoils one block in a hundred that it serves.', fate: banned, slowdown: 2, waste: 0.3 },
  { ...leech, kind: 'bitfield-liar', story: 'Says that it has everything, has nothing, and lets every request lie.', fate: tolerated, slowdown: 2 },
  { ...seed, ...atOnce, kind: 'have-spammer', story: 'Says the same haves over and over.' },
  { ...leech, ...soon, kind: 'request-flooder', story: 'Asks for everything a thousand times, choked or not.' },
  { ...seed, ...eventually, kind: 'unrequested-blocks', story: 'Sends blocks that nobody asked for.', waste: 0.1 },
  { ...seed, ...eventually, kind: 'duplicates', story: 'Sends every block three times.', waste: 0.1 },
  { ...seed, ...atOnce, kind: 'wrong-lengths', story: 'Sends messages that are too long or too short, and such as are about no bytes at all.' },
  { ...seed, ...eventually, kind: 'oversize', story: 'Sends a message that is longer than any may be.' },
  { ...seed, ...atOnce, kind: 'empty-messages', story: 'Sends twenty thousand empty messages.' },
  { ...seed, ...atOnce, kind: 'choke-flapper', story: 'Chokes and unchokes without end.' },
  { ...seed, kind: 'never-unchokes', story: 'Has everything and serves nobody.', fate: tolerated, slowdown: 1.25 },
  { ...seed, kind: 'never-answers', story: 'Unchokes everybody and lets every request lie.', fate: tolerated, slowdown: 2 },
  { ...leech, kind: 'slow-loris', story: 'Begins its handshake and never ends it, four times with everybody.', fate: disconnected(3_500), slowdown: 1.25 },
  { ...leech, kind: 'handshake-flood', story: 'Connects sixty times to everybody, again and again, and means no torrent.', fate: disconnected(3_500), slowdown: 1.5 },
  { ...leech, kind: 'free-rider', story: 'Takes what it gets and gives nothing.', fate: tolerated, slowdown: 1.5 },
  { ...leech, kind: 'slot-thief', story: 'Gives nothing, and when it is choked it comes back as somebody else.', fate: tolerated, slowdown: 1.75 },
  { ...leech, ...atOnce, kind: 'allowed-fast-abuser', story: 'Asks a hundred times for each piece that it may have while it is choked.', by: ['leechers'], joinsAtMs: 3_000 },
  { ...leech, kind: 'sybil-by-id', story: 'Comes to everybody under sixty names, to have all the places.', fate: tolerated, slowdown: 1.5 },
  { ...leech, kind: 'sybil-by-address', story: 'Twelve hosts take what they get and give nothing.', count: 12, fate: tolerated, slowdown: 4 },
  { ...seed, kind: 'tracker-liar', story: 'Tells the tracker of completions that never were, and that others have stopped.', fate: tolerated, slowdown: 1.25 },
];

/** A tracker cannot be sent away: what it says is borne at bounded cost. */
export type HostileTracker = Pick<Hostile, 'story' | 'slowdown' | 'waste'> & {
  readonly kind: `tracker-${TrackerTrick}`;
  readonly trick: TrackerTrick;
};

const tracker = { slowdown: 1.5, waste: 0.02 };

// prettier-ignore
export const hostileTrackers: readonly HostileTracker[] = [
  { ...tracker, kind: 'tracker-garbage', trick: 'garbage', story: 'The tracker answers every second announce with garbage.' },
  { ...tracker, kind: 'tracker-strangers', trick: 'strangers', story: 'The tracker names a million strangers in every second answer.' },
  { ...tracker, kind: 'tracker-nowhere', trick: 'nowhere', story: 'The tracker names addresses at which nobody can be, private ones and its asker’s own, in every second answer.' },
];

export type ThreatKind = HostileKind | HostileTracker['kind'];

/** Everything there is, in the order of the reports. */
export const threatKinds: readonly ThreatKind[] = [
  ...hostileKinds,
  ...hostileTrackers.map(({ kind }) => kind),
];

export const hostileOf = (kind: HostileKind): Hostile => {
  const found = catalogue.find((entry) => entry.kind === kind);
  if (found === undefined) throw new RangeError(`no such kind of peer: ${kind}`);
  return found;
};
