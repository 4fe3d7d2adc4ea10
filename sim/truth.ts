/** Who is a seeder, a leecher or gone, at every moment: what the runner and the peers' own events say, never the tracker. */
import type { Instant } from '../core/time.ts';
import { crashTypes, isCrash } from './action.ts';
import type { PerformedAction, TrueLists } from './record.ts';
import type { Action, ContentFacts, RecordedEvent } from './world.ts';

/**
 * A peer's part in one content for a while. `between`: it has what it wants but not everything, or stands still,
 * so that a tracker may list it as a leecher or not at all (BEP 21).
 */
export type Span = {
  readonly peer: string;
  readonly content: number;
  readonly state: 'leecher' | 'seeder' | 'between';
  readonly from: Instant;
  /** Undefined while it goes on. */
  readonly to: Instant | undefined;
  /** A power cut is a crash: for the tracker it is the same. */
  readonly endedBy: 'change' | 'leave' | 'crash' | undefined;
};

type Open = { readonly state: Span['state']; readonly from: Instant; readonly piecesHave: number };

/** Told of actions and events in order of time, it knows the lists as they are and remembers how they were. */
export class Truth {
  readonly #contents: readonly ContentFacts[];
  readonly #open = new Map<string, Open>();
  /** Who has all that it wants, which may not be everything. */
  readonly #satisfied = new Set<string>();
  readonly #up = new Set<string>();
  /** How the last life of each peer ended. */
  readonly #ends = new Map<string, { readonly at: Instant; readonly how: 'leave' | 'crash' }>();
  readonly #past: Span[] = [];

  constructor(contents: readonly ContentFacts[]) {
    this.#contents = contents;
  }

  act(at: Instant, action: Action): void {
    switch (action.type) {
      case 'join':
        this.#up.add(action.peer);
        return;
      case 'restart':
        this.#gone(at, action.peer, 'leave');
        this.#up.add(action.peer);
        return;
      case 'leave':
      case 'crash':
      case 'power-cut':
        this.#gone(at, action.peer, isCrash(action) ? 'crash' : 'leave');
        return;
      default:
        return;
    }
  }

  see(event: RecordedEvent): void {
    const content = this.#contents.findIndex(({ infoHash }) => infoHash === event.infoHash);
    const pieceCount = this.#contents[content]?.pieceCount;
    if (pieceCount === undefined) return;
    const key = keyOf(event.peer, content);
    if (!this.#up.has(event.peer)) return this.#endedAtOnce(event, key, pieceCount);
    const open = this.#open.get(key);
    if (event.type === 'opened') return this.#enter(event.at, key, event.piecesHave, pieceCount);
    if (open === undefined) return;
    switch (event.type) {
      case 'piece-verified':
        return this.#enter(event.at, key, event.piecesHave, pieceCount);
      case 'completed':
        this.#satisfied.add(key);
        return this.#stand(event.at, key, open);
      case 'paused':
        // Who holds everything is listed as what it is, even when it stands still: it lacks nothing (BEP 21).
        return this.#stand(event.at, key, open);
      case 'resumed':
        if (open.state !== 'between' || this.#satisfied.has(key)) return;
        return this.#become(event.at, key, 'leecher');
      case 'stopped':
        return this.#end(event.at, key, 'leave');
      default:
        return;
    }
  }

  /** The lists as they are now, by content, names in order. */
  lists(): readonly TrueLists[] {
    return this.#contents.map((_, content) => ({
      seeders: this.#in(content, 'seeder'),
      leechers: this.#in(content, 'leecher'),
    }));
  }

  /** Every span so far, those that go on last. */
  spans(): readonly Span[] {
    const open = [...this.#open].map(([key, { state, from }]): Span => {
      const { peer, content } = ofKey(key);
      return { peer, content, state, from, to: undefined, endedBy: undefined };
    });
    return [...this.#past, ...open];
  }

  #in(content: number, state: Span['state']): readonly string[] {
    return [...this.#open]
      .filter(([key, open]) => open.state === state && ofKey(key).content === content)
      .map(([key]) => ofKey(key).peer)
      .sort();
  }

  /**
   * What happened in the moment of its end is heard of after it: a life that ended as it began, or a peer that completed and
   * left. It had the time to announce itself as what it had become.
   */
  #endedAtOnce(event: RecordedEvent, key: string, pieceCount: number): void {
    const end = this.#ends.get(event.peer);
    if (end?.at !== event.at) return;
    if (event.type !== 'opened' && event.type !== 'piece-verified') return;
    if (event.type === 'piece-verified' && event.piecesHave < pieceCount) return;
    this.#enter(event.at, key, event.piecesHave, pieceCount);
    this.#end(event.at, key, end.how);
  }

  #enter(at: Instant, key: string, piecesHave: number, pieceCount: number): void {
    const state = piecesHave === pieceCount ? 'seeder' : 'leecher';
    const before = this.#open.get(key)?.state;
    // Who has what it wants and gets more of what it does not is still between.
    this.#become(at, key, before === 'between' && state === 'leecher' ? before : state, piecesHave);
  }

  #stand(at: Instant, key: string, { state }: Open): void {
    this.#become(at, key, state === 'seeder' ? state : 'between');
  }

  #become(at: Instant, key: string, state: Span['state'], piecesHave?: number): void {
    const open = this.#open.get(key);
    const pieces = piecesHave ?? open?.piecesHave ?? 0;
    if (open !== undefined && open.state !== state) this.#close(at, key, open, 'change');
    const from = open?.state === state ? open.from : at;
    this.#open.set(key, { state, from, piecesHave: pieces });
  }

  #gone(at: Instant, peer: string, how: 'leave' | 'crash'): void {
    this.#up.delete(peer);
    this.#ends.set(peer, { at, how });
    this.#contents.forEach((_, content) => this.#end(at, keyOf(peer, content), how));
  }

  #end(at: Instant, key: string, how: 'leave' | 'crash'): void {
    const open = this.#open.get(key);
    if (open !== undefined) this.#close(at, key, open, how);
    this.#open.delete(key);
    this.#satisfied.delete(key);
  }

  #close(to: Instant, key: string, { state, from }: Open, endedBy: Span['endedBy']): void {
    this.#past.push({ ...ofKey(key), state, from, to, endedBy });
  }
}

