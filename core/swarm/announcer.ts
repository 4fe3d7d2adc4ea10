/**
 * When to announce, and to whom (BEP 3; tiers are BEP 12, `paused` is BEP 21, `retry in` is BEP 31).
 *
 *   new ──start──▶ waiting ──due──▶ asking ──answered, or nobody left to ask──▶ waiting
 *    └────────────────┴──────stop──────┴──▶ leaving ──heard, or given up──▶ stopped
 */
import { type Duration, type Instant, after, earlier, seconds } from '../time.ts';
import { never } from '../never.ts';
import type { Random } from '../random.ts';
import type {
  AnnounceAnswer,
  AnnounceEvent,
  AnnounceSuccess,
  PeerAddress,
} from '../tracker/announce.ts';
import { type Pace, backoff, paceOf } from './announce-pace.ts';
import { type Tracker, TrackerTiers } from './tracker-tiers.ts';

export type AnnouncerOptions = {
  /** Announce URLs (BEP 12). */
  readonly tiers: readonly (readonly string[])[];
  readonly random: Random;
  /** Announces this often whatever the tracker says. For benches, whose runs are shorter than any tracker's interval. */
  readonly intervalOverride?: Duration | undefined;
  /** How long farewells may take. Default 3 s. */
  readonly farewellLimit?: Duration | undefined;
};

export type AnnouncerInput =
  /** Call once, first. */
  | { readonly type: 'start' }
  /** The last piece was downloaded in this session. */
  | { readonly type: 'complete' }
  /** Say farewell to every tracker that knows us. Call once; only answers and ticks after it. */
  | { readonly type: 'stop' }
  | { readonly type: 'tick' }
  /** More peers are wanted soon. */
  | { readonly type: 'want-peers' }
  | { readonly type: 'paused'; readonly paused: boolean }
  | { readonly type: 'answered'; readonly url: string; readonly answer: AnnounceAnswer }
  | { readonly type: 'failed'; readonly url: string; readonly reason: string };

export type AnnouncerOutput =
  | {
      readonly type: 'announce';
      readonly url: string;
      readonly event?: AnnounceEvent;
      readonly wantsPeers: number;
      readonly trackerId?: string;
    }
  | { readonly type: 'peers'; readonly peers: readonly PeerAddress[] }
  | { readonly type: 'warning'; readonly url: string; readonly message: string }
  /** The farewells are delivered or given up: the torrent may end. */
  | { readonly type: 'stopped' };

type Waiting = {
  readonly name: 'waiting';
  /** Undefined: there is no tracker to ask, ever. */
  readonly until: Instant | undefined;
};
type Asking = {
  readonly name: 'asking';
  readonly tracker: Tracker;
  readonly event: AnnounceEvent | undefined;
  /** Whom to ask in this round if that one fails. */
  readonly others: readonly Tracker[];
  readonly until: Instant;
};
type Leaving = {
  readonly name: 'leaving';
  /** Those that have not answered our farewell. */
  readonly told: Set<Tracker>;
  /** Was being asked when the end came: it is told once it has answered, lest the farewell overtake the question. */
  asked: Tracker | undefined;
  readonly until: Instant;
};
type State = { readonly name: 'new' | 'stopped' } | Waiting | Asking | Leaving;

/** What clients have long asked for: as many as a torrent connects to. */
const wantedPeers = 50;
const defaultFarewellLimit = seconds(3);
/** An announce that the driver has not settled by then counts as failed; it should have a limit of its own. */
const answerLimit = seconds(60);

export class Announcer {
  readonly #options: AnnouncerOptions;
  readonly #tiers: TrackerTiers;
  #state: State = { name: 'new' };
  #pace: Pace;
  /** Rounds in which nobody answered, since somebody did. */
  #failures = 0;
  #isPaused = false;
  /** Something happened during an announce that is worth another one soon. */
  #isHurried = false;
  #answeredAt: Instant;
  #outputs: AnnouncerOutput[] = [];

  constructor(now: Instant, options: AnnouncerOptions) {
    this.#options = options;
    this.#tiers = new TrackerTiers(options.tiers, options.random);
    this.#pace = paceOf({}, options.intervalOverride);
    this.#answeredAt = now;
  }

  /** When `handle` next wants a `tick`, if nothing else happens first. */
  get deadline(): Instant | undefined {
    return 'until' in this.#state ? this.#state.until : undefined;
  }

