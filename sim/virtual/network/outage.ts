/** What of a stream does not get through: it is tried again after a timeout that doubles each time (RFC 6298, 5.5). */
import { longestRetransmit, retransmitAfter } from './access.ts';
import { type Micros, micros, plus } from '../micros.ts';
import type { Path } from './path.ts';
import type { Target } from '../scheduler.ts';

/** The stream that is told how it went. */
export interface Interrupted {
  /** The stalled segment gets through. */
  passStalled(bytes: number): void;
  /** What got through before is acknowledged now. */
  acknowledge(bytes: number): void;
  passReset(): void;
  /** The other side answers that it knows of no such connection. */
  forgotten(): void;
}

export class Outage implements Target {
  /** Whether a segment, perhaps an empty one, does not get through: nothing else may leave until it does. */
  isStalled = false;
  /** Its bytes. */
  stalled = 0;

  readonly #path: Path;
  readonly #stream: Interrupted;
  /** Bytes that got through while their acknowledgement did not. */
  #unheard = 0;
  #isBreaking = false;
  #wait: Micros = retransmitAfter;
  #isWaiting = false;

  constructor(path: Path, stream: Interrupted) {
    this.#path = path;
    this.#stream = stream;
  }

  stall(bytes: number): void {
    this.isStalled = true;
    this.stalled += bytes;
    this.#tryLater();
  }

  keepUnheard(bytes: number): void {
    this.#unheard += bytes;
    this.#tryLater();
  }

  /** The stream has ended: what is left to do is to say so, when that is wanted. */
  end(isBreaking: boolean): void {
    this.isStalled = false;
    this.stalled = this.#unheard = 0;
    this.#isBreaking = isBreaking;
    if (isBreaking && !this.#tryReset()) this.#tryLater();
  }

  fire(): void {
    this.#isWaiting = false;
    if (this.#tryAgain()) {
      this.#wait = retransmitAfter;
      return;
    }
    this.#wait = micros(Math.min(2 * this.#wait, longestRetransmit));
    this.#tryLater();
  }

  #tryLater(): void {
    if (this.#isWaiting || this.#path.isHole) return;
    this.#isWaiting = true;
    const { scheduler } = this.#path.from.ground;
    scheduler.schedule(plus(scheduler.now, this.#wait), this, 0);
  }

  /** Returns whether everything is through, or never will be. */
  #tryAgain(): boolean {
    if (this.#isBreaking) return this.#tryReset();
    if (this.#path.isHole) return true;
    if (this.#path.isForgotten) {
      this.#stream.forgotten();
      return true;
    }
    if (this.#unheard > 0 && !this.#path.isDeaf) {
      const bytes = this.#unheard;
      this.#unheard = 0;
      this.#stream.acknowledge(bytes);
    }
    if (this.isStalled && this.#path.isClear) {
      const bytes = this.stalled;
      this.isStalled = false;
      this.stalled = 0;
      this.#stream.passStalled(bytes);
    }
    return !this.isStalled && this.#unheard === 0;
  }

  #tryReset(): boolean {
    if (!this.#path.isClear) return this.#path.isHole || this.#path.isForgotten;
    this.#isBreaking = false;
    this.#stream.passReset();
    return true;
  }
}