/** The truth of a whole run, from its record. At the same moment what was done comes before what it caused. */
export function truthOf(record: {
  readonly contents: readonly ContentFacts[];
  readonly actions: readonly PerformedAction[];
  readonly events: readonly RecordedEvent[];
}): Truth {
  const truth = new Truth(record.contents);
  let next = 0;
  const act = (until: Instant): void => {
    for (let done = record.actions[next]; done !== undefined && done.at <= until;) {
      truth.act(done.at, done.action);
      next += 1;
      done = record.actions[next];
    }
  };
  for (const event of record.events) {
    act(event.at);
    truth.see(event);
  }
  act(Infinity as Instant);
  return truth;
}

/** When the tracker could not answer: from the order to stop until it was back. */
export function outages(actions: readonly PerformedAction[]): readonly Window[] {
  const windows: Window[] = [];
  let stoppedAt: Instant | undefined;
  for (const { at, doneAt, action } of actions) {
    if (action.type === 'tracker-stop') stoppedAt ??= at;
    if (action.type !== 'tracker-restart') continue;
    windows.push({ from: stoppedAt ?? at, to: doneAt ?? (Infinity as Instant) });
    stoppedAt = undefined;
  }
  if (stoppedAt !== undefined) windows.push({ from: stoppedAt, to: Infinity as Instant });
  return windows;
}

export type Window = { readonly from: Instant; readonly to: Instant };

/** Both ends included. */
export const overlap = (a: Window, b: Window): boolean => a.from <= b.to && b.from <= a.to;

/** What else is done to a frozen peer leaves it as it is. */
const endsFreeze: ReadonlySet<Action['type']> = new Set([
  'thaw',
  'leave',
  'restart',
  ...crashTypes,
] as const);

/** When each peer was frozen. */
export function frozenWindows(
  actions: readonly PerformedAction[],
  peer: string,
): readonly Window[] {
  const windows: Window[] = [];
  let since: Instant | undefined;
  for (const { at, action } of actions) {
    if (!('peer' in action) || action.peer !== peer) continue;
    if (action.type === 'freeze') since ??= at;
    if (since === undefined || !endsFreeze.has(action.type)) continue;
    windows.push({ from: since, to: at });
    since = undefined;
  }
  if (since !== undefined) windows.push({ from: since, to: Infinity as Instant });
  return windows;
}

const keyOf = (peer: string, content: number): string => `${content} ${peer}`;

function ofKey(key: string): { readonly peer: string; readonly content: number } {
  const space = key.indexOf(' ');
  return { content: Number(key.slice(0, space)), peer: key.slice(space + 1) };
}
