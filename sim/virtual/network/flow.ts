/** One direction of a connection: from what is written to what arrives, in order and once, however the network behaves. */
import {
  crumbBytes,
  downlinkQueueBytes,
  leastCutBytes,
  mostCutBytes,
  packetBytes,
  retransmitAfter,
} from './access.ts';
import { Arrivals, type Passing } from './arrivals.ts';
import { ItemQueue, type Payload } from './item-queue.ts';
import type { Customer } from './link.ts';
import { type Micros, plus } from '../micros.ts';
import { type Interrupted, Outage } from './outage.ts';
import type { Path } from './path.ts';
import type { Scheduler, Target } from '../scheduler.ts';
import type { Held, Written } from './site.ts';
import { Window } from './window.ts';

/** Who writes. */
export interface Writer {
  /** These bytes have left on the uplink. */
  sent(bytes: number): void;
  /** The other side does not know this connection. */
  ended(): void;
}

/** Who reads. */
export interface Reader {
  arrived(payload: Payload): void;
  /** There will be no more. */
  ended(): void;
}

const event = { arrival: 0, end: 1, reset: 2, sent: 3, ack: 4, unknown: 5 } as const;

export class Flow implements Customer, Target, Passing, Held, Written, Interrupted {
  nextInLine: Customer | undefined;
  isInLine = false;

  readonly #path: Path;
  readonly #scheduler: Scheduler;
  readonly #writer: Writer;
  readonly #reader: Reader;
  readonly #items = new ItemQueue();
  readonly #window = new Window();
  readonly #arrivals: Arrivals;
  readonly #outage: Outage;

  /** Closed until the connection is made. */
  #isOpen = false;
  /** The writer is no more. */
  #isEnded = false;
  /** Nobody reads any more. */
  #isUnread = false;
  #isFinishing = false;
  #isEndSent = false;

  /** Bytes written in this instant; behind them in `#backlog` those that wait for the uplink. */
  #batch = 0;
  #isFlushing = false;
  #backlog = 0;
  /** Bytes that have arrived and wait for a frozen application. */
  #held = 0;
  #isAckAwaited = false;
  #lastArrival = 0;

  constructor(path: Path, writer: Writer, reader: Reader) {
    this.#path = path;
    this.#scheduler = path.from.ground.scheduler;
    this.#writer = writer;
    this.#reader = reader;
    this.#arrivals = new Arrivals(path.to.down, this);
    this.#outage = new Outage(path, this);
  }

