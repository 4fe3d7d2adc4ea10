/** The run's own clock in real time. */
import { millis, start, type Duration, type Instant } from '../../core/time.ts';
import type { StopSignal } from '../world.ts';
import { systemNow } from './peer-orders.ts';

/** Stands at 0 until it is started. */
export class RunClock {
  #origin: number | undefined;
  /** Ends the wait that is under way. */
  #wake: (() => void) | undefined;

  /** The run begins now. */
  start(): void {
    this.#origin = systemNow();
  }

  get now(): Instant {
    return this.at(systemNow());
  }

  /** A moment of the system's clock, on the run's: whole milliseconds, and never before the start. */
  at(systemMs: number): Instant {
    return Math.max(start, Math.round(systemMs - (this.#origin ?? systemMs))) as Instant;
  }

  /** Waits until the clock shows another time, so that what comes next is also seen to come next. */
  async moveOn(): Promise<void> {
    const { now } = this;
    while (this.now === now) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  /** Waits until `until`, until the signal is aborted, or until `interrupt`. */
  waitUntil(until: Instant, signal: StopSignal): Promise<void> {
    return this.#pause(millis(until - this.now), signal);
  }

  /** Ends the wait that is under way, if any. */
  interrupt(): void {
    this.#wake?.();
  }

  #pause(wait: Duration, signal: StopSignal): Promise<void> {
    if (signal.aborted || wait <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(end, wait);
      signal.addEventListener('abort', end, { once: true });
      this.#wake = end;
    });
  }
}
