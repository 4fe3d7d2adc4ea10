/** What a tracker may say of a peer and when: the truth, or an older truth within the staleness bound the scenario states. */
import { type Instant, start } from '../../core/time.ts';
import type { PeerSpec } from '../plan.ts';
import type { PerformedAction, RunRecord } from '../record.ts';
import type { TrackerSpec } from '../scenario.ts';
import { type Span, type Window, frozenWindows, outages, overlap } from '../truth.ts';

/** What a list says of a peer. */
export type Said = 'seeder' | 'leecher' | 'absent';

export type Allowed = Window & { readonly said: Said };

/** An order takes a moment to reach a peer whose last announce may be under way just then; nothing near takes longer. */
const underWayMs = 250;

const forEver = Infinity as Instant;

/** What is known of a run beyond the spans of one peer. */
export type Circumstances = {
  readonly tracker: TrackerSpec;
  readonly outages: readonly Window[];
  readonly actions: readonly PerformedAction[];
  /** Those from whom an announce takes long to the tracker, or may be sent again. */
  readonly far: ReadonlySet<string>;
};

export const circumstances = (record: RunRecord): Circumstances => ({
  tracker: record.header.plan.tracker,
  outages: outages(record.actions),
  actions: record.actions,
  far: new Set(record.header.plan.peers.filter(isFar).map(({ name }) => name)),
});

/** Every word that may be heard of one peer about one content, and when. `spans` are its own, in order of time. */
export const allowedWords = (
  peer: string,
  spans: readonly Span[],
  around: Circumstances,
): readonly Allowed[] => new PeerWords(peer, spans, around).allowed();

class PeerWords {
  readonly #peer: string;
  readonly #spans: readonly Span[];
  readonly #around: Circumstances;
  /** When tracker and peer could not hear each other. */
  readonly #silences: readonly Window[];
  /** How long an announce may be under way, in milliseconds. */
  readonly #underWay: number;

  constructor(peer: string, spans: readonly Span[], around: Circumstances) {
    this.#peer = peer;
    this.#spans = spans;
    this.#around = around;
    this.#silences = [
      ...around.outages,
      ...frozenWindows(around.actions, peer),
      ...moves(around.actions, peer),
    ];
    this.#underWay = this.#isFar ? Math.max(underWayMs, around.tracker.announceWithin) : underWayMs;
  }

  get #isFar(): boolean {
    const { far, tracker } = this.#around;
    return far.has(this.#peer) || tracker.delay !== undefined || tracker.loss !== undefined;
  }

  allowed(): readonly Allowed[] {
    const present = this.#spans.flatMap((_, i) => this.#whilePresent(i));
    return [...present, ...this.#whileAbsent(), ...this.#whileUnheard()];
  }

  #whilePresent(index: number): readonly Allowed[] {
    const span = this.#spans[index];
    if (span === undefined) return [];
    const window = { from: span.from, to: this.#lastHeard(index) };
    // Paused, or content with a part (BEP 21): a tracker may count it among the leechers or not at all.
    if (span.state !== 'between') return [{ ...window, said: span.state }];
    return [
      { ...window, said: 'leecher' },
      { ...window, said: 'absent' },
    ];
  }

  /** Until when a list may still say what this span was. */
  #lastHeard(index: number): Instant {
    const span = this.#spans[index];
    if (span?.to === undefined) return forEver;
    const { expireAfter, announceWithin } = this.#around.tracker;
    switch (span.endedBy) {
      case 'leave':
        return this.#farewell(span.to);
      case 'crash':
        return this.#spared({ from: span.to, to: plus(span.to, expireAfter + this.#underWay) });
      default: {
        const told = this.#spared({ from: span.to, to: plus(span.to, announceWithin) });
        const next = this.#spans[index + 1];
        // What came next may have ended before it was ever told.
        const wasUntold = next?.to !== undefined && next.to <= told;
        return wasUntold ? later(told, this.#lastHeard(index + 1)) : told;
      }
    }
  }

  /** A graceful stop is over when the world says so; then the tracker knows, unless it could not be told. */
  #farewell(at: Instant): Instant {
    const { announceWithin, expireAfter } = this.#around.tracker;
    // One that was brought up and told to leave in one moment has gone when the last of its orders is done.
    const ends = this.#around.actions
      .filter(({ at: ordered, action }) => {
        return ordered === at && 'peer' in action && action.peer === this.#peer;
      })
      .map(({ doneAt }) => doneAt ?? plus(at, announceWithin));
    const window = {
      from: at,
      to: ends.length === 0 ? plus(at, announceWithin) : ends.reduce(later),
    };
    const wasTold = !this.#isFar && !this.#silences.some((silence) => overlap(silence, window));
    return wasTold ? window.to : this.#spared({ from: at, to: plus(window.to, expireAfter) });
  }

  /** A window with a silence in it lasts until peers have come back, or until those who did not are forgotten. */
  #spared(window: Window): Instant {
    const { recoverWithin, expireAfter } = this.#around.tracker;
    const bound = Math.max(recoverWithin, expireAfter + this.#underWay);
    return this.#silences
      .filter((silence) => overlap(silence, window))
      .reduce((to, silence) => later(to, plus(silence.to, bound)), window.to);
  }

  /** Before it joins, between its lives and after the last; and after each beginning until it has announced. */
  #whileAbsent(): readonly Allowed[] {
    const first = this.#absentUntil(start, 0);
    const rest = this.#spans.flatMap(({ to, endedBy }, i) =>
      to === undefined || endedBy === 'change' ? [] : [this.#absentUntil(to, i + 1)],
    );
    return [first, ...rest];
  }

  /** From then until the span that comes next, if any does, has been announced. */
  #absentUntil(from: Instant, next: number): Allowed {
    const begun = this.#spans[next];
    return {
      from,
      to: begun === undefined ? forEver : this.#announced(begun.from),
      said: 'absent',
    };
  }

  #announced(from: Instant): Instant {
    return this.#spared({ from, to: plus(from, this.#around.tracker.announceWithin) });
  }

  /** A tracker that was away, or forgot, or has not heard of a frozen peer, may leave it out until it announces again. */
  #whileUnheard(): readonly Allowed[] {
    const { interval, announceWithin, recoverWithin } = this.#around.tracker;
    const forgot = this.#around.actions
      .filter(({ action }) => action.type === 'tracker-forget')
      .map(({ at, doneAt }) => ({ from: at, to: plus(doneAt ?? at, interval + announceWithin) }));
    const silent = this.#silences.map(({ from, to }) => ({ from, to: plus(to, recoverWithin) }));
    return [...forgot, ...silent].map((window) => ({ ...window, said: 'absent' }));
  }
}

/** What was under way when a peer got another address never arrives, or is never answered. */
const moves = (actions: readonly PerformedAction[], peer: string): readonly Window[] =>
  actions
    .filter(({ action }) => action.type === 'move' && action.peer === peer)
    .map(({ at, doneAt }) => ({ from: at, to: doneAt ?? at }));

/** Asking takes two round trips, and a path may be longer by a quarter. Then the scenario's own bound holds for a question. */
const isFar = ({ link }: PeerSpec): boolean => 5 * link.delayMs > underWayMs;

const plus = (at: Instant, ms: number): Instant => (at + ms) as Instant;

const later = (a: Instant, b: Instant): Instant => (a > b ? a : b);