  write(item: unknown, length: number): void {
    if (this.#isEnded || this.#isFinishing) return;
    if (!this.#isUnread) this.#items.push(item, length);
    this.#batch += length;
    this.#flushSoon();
  }

  /** The connection is made; nothing arrives before `at`. */
  open(at: Micros): void {
    this.#isOpen = true;
    this.#lastArrival = at;
    if (this.#batch > 0 || this.#isFinishing) this.#flushSoon();
  }

  /** The end of the stream follows what has been written. */
  finish(): void {
    this.#isFinishing = true;
    this.#flushSoon();
  }

  /** The writer is no more: what has not left, never will. */
  end(): void {
    this.#isEnded = true;
    this.#batch = this.#backlog = 0;
    this.#outage.end(false);
  }

  /** The reader is no more: what arrives is thrown away. */
  abandon(): void {
    this.#isUnread = true;
    this.#items.clear();
  }

  /** Ends at once: what is under way is lost, and the reader is told. */
  breakOff(): void {
    this.end();
    this.abandon();
    this.#outage.end(true);
  }

  flush(): void {
    this.#isFlushing = false;
    if (this.#isEnded) return;
    const bytes = this.#batch;
    this.#batch = 0;
    if (bytes > 0 && bytes <= packetBytes && this.#isSparse()) this.#sendSparse(bytes);
    else if (bytes > 0) {
      if (this.#backlog === 0) this.#window.resume(this.#scheduler.now);
      this.#backlog += bytes;
      this.#wake();
    }
    if (this.#isFinishing) this.#sendEnd();
  }

  fire(what: number, detail: number): void {
    if (what === event.ack) {
      this.#isAckAwaited = false;
      this.#wake();
    } else if (what === event.unknown) this.#hear(this.#path.hasSender, what, detail);
    else this.#hear(this.#path.hasReceiver, what, detail);
  }

  resume(what: number, detail: number): void {
    if (what === event.arrival) {
      this.#held -= detail;
      this.#wake();
    }
    this.#tell(what, detail);
  }

  /** What the uplink may serve: as much as the path, the receiver and the window allow. */
  take(): number {
    const backlog = this.#backlog;
    if (backlog === 0 || this.#outage.isStalled || !this.#path.hasSender) return 0;
    if (this.#arrivals.queued + this.#held >= downlinkQueueBytes) return 0;
    const room = this.#window.room(this.#scheduler.now);
    if (room < packetBytes && room < backlog) {
      this.#awaitAck();
      return 0;
    }
    const cut =
      leastCutBytes + Math.floor(this.#path.from.cuts() * (mostCutBytes - leastCutBytes + 1));
    return Math.min(room, this.#window.most, backlog - cut <= crumbBytes ? backlog : cut);
  }

  /** A segment has left. */
  passed(bytes: number, since: number): void {
    if (this.#isEnded) return;
    this.#backlog -= bytes;
    this.#path.from.bytesSent += bytes;
    this.#window.sent(this.#scheduler.now, bytes);
    if (this.#path.isClear) this.#arrivals.offer(bytes, since);
    else this.#outage.stall(bytes);
  }

  afterwards(bytes: number): void {
    if (this.#isEnded) return;
    this.#hearSent(bytes);
    if (this.#isFinishing) this.#sendEnd();
  }

  /**
   * A segment is through the downlink. Here the delay of the path is put: ahead of the downlink the sum would be the
   * same, but a full downlink would stop the uplink only after much had been sent in vain.
   */
  through(bytes: number): void {
    const arrival = this.#deliver(this.#scheduler.now, bytes);
    if (this.#path.isDeaf) this.#outage.keepUnheard(bytes);
    else this.#window.expect(plus(arrival, this.#path.to.delay), bytes);
    this.#wake();
    if (this.#isFinishing) this.#sendEnd();
  }

  passStalled(bytes: number): void {
    if (bytes > 0) this.#arrivals.offer(bytes, this.#scheduler.now);
    if (this.#isFinishing) this.#sendEnd();
    this.#wake();
  }

  acknowledge(bytes: number): void {
    this.#window.expect(plus(this.#scheduler.now, this.#path.roundTrip), bytes);
    this.#wake();
  }

  passReset(): void {
    const at = plus(this.#scheduler.now, this.#path.from.drawDelay());
    this.#scheduler.schedule(at, this, event.reset);
  }

  forgotten(): void {
    this.#scheduler.schedule(plus(this.#scheduler.now, this.#path.roundTrip), this, event.unknown);
  }

  #flushSoon(): void {
    if (this.#isFlushing || !this.#isOpen) return;
    this.#isFlushing = true;
    this.#path.from.flushSoon(this);
  }

  /** Whether a small packet has nothing of its own stream ahead of it, and a free path. */
  #isSparse(): boolean {
    const { from, to, isClear } = this.#path;
    if (this.#backlog > 0 || this.#arrivals.queued > 0 || this.#outage.isStalled) return false;
    return isClear && !from.up.isSparseFull && !to.down.isSparseFull;
  }

  #sendSparse(bytes: number): void {
    const { from, to } = this.#path;
    const left = from.up.passSparse(bytes, this.#scheduler.now);
    from.bytesSent += bytes;
    this.#deliver(Math.ceil(to.down.passSparse(bytes, left)), bytes);
    this.#hearSent(bytes);
  }

  /** `through` is when it is through both links. Returns when it arrives. */
  #deliver(through: number, bytes: number): Micros {
    const path = this.#path;
    let at = through + path.from.drawDelay();
    if (path.drawLoss(bytes)) {
      at += path.roundTrip + retransmitAfter;
      this.#window.lost(this.#scheduler.now, (at + path.to.delay) as Micros);
    }
    const arrival = Math.max(at, this.#lastArrival) as Micros;
    this.#lastArrival = arrival;
    this.#scheduler.schedule(arrival, this, event.arrival, bytes);
    return arrival;
  }

  #sendEnd(): void {
    if (
      this.#backlog > 0 ||
      this.#arrivals.queued > 0 ||
      this.#outage.stalled > 0 ||
      this.#isEndSent
    )
      return;
    if (!this.#path.isClear) return this.#outage.stall(0);
    this.#isEndSent = true;
    const at = this.#scheduler.now + this.#path.from.drawDelay();
    this.#scheduler.schedule(Math.max(at, this.#lastArrival) as Micros, this, event.end);
  }

  /** Tells the application at once, or when it is able to hear. */
  #hear(isThere: boolean, what: number, detail: number): void {
    if (!isThere) return;
    const { from, to } = this.#path;
    const site = what === event.unknown ? from : to;
    if (!site.isHolding) return this.#tell(what, detail);
    if (what === event.arrival) this.#held += detail;
    site.hold(this, what, detail);
  }

  #hearSent(bytes: number): void {
    if (this.#path.from.isHolding) this.#path.from.hold(this, event.sent, bytes);
    else this.#writer.sent(bytes);
  }

  #tell(what: number, detail: number): void {
    if (what === event.sent) this.#writer.sent(detail);
    else if (what === event.unknown) this.#writer.ended();
    else if (what === event.reset) this.#reader.ended();
    else if (this.#isUnread) return;
    else if (what === event.end) this.#reader.ended();
    else this.#arrive(detail);
  }

  #arrive(bytes: number): void {
    const { to } = this.#path;
    to.bytesReceived += bytes;
    if (to.ground.carriage === 'values') this.#reader.arrived(this.#items.takeValues(bytes));
    else this.#reader.arrived(this.#items.takeBytes(bytes, to.ground.scratch));
  }

  #wake(): void {
    if (this.#backlog > 0) this.#path.from.up.join(this, this.#scheduler.now);
  }

  #awaitAck(): void {
    const at = this.#window.nextAckAt;
    if (at === undefined || this.#isAckAwaited) return;
    this.#isAckAwaited = true;
    this.#scheduler.schedule(at, this, event.ack);
  }
}
