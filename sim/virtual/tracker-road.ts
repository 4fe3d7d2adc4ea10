/**
 * The way from one peer to the tracker and back. A question takes the round trip that opens a connection and the way
 * there, an answer the way back; what is lost on the way comes after the time in which TCP notices (RFC 6298).
 */
import type { Random } from '../../core/random.ts';
import type { HttpAnswer } from '../../core/tracker/http.ts';
import { type Micros, microsOf, plus } from './micros.ts';
import { seconds } from '../../core/time.ts';
import type { Scheduler } from './scheduler.ts';
import type { VirtualTracker } from './tracker.ts';

/** A client waits so long for a tracker, connection and all. */
const timeLimit = microsOf(seconds(15));
/** The first retransmission of a TCP that has measured nothing yet comes after a second, and each next one doubles it. */
const firstRetry = microsOf(seconds(1));
/** A way that loses everything still ends: by then the question has timed out. */
const mostRetries = 8;
/** The least a machine in between takes. */
const leastDelay = 50;

export type TrackerRoadOptions = {
  readonly scheduler: Scheduler;
  readonly tracker: VirtualTracker;
  /** One way, in microseconds: the peer's own delay and the tracker's. */
  readonly delay: number;
  /** How likely a question or an answer is lost, each time it is sent. */
  readonly loss: number;
  readonly random: Random;
};

export type TrackerReply = HttpAnswer | { readonly failure: string };

export class TrackerRoad {
  readonly #options: TrackerRoadOptions;

  constructor(options: TrackerRoadOptions) {
    this.#options = options;
  }

  /** `onReply` is called once, later. */
  ask(
    request: { readonly target: string; readonly remoteIp: string },
    onReply: (reply: TrackerReply) => void,
  ): void {
    const { scheduler, tracker, delay } = this.#options;
    const asked = scheduler.now;
    const oneWay = delay + leastDelay;
    const due = plus(asked, timeLimit);
    const late = (): void => onReply({ failure: 'no answer in 15 s' });
    const arrives = plus(asked, 3 * oneWay + this.#retries());
    if (arrives >= due) return scheduler.at(due, late);
    scheduler.at(arrives, () => {
      const answer = tracker.answer(request);
      if (answer === undefined) return onReply({ failure: 'connection refused' });
      const returns: Micros = plus(scheduler.now, oneWay + this.#retries());
      if (returns >= due) scheduler.at(due, late);
      else scheduler.at(returns, () => onReply(answer));
    });
  }

  #retries(): number {
    const { loss, random } = this.#options;
    let wait = 0;
    for (let tries = 0; loss > 0 && tries < mostRetries && random() < loss; tries += 1)
      wait += firstRetry * 2 ** tries;
    return wait;
  }
}
