/** Every kind of hostile peer: what it does, what must become of it, and what it may cost the others. */
import type { HostileKind } from './kinds.ts';

/**
 * `banned`: its address is not talked to again. `disconnected`: every connection with it is ended by the other side.
 * `tolerated`: nothing can be proved against it, or it harms nobody but itself; it must cost no more than said.
 */
export type Fate = 'banned' | 'disconnected' | 'tolerated';

export type Hostile = {
  readonly kind: HostileKind;
  /** One sentence without its subject: `Serves ...`. */
  readonly story: string;
  readonly fate: Fate;
  /** How many of them come. */
  readonly count: number;
  readonly has: 'all' | 'nothing';
  /** From meeting it to being rid of it, at most, in milliseconds; for `tolerated` without meaning. */
  readonly withinMs: number;
  /** The others may take so many times as long as without it, at most. */
  readonly slowdown: number;
  /** Of all that the others receive, the share that may be wasted. */
  readonly waste: number;
};

const one = { count: 1, has: 'all' } as const;

/** What is seen at the first message, or at the first thousand of them, is ended at once. */
const atOnce = { fate: 'disconnected', withinMs: 1_000, slowdown: 1.25, waste: 0.05 } as const;

/** In the order of the reports: bad blocks, lies, floods, broken messages, idleness, greed, crowds, trackers. */
export const catalogue: readonly Hostile[] = [
  {
    ...one,
    kind: 'poisoner',
    story: 'Spoils every block it serves.',
    fate: 'banned',
    withinMs: 5_000,
    slowdown: 2,
    waste: 0.4,
  },
  {
    ...one,
    kind: 'rare-poisoner',
    story: 'Spoils one block in a hundred that it serves.',
    fate: 'banned',
    withinMs: 20_000,
    slowdown: 2,
    waste: 0.3,
  },
  {
    kind: 'bitfield-liar',
    story: 'Says that it has everything, has nothing, and lets every request lie.',
    fate: 'tolerated',
    count: 1,
    has: 'nothing',
    withinMs: Infinity,
    slowdown: 2,
    waste: 0.05,
  },
  { ...one, ...atOnce, kind: 'have-spammer', story: 'Says the same haves over and over.' },
  {
    ...atOnce,
    kind: 'request-flooder',
    story: 'Asks for everything a thousand times, choked or not.',
    count: 1,
    has: 'nothing',
  },
  { ...one, ...atOnce, kind: 'unrequested-blocks', story: 'Sends blocks that nobody asked for.' },
  { ...one, ...atOnce, kind: 'duplicates', story: 'Sends every block three times.', waste: 0.3 },
  {
    ...one,
    ...atOnce,
    kind: 'wrong-lengths',
    story: 'Sends messages that are too long or too short, and such as are about no bytes at all.',
  },
  { ...one, ...atOnce, kind: 'oversize', story: 'Sends a message that is longer than any may be.' },
  { ...one, ...atOnce, kind: 'empty-messages', story: 'Sends twenty thousand empty messages.' },
  { ...one, ...atOnce, kind: 'choke-flapper', story: 'Chokes and unchokes without end.' },
  {
    ...one,
    kind: 'never-unchokes',
    story: 'Has everything and serves nobody.',
    fate: 'tolerated',
    withinMs: Infinity,
    slowdown: 1.25,
    waste: 0.05,
  },
  {
    ...one,
    kind: 'never-answers',
    story: 'Unchokes everybody and lets every request lie.',
    fate: 'tolerated',
    withinMs: Infinity,
    slowdown: 2,
    waste: 0.05,
  },
  {
    kind: 'slow-loris',
    story: 'Begins its handshake and never ends it, four times with everybody.',
    fate: 'disconnected',
    count: 1,
    has: 'nothing',
    withinMs: 3_500,
    slowdown: 1.25,
    waste: 0.05,
  },
  {
    kind: 'handshake-flood',
    story: 'Connects sixty times to everybody, again and again, and means no torrent.',
    fate: 'disconnected',
    count: 1,
    has: 'nothing',
    withinMs: 3_500,
    slowdown: 1.5,
    waste: 0.05,
  },
  {
    kind: 'free-rider',
    story: 'Takes what it gets and gives nothing.',
    fate: 'tolerated',
    count: 1,
    has: 'nothing',
    withinMs: Infinity,
    slowdown: 1.5,
    waste: 0.05,
  },
  {
    kind: 'slot-thief',
    story: 'Gives nothing, and when it is choked it comes back as somebody else.',
    fate: 'tolerated',
    count: 1,
    has: 'nothing',
    withinMs: Infinity,
    slowdown: 1.75,
    waste: 0.05,
  },
  {
    ...atOnce,
    kind: 'allowed-fast-abuser',
    story: 'Asks a hundred times for each piece that it may have while it is choked.',
    count: 1,
    has: 'nothing',
  },
  {
    kind: 'sybil-by-id',
    story: 'Comes to everybody under sixty names, to have all the places.',
    fate: 'tolerated',
    count: 1,
    has: 'nothing',
    withinMs: Infinity,
    slowdown: 1.5,
    waste: 0.05,
  },
  {
    kind: 'sybil-by-address',
    story: 'Twelve hosts take what they get and give nothing.',
    fate: 'tolerated',
    count: 12,
    has: 'nothing',
    withinMs: Infinity,
    slowdown: 4,
    waste: 0.05,
  },
  {
    ...one,
    kind: 'tracker-liar',
    story: 'Tells the tracker of completions that never were, and that others have stopped.',
    fate: 'tolerated',
    withinMs: Infinity,
    slowdown: 1.25,
    waste: 0.05,
  },
];

export const hostileOf = (kind: HostileKind): Hostile => {
  const found = catalogue.find((entry) => entry.kind === kind);
  if (found === undefined) throw new RangeError(`no such kind of peer: ${kind}`);
  return found;
};