  /** Takes one input and returns everything it causes. Each `announce` is to be followed by `answered` or `failed`. */
  handle(now: Instant, input: AnnouncerInput): readonly AnnouncerOutput[] {
    // prettier-ignore
    switch (input.type) {
      case 'start':      this.#start(now); break;
      case 'complete':   this.#complete(now); break;
      case 'stop':       this.#stop(now); break;
      case 'tick':       this.#tick(now); break;
      case 'want-peers': this.#hurry(now); break;
      case 'paused':     this.#pause(now, input.paused); break;
      case 'answered':   this.#answered(now, input.url, input.answer); break;
      case 'failed':     this.#failed(now, input.url); break;
      default:           never(input);
    }
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  #start(now: Instant): void {
    if (this.#state.name === 'new') this.#askRound(now);
  }

  #complete(now: Instant): void {
    const state = this.#state;
    for (const tracker of this.#tiers.known()) tracker.isOwedCompleted = true;
    if (state.name === 'asking') state.tracker.isOwedCompleted = true;
    if (state.name === 'waiting' && this.#failures === 0) this.#wait(now, now);
  }

  #pause(now: Instant, paused: boolean): void {
    if (this.#isPaused === paused) return;
    this.#isPaused = paused;
    this.#hurry(now);
  }

  /** Announces as soon as the tracker allows. While none answers, the back-off decides. */
  #hurry(now: Instant): void {
    const state = this.#state;
    if (state.name === 'asking') this.#isHurried = true;
    if (state.name !== 'waiting' || this.#failures > 0) return;
    const soonest = after(this.#answeredAt, this.#pace.least);
    if (state.until !== undefined) this.#wait(now, earlier(state.until, soonest));
  }

  #tick(now: Instant): void {
    const state = this.#state;
    if (!('until' in state) || state.until === undefined || now < state.until) return;
    // prettier-ignore
    switch (state.name) {
      case 'waiting': return this.#askRound(now);
      case 'asking':  return this.#askNext(now, state);
      case 'leaving': return this.#end();
      default:        return never(state);
    }
  }

  #askRound(now: Instant): void {
    const [first, ...others] = this.#tiers.ready(now);
    if (first === undefined) this.#wait(now, this.#tiers.nextReady());
    else this.#ask(now, first, others);
  }

  #askNext(now: Instant, { others: [next, ...others] }: Asking): void {
    if (next !== undefined) return this.#ask(now, next, others);
    this.#failures += 1;
    this.#wait(now, after(now, backoff(this.#failures, this.#pace, this.#options.random)));
  }

  #ask(now: Instant, tracker: Tracker, others: readonly Tracker[]): void {
    const event = this.#eventFor(tracker);
    // What is left is said with every announce: whoever hears of us for the first time is owed nothing.
    if (event === 'started') tracker.isOwedCompleted = false;
    this.#isHurried = false;
    this.#state = { name: 'asking', tracker, event, others, until: after(now, answerLimit) };
    this.#announce(tracker, event, this.#isPaused ? 0 : wantedPeers);
  }

  #eventFor(tracker: Tracker): AnnounceEvent | undefined {
    if (!tracker.knowsUs) return 'started';
    if (tracker.isOwedCompleted) return 'completed';
    return this.#isPaused ? 'paused' : undefined;
  }

  #announce(
    { trackerId, url }: Tracker,
    event: AnnounceEvent | undefined,
    wantsPeers: number,
  ): void {
    this.#outputs.push({
      type: 'announce',
      url,
      wantsPeers,
      ...(event !== undefined && { event }),
      ...(trackerId !== undefined && { trackerId }),
    });
  }

  #answered(now: Instant, url: string, answer: AnnounceAnswer): void {
    const state = this.#state;
    if (state.name === 'leaving') return this.#settle(url, state);
    if (state.name !== 'asking' || state.tracker.url !== url) return;
    if (!('failure' in answer)) return this.#heard(now, state, answer);
    const { retryIn } = answer;
    if (retryIn === 'never') state.tracker.notBefore = Infinity as Instant;
    else if (retryIn !== undefined) state.tracker.notBefore = after(now, retryIn);
    this.#askNext(now, state);
  }

  #heard(now: Instant, { event, tracker }: Asking, answer: AnnounceSuccess): void {
    const { peers, trackerId, warning } = answer;
    tracker.knowsUs = true;
    if (event === 'completed') tracker.isOwedCompleted = false;
    tracker.trackerId = trackerId ?? tracker.trackerId;
    this.#tiers.promote(tracker);
    this.#failures = 0;
    this.#answeredAt = now;
    this.#pace = paceOf(answer, this.#options.intervalOverride);
    if (warning !== undefined)
      this.#outputs.push({ type: 'warning', url: tracker.url, message: warning });
    if (peers.length > 0) this.#outputs.push({ type: 'peers', peers });
    const { interval, least } = this.#pace;
    const soon = after(now, this.#isHurried ? least : interval);
    this.#wait(now, tracker.isOwedCompleted ? now : soon);
  }

  #failed(now: Instant, url: string): void {
    const state = this.#state;
    if (state.name === 'leaving') this.#settle(url, state);
    else if (state.name === 'asking' && state.tracker.url === url) this.#askNext(now, state);
  }

  #wait(now: Instant, until: Instant | undefined): void {
    this.#state = { name: 'waiting', until };
    this.#tick(now);
  }

  #stop(now: Instant): void {
    const state = this.#state;
    if (state.name === 'leaving' || state.name === 'stopped') return;
    const asked = state.name === 'asking' ? state.tracker : undefined;
    const told = new Set(this.#tiers.known().filter((tracker) => tracker !== asked));
    const until = after(now, this.#options.farewellLimit ?? defaultFarewellLimit);
    this.#state = { name: 'leaving', told, asked, until };
    for (const tracker of told) this.#announce(tracker, 'stopped', 0);
    if (told.size === 0 && asked === undefined) this.#end();
  }

  /** A tracker has heard our farewell, or it failed: nobody asks twice. */
  #settle(url: string, leaving: Leaving): void {
    const { asked, told } = leaving;
    if (asked?.url === url) {
      leaving.asked = undefined;
      told.add(asked);
      return this.#announce(asked, 'stopped', 0);
    }
    for (const tracker of told) if (tracker.url === url) told.delete(tracker);
    if (told.size === 0 && leaving.asked === undefined) this.#end();
  }

  #end(): void {
    this.#state = { name: 'stopped' };
    this.#outputs.push({ type: 'stopped' });
  }
}
