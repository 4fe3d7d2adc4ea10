/** One direction of a connection: from what is written to what arrives, in order and once, however the network behaves. */
import { packetBytes, retransmitAfter } from './access.ts';
import { Bulk, type Stream } from './bulk.ts';
import type { Ground } from './ground.ts';
import { ItemQueue, type Payload } from './item-queue.ts';
import { type Micros, plus } from '../micros.ts';
import type { Path } from './path.ts';
import type { Target } from '../scheduler.ts';
import type { Held, Site, Written } from './site.ts';

/** The applications at the two ends. */
export interface Writer {
  /** These bytes have left on the uplink. */
  sent(bytes: number): void;
}
export interface Reader {
  arrived(payload: Payload): void;
}

/** An end that can be told that the connection is no more. */
export interface End {
  ended(): void;
}

const event = { arrival: 0, end: 1, reset: 2, sent: 3, unknown: 4 } as const;

/** What every small packet needs comes first here: most connections see little else, and it should lie together. */
export class Flow implements Target, Held, Written, Stream {
  readonly #ground: Ground;
  readonly #from: Site;
  readonly #to: Site;
  readonly #items = new ItemQueue();
  #reader: Reader | undefined;
  #writer: Writer | undefined;
  #bulk: Bulk | undefined;
  /** Bytes written in this instant. */
  #batch = 0;
  #lastArrival = 0;
  #isFlushing = false;
  /** Closed until the connection is made. */
  #isOpen = false;
  /** The writer is no more. */
  #isEnded = false;
  /** Nobody reads any more. */
  #isUnread = false;
  #isFinishing = false;
  #isEndSent = false;
  /** Whether the path is clear, as it was when the weather last changed. */
  #isClear = false;
  #weather = -1;

  readonly #path: Path;
  readonly #near: End;
  readonly #far: End;
  #held = 0;

  constructor(path: Path, near: End, far: End) {
    this.#ground = path.from.ground;
    this.#from = path.from;
    this.#to = path.to;
    this.#path = path;
    this.#near = near;
    this.#far = far;
  }

  /** Who hears what has been sent, once there is somebody. */
  set writer(writer: Writer | undefined) {
    this.#writer = writer;
  }

  set reader(reader: Reader | undefined) {
    this.#reader = reader;
  }

  get held(): number {
    return this.#held;
  }

  write(item: unknown, length: number): void {
    if (this.#isEnded || this.#isFinishing) return;
    if (!this.#isUnread) this.#items.push(item, length);
    if (this.#bulk !== undefined && this.#bulk.backlog > 0 && this.#batch === 0) {
      this.#bulk.add(length);
      return;
    }
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
    this.#batch = 0;
    this.#bulk?.end();
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
    this.#slow().breakOff();
  }

  flush(): void {
    this.#isFlushing = false;
    if (this.#isEnded) return;
    const bytes = this.#batch;
    this.#batch = 0;
    if (bytes > 0 && bytes <= packetBytes && this.#isSparse()) this.#sendSparse(bytes);
    else if (bytes > 0) this.#slow().add(bytes);
    this.cleared();
  }

  fire(what: number, detail: number): void {
    if (what === event.arrival) {
      if (this.#isUnread) return;
      if (this.#to.isHolding) this.#hold(detail);
      else this.#arrive(detail);
    } else if (what === event.unknown) {
      if (this.#path.hasSender) this.#hear(this.#from, what);
    } else if (this.#path.hasReceiver) this.#hear(this.#to, what);
  }

  resume(what: number, detail: number): void {
    if (what === event.sent) this.#tellSent(detail);
    else if (what !== event.arrival) this.#tell(what);
    else {
      this.#held -= detail;
      this.#bulk?.wake();
      if (!this.#isUnread) this.#arrive(detail);
    }
  }

  deliver(through: number, bytes: number): Micros {
    let at = through + this.#from.drawDelay();
    if (this.#from.loss > 0 && this.#path.drawLoss(bytes)) {
      at += this.#path.roundTrip + retransmitAfter;
      this.#bulk?.lost((at + this.#to.delay) as Micros);
    }
    const arrival = Math.max(at, this.#lastArrival) as Micros;
    this.#lastArrival = arrival;
    this.#ground.scheduler.schedule(arrival, this, event.arrival, bytes);
    return arrival;
  }

  left(bytes: number): void {
    if (this.#from.isHolding) this.#from.hold(this, event.sent, bytes);
    else this.#tellSent(bytes);
  }

  /** Nothing waits for the links any more: if no more is to be written, the end follows. */
  cleared(): void {
    if (!this.#isFinishing || this.#isEndSent || this.#isEnded) return;
    if (this.#bulk !== undefined && this.#bulk.pending > 0) return;
    if (!this.#path.isClear) return this.#slow().stallEnd();
    this.#isEndSent = true;
    const at = this.#ground.scheduler.now + this.#from.drawDelay();
    this.#ground.scheduler.schedule(Math.max(at, this.#lastArrival) as Micros, this, event.end);
  }

  passReset(): void {
    const { now } = this.#ground.scheduler;
    this.#ground.scheduler.schedule(plus(now, this.#from.drawDelay()), this, event.reset);
  }

  forgotten(): void {
    const { now } = this.#ground.scheduler;
    this.#ground.scheduler.schedule(plus(now, this.#path.roundTrip), this, event.unknown);
  }

  #flushSoon(): void {
    if (this.#isFlushing || !this.#isOpen) return;
    this.#isFlushing = true;
    this.#from.flushSoon(this);
  }

  /** Made when it is needed: most connections carry small packets only. */
  #slow(): Bulk {
    this.#bulk ??= new Bulk(this.#path, this);
    return this.#bulk;
  }

  /** Whether a small packet has nothing of its own stream ahead of it, and a free path. */
  #isSparse(): boolean {
    if (this.#bulk !== undefined && this.#bulk.pending > 0) return false;
    if (this.#weather !== this.#ground.weather) {
      this.#weather = this.#ground.weather;
      this.#isClear = this.#path.isClear;
    }
    return this.#isClear && !this.#from.up.isSparseFull && !this.#to.down.isSparseFull;
  }

  #sendSparse(bytes: number): void {
    const left = this.#from.up.passSparse(bytes, this.#ground.scheduler.now);
    this.#from.bytesSent += bytes;
    this.deliver(Math.ceil(this.#to.down.passSparse(bytes, left)), bytes);
    this.left(bytes);
  }

  #hold(bytes: number): void {
    this.#held += bytes;
    this.#to.hold(this, event.arrival, bytes);
  }

  #hear(site: Site, what: number): void {
    if (site.isHolding) site.hold(this, what, 0);
    else this.#tell(what);
  }

  #tell(what: number): void {
    if (what === event.unknown) this.#near.ended();
    else if (what === event.reset || !this.#isUnread) this.#far.ended();
  }

  #tellSent(bytes: number): void {
    if (!this.#isEnded && !this.#isFinishing) this.#writer?.sent(bytes);
  }

  #arrive(bytes: number): void {
    this.#to.bytesReceived += bytes;
    const { carriage, scratch } = this.#ground;
    if (carriage === 'values') this.#reader?.arrived(this.#items.takeValues(bytes));
    else this.#reader?.arrived(this.#items.takeBytes(bytes, scratch));
  }
}
