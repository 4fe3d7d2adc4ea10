/** One direction of an access link: it serves those who have something for it in turn, a segment each. */
import { packetBytes, segmentBytes } from './access.ts';
import { type Micros, micros, plus } from '../micros.ts';
import type { Scheduler, Target } from '../scheduler.ts';

/** What a link serves. The fields belong to the link. */
export interface Customer {
  nextInLine: Customer | undefined;
  isInLine: boolean;
  /** Bytes to be served now, as one segment; 0 when there is nothing, or nothing may go. */
  take(): number;
  /** A segment has passed, whose service began at `since` (which may be broken); it stands in line again. */
  passed(bytes: number, since: number): void;
  /** Called when the link has turned to the next customer. */
  afterwards(bytes: number): void;
}

const microsPerSec = 1_000_000;

export class Link implements Target {
  readonly #scheduler: Scheduler;
  #microsPerByte: number;
  /** The time in which all that has been accepted is served, broken: segments follow each other without gaps. */
  #freeAt = 0;
  #serving: Customer | undefined;
  #bytes = 0;
  #since = 0;
  /** When the small packets that went ahead of the line would be through had all come at once, and what the line still owes for them. */
  #sparseFreeAt = 0;
  #owedMicros = 0;
  #first: Customer | undefined;
  #last: Customer | undefined;
  #busyMicros = 0;

  constructor(scheduler: Scheduler, bytesPerSec: number) {
    this.#scheduler = scheduler;
    this.#microsPerByte = microsPerByte(bytesPerSec);
  }

  /** How long this link has been busy since the beginning. */
  get busy(): Micros {
    return micros(this.#busyMicros);
  }

  /** Holds from the next segment on. */
  limit(bytesPerSec: number): void {
    this.#microsPerByte = microsPerByte(bytesPerSec);
  }

  /** Puts the customer at the end of the line. When nobody is served it begins at once, as if it had at `since`. */
  join(customer: Customer, since: number): void {
    if (customer.isInLine || customer === this.#serving) return;
    this.#append(customer);
    if (this.#serving === undefined) this.#serveNext(since);
  }

  /** Lets a segment through that took from `since` until now to come in, if the link is idle and no slower. */
  cutThrough(bytes: number, since: number): boolean {
    if (this.#serving !== undefined) return false;
    const time = bytes * this.#microsPerByte;
    const done = Math.max(this.#freeAt, since) + time;
    if (done > this.#scheduler.now) return false;
    this.#freeAt = done;
    this.#busyMicros += time;
    return true;
  }

  /** Whether small packets have to stand in line like the others: there is a whole segment of them. */
  get isSparseFull(): boolean {
    return this.#sparseFreeAt - this.#scheduler.now > segmentBytes * this.#microsPerByte;
  }

  /**
   * Lets a small packet ahead of the line, behind the packet that is on the wire; the line pays for it later.
   * It begins to come now and has come at `at`; returns when it is through. Both may be broken.
   */
  passSparse(bytes: number, at: number): number {
    const time = bytes * this.#microsPerByte;
    this.#busyMicros += time;
    const { now } = this.#scheduler;
    // One that is still to come holds up nobody who is here before it.
    this.#sparseFreeAt = Math.max(this.#sparseFreeAt, now) + time;
    if (this.#serving === undefined) {
      this.#freeAt = Math.max(this.#freeAt, now) + time;
      return Math.max(at, this.#freeAt);
    }
    const residual = Math.max(0, Math.min(this.#freeAt - at, packetBytes * this.#microsPerByte));
    this.#owedMicros += time;
    return Math.max(at + residual + time, this.#sparseFreeAt);
  }

  /** The segment has been served. */
  fire(): void {
    const customer = this.#serving;
    if (customer === undefined) return;
    const bytes = this.#bytes;
    customer.passed(bytes, this.#since);
    this.#serving = undefined;
    this.#freeAt += this.#owedMicros;
    this.#owedMicros = 0;
    this.#append(customer);
    this.#serveNext(this.#freeAt);
    customer.afterwards(bytes);
  }

  #append(customer: Customer): void {
    customer.isInLine = true;
    customer.nextInLine = undefined;
    if (this.#last === undefined) this.#first = customer;
    else this.#last.nextInLine = customer;
    this.#last = customer;
  }

  #serveNext(since: number): void {
    for (;;) {
      const customer = this.#first;
      if (customer === undefined) return;
      this.#first = customer.nextInLine;
      if (this.#first === undefined) this.#last = undefined;
      customer.isInLine = false;
      const bytes = customer.take();
      if (bytes > 0) return this.#serve(customer, bytes, since);
    }
  }

  #serve(customer: Customer, bytes: number, since: number): void {
    const time = bytes * this.#microsPerByte;
    this.#serving = customer;
    this.#bytes = bytes;
    this.#since = Math.max(this.#freeAt, since);
    this.#freeAt = this.#since + time;
    this.#busyMicros += time;
    const { now } = this.#scheduler;
    this.#scheduler.schedule(plus(now, Math.max(0, Math.ceil(this.#freeAt - now))), this, 0);
  }
}

function microsPerByte(bytesPerSec: number): number {
  if (!(bytesPerSec > 0 && bytesPerSec < Infinity))
    throw new RangeError(`a rate must be above 0 bytes a second, and finite: ${bytesPerSec}`);
  return microsPerSec / bytesPerSec;
}
