/** What one life of a torrent tells its tracker, and when (BEP 3, "trackers"). */
import type { AnnounceAnswer, AnnounceRequest } from '../../core/tracker/announce.ts';
import type { Instant } from '../../core/time.ts';
import { type Shared, bytesLeft } from './shared.ts';

/** A tick may come so much later than it was wanted, when a frozen peer thaws or a clock runs fast. */
const slackMs = 50;

/** No tracker is asked again sooner than this for want of peers, whatever it bears. */
const leastMs = 5_000;

export class AnnounceWatch {
  readonly #shared: Shared;
  #open: AnnounceRequest | undefined;
  #hasAsked = false;
  #isStarted = false;
  /** A tracker has heard that something was missing. */
  #wasIncomplete = false;
  #hasCompleted = false;
  #hasStopped = false;
  #lastFailed = false;
  #answeredAt: Instant | undefined;
  /** How soon the tracker bears to be asked again, in milliseconds. */
  #bearsMs = 0;
  #uploaded = 0;
  #downloaded = 0;
  /** Payload that has gone and come, in bytes. */
  bytesUp = 0;
  bytesDown = 0;

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  announced(now: Instant, request: AnnounceRequest): void {
    const { event, left } = request;
    if (event === 'stopped') this.#hasStopped = true;
    else if (this.#open !== undefined) this.#wrong('paced', 'two announces at once');
    else this.#pace(now, event);
    // Whether a start that failed was heard nobody knows: a farewell does no harm.
    const isOpened = this.#isStarted || (event === 'stopped' && this.#hasAsked);
    if (!isOpened && event !== 'started') this.#wrong('started', `${event} first`);
    this.#hasAsked = true;
    if (this.#isStarted && event === 'started') this.#wrong('started', 'again');
    if (left !== bytesLeft(this.#shared))
      this.#wrong('left', `${left} bytes, true is ${bytesLeft(this.#shared)}`);
    this.#amounts(request);
    this.#completion(request);
    this.#open = request;
  }

  answered(now: Instant, answer: AnnounceAnswer | undefined): void {
    const request = this.#open;
    this.#open = undefined;
    if (request === undefined) return;
    this.#lastFailed = answer === undefined || 'failure' in answer;
    if (answer === undefined || 'failure' in answer) return;
    this.#answeredAt = now;
    this.#bearsMs = answer.minInterval ?? Infinity;
    this.#isStarted = true;
    if (request.left > 0) this.#wasIncomplete = true;
    if (request.event === 'completed') this.#hasCompleted = true;
  }

  /** The torrent says that it has stopped. */
  ended(): void {
    // A farewell must not overtake the announce before it, and nobody waits for that for ever.
    const isHeldUp = this.#open !== undefined;
    if (this.#isStarted && !this.#hasStopped && !isHeldUp)
      this.#wrong('stopped', 'it went without a word');
  }

  /** Call after a tick. */
  look(now: Instant): void {
    const { options, state } = this.#shared;
    const isWaiting = this.#open === undefined && state === 'running' && !this.#lastFailed;
    if (!isWaiting || this.#answeredAt === undefined || options.announceEvery === undefined) return;
    const due = this.#answeredAt + options.announceEvery + slackMs;
    if (now > due) this.#wrong('paced', `nothing since ${this.#answeredAt} ms`);
  }

  #wrong(rule: Parameters<Shared['complain']>[0], what: string): void {
    this.#shared.complain(rule, what);
  }

  #pace(now: Instant, event: AnnounceRequest['event']): void {
    const { announceEvery } = this.#shared.options;
    const isUrgent = event === 'completed' || this.#lastFailed;
    if (isUrgent || this.#answeredAt === undefined || announceEvery === undefined) return;
    if (now < this.#answeredAt + Math.min(announceEvery, Math.max(leastMs, this.#bearsMs)))
      this.#wrong('paced', `${now - this.#answeredAt} ms after the last answer`);
  }

  #amounts({ uploaded, downloaded, numwant = 0 }: AnnounceRequest): void {
    if (uploaded !== this.bytesUp)
      this.#wrong('moved', `${uploaded} uploaded, true is ${this.bytesUp}`);
    if (downloaded > this.bytesDown)
      this.#wrong('moved', `${downloaded} downloaded, ${this.bytesDown} have come`);
    if (uploaded < this.#uploaded || downloaded < this.#downloaded)
      this.#wrong('moved', 'less than before');
    if (numwant > 200) this.#wrong('moved', `${numwant} peers are wanted`);
    this.#uploaded = uploaded;
    this.#downloaded = downloaded;
  }

  #completion({ event, left }: AnnounceRequest): void {
    if (event === 'completed') {
      if (left > 0) this.#wrong('completed', `${left} bytes are left`);
      if (this.#hasCompleted) this.#wrong('completed', 'again');
      if (!this.#wasIncomplete) this.#wrong('completed', 'it was complete from the start');
    }
    const isOwed = this.#wasIncomplete && !this.#hasCompleted && left === 0;
    if (isOwed && event === undefined) this.#wrong('completed', 'left out');
  }
}
