/** What of a stream must wait for its turn on the links: all but small packets that have nothing of their stream ahead of them. */
import {
  crumbBytes,
  downlinkQueueBytes,
  leastCutBytes,
  mostCutBytes,
  packetBytes,
} from './access.ts';
import { Arrivals, type Passing } from './arrivals.ts';
import type { Customer } from './link.ts';
import { type Micros, plus } from '../micros.ts';
import { type Interrupted, Outage } from './outage.ts';
import type { Path } from './path.ts';
import type { Scheduler, Target } from '../scheduler.ts';
import { Window } from './window.ts';

/** The stream whose bytes these are. */
export interface Stream {
  /** Bytes that have arrived and wait for a frozen application. */
  readonly held: number;
  /** Some are through both links at this moment; returns when they arrive. */
  deliver(through: number, bytes: number): Micros;
  /** Some have left on the uplink. */
  left(bytes: number): void;
  /** All are through. */
  cleared(): void;
  passReset(): void;
  /** The other side answers that it knows of no such connection. */
  forgotten(): void;
}

export class Bulk implements Customer, Passing, Interrupted, Target {
  nextInLine: Customer | undefined;
  isInLine = false;
  /** Bytes that have not left on the uplink, the segment being served included. */
  backlog = 0;
  /** Bytes that are not through both links. */
  pending = 0;

  readonly #path: Path;
  readonly #stream: Stream;
  readonly #scheduler: Scheduler;
  readonly #window = new Window();
  readonly #arrivals: Arrivals;
  readonly #outage: Outage;
  #isAckAwaited = false;

  constructor(path: Path, stream: Stream) {
    this.#path = path;
    this.#stream = stream;
    this.#scheduler = path.from.ground.scheduler;
    this.#arrivals = new Arrivals(path.to.down, this);
    this.#outage = new Outage(path, this);
  }

  add(bytes: number): void {
    if (this.backlog === 0) this.#window.resume(this.#scheduler.now);
    this.backlog += bytes;
    this.pending += bytes;
    this.wake();
  }

  /** Whatever has hindered it: it may go on now. */
  wake(): void {
    if (this.backlog > 0) this.#path.from.up.join(this, this.#scheduler.now);
  }

  /** The writer is no more: what has not left, never will. */
  end(): void {
    this.pending -= this.backlog;
    this.backlog = 0;
    this.#outage.end(false);
  }

  /** The reader is to be told that the connection is broken, as soon as that is possible. */
  breakOff(): void {
    this.#outage.end(true);
  }

  /** The end of the stream does not get through. */
  stallEnd(): void {
    this.#outage.stall(0);
  }

  /** What the uplink may serve: as much as the path, the receiver and the window allow. */
  take(): number {
    const { backlog } = this;
    if (backlog === 0 || this.#outage.isStalled || !this.#path.hasSender) return 0;
    if (this.#arrivals.queued + this.#stream.held >= downlinkQueueBytes) return 0;
    const room = this.#window.room(this.#scheduler.now);
    if (room < packetBytes && room < backlog) {
      this.#awaitAck();
      return 0;
    }
    const spread = mostCutBytes - leastCutBytes + 1;
    const cut = leastCutBytes + Math.floor(this.#path.from.cuts() * spread);
    return Math.min(room, this.#window.most, backlog - cut <= crumbBytes ? backlog : cut);
  }

  /** A segment has left. Its stream may have ended meanwhile. */
  passed(bytes: number, since: number): void {
    if (this.backlog === 0) return;
    this.backlog -= bytes;
    this.#path.from.bytesSent += bytes;
    this.#window.sent(this.#scheduler.now, bytes);
    if (this.#path.isClear) this.#arrivals.offer(bytes, since);
    else this.#outage.stall(bytes);
  }

  afterwards(bytes: number): void {
    this.#stream.left(bytes);
  }

  /**
   * A segment is through the downlink. Here the delay of the path is put: ahead of the downlink the sum would be the
   * same, but a full downlink would stop the uplink only after much had been sent in vain.
   */
  through(bytes: number): void {
    this.pending -= bytes;
    const arrival = this.#stream.deliver(this.#scheduler.now, bytes);
    if (this.#path.isDeaf) this.#outage.keepUnheard(bytes);
    else this.#window.expect(plus(arrival, this.#path.to.delay), bytes);
    this.wake();
    if (this.pending === 0) this.#stream.cleared();
  }

  lost(recoveredAt: Micros): void {
    this.#window.lost(this.#scheduler.now, recoveredAt);
  }

  passStalled(bytes: number): void {
    if (bytes > 0) this.#arrivals.offer(bytes, this.#scheduler.now);
    else this.#stream.cleared();
    this.wake();
  }

  acknowledge(bytes: number): void {
    this.#window.expect(plus(this.#scheduler.now, this.#path.roundTrip), bytes);
    this.wake();
  }

  passReset(): void {
    this.#stream.passReset();
  }

  forgotten(): void {
    this.#stream.forgotten();
  }

  /** An acknowledgement is here. */
  fire(): void {
    this.#isAckAwaited = false;
    this.wake();
  }

  #awaitAck(): void {
    const at = this.#window.nextAckAt;
    if (at === undefined || this.#isAckAwaited) return;
    this.#isAckAwaited = true;
    this.#scheduler.schedule(at, this, 0);
  }
}
