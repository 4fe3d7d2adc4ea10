/** How many blocks may be waited for altogether: what our own line cannot bring in time is asked for twice. */
import { type Duration, type Instant, millis, seconds } from '../time.ts';
import { RateMeter } from '../peer/rate.ts';
import { blockBytes } from '../torrent/pieces.ts';

/** Long enough for the slowest line on which a block comes every few seconds. */
const rateWindow = seconds(20);

/** Half of the patience is for what our line brings in, the other half for what is not on its way yet. */
const partOfPatience = 2;

/** However short the patience: twice what pipelines hold of what comes, or who is slow would be kept slow. */
const leastSpan = seconds(6);

/** So many are asked for however little has come lately: four peers with the least each, who may be much faster. */
export const leastBacklog = 16;

/**
 * Forty peers that serve a slow line, asked for the least each, are more than it carries while a request is waited for. No
 * more is asked for than has lately come in half of that time. That is far from what keeps a line full, so that a rate
 * may still grow a hundredfold within a round trip.
 */
export class Backlog {
  readonly #span: Duration;
  readonly #rate = new RateMeter(rateWindow);
  #hasRefused = false;

  /** `patience` is how long a request is waited for. */
  constructor(patience: Duration) {
    this.#span = millis(Math.max(leastSpan, patience / partOfPatience));
  }

  arrived(now: Instant, bytes: number): void {
    this.#rate.add(now, bytes);
  }

  /** Of so many more blocks, how many may be asked for when `open` are; all of them before the first has come. */
  grant(now: Instant, wanted: number, open: number): number {
    if (this.#rate.total === 0) return wanted;
    const bytes = (this.#rate.rate(now) * this.#span) / 1_000;
    const room = Math.max(leastBacklog, Math.floor(bytes / blockBytes)) - open;
    if (room >= wanted) return wanted;
    this.#hasRefused = true;
    return Math.max(0, room);
  }

  /** Somebody was granted less than was wanted since `forget`: there may be something to ask for when blocks have come. */
  get hasRefused(): boolean {
    return this.#hasRefused;
  }

  /** Call before everybody is asked anew. */
  forget(): void {
    this.#hasRefused = false;
  }
}
