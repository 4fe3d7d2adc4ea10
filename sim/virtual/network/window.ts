/** The congestion window of one stream: slow start, halving at a loss, and slow start again after idling (RFC 5681). */
import { packetBytes } from './access.ts';
import { micros, type Micros } from '../micros.ts';

/** RFC 6928. */
const initialBytes = 10 * packetBytes;

/** RFC 5681 halves down to two packets. */
const leastBytes = 2 * packetBytes;

/** The buffer that Linux lets a socket grow to (tcp_wmem). */
const mostBytes = 4 * 2 ** 20;

/** One retransmission timeout without sending (RFC 5681, 4.1), at its initial value (RFC 6298). */
const idleAfter: Micros = micros(1_000_000);

const firstCapacity = 8;

export class Window {
  #bytes = initialBytes;
  /** From here on the window grows by a packet a round trip and does not double. */
  #threshold = Infinity;
  #unacked = 0;
  #lastSentAt = 0;
  /** A further loss before this moment belongs to the same congestion (RFC 6582). */
  #recoveredAt = 0;
  /** A ring of acknowledgements to come: the time and the bytes of each. */
  #acks = new Float64Array(0);
  #first = 0;
  #count = 0;

  /** Bytes that may be sent now. */
  room(now: Micros): number {
    this.#settle(now);
    return Math.max(0, this.#bytes - this.#unacked);
  }

  /** There is something to send again, after a while without. */
  resume(now: Micros): void {
    this.#settle(now);
    if (now - this.#lastSentAt > idleAfter) this.#bytes = Math.min(this.#bytes, initialBytes);
  }

  /** What may be sent at a time: were it all in one, a link would stand still until that is acknowledged. */
  get most(): number {
    return Math.floor(this.#bytes / 2);
  }

  /** When there will be more room; `undefined` when nobody knows. */
  get nextAckAt(): Micros | undefined {
    return this.#count > 0 ? (this.#acks[this.#first] as Micros) : undefined;
  }

  sent(now: Micros, bytes: number): void {
    this.#lastSentAt = now;
    this.#unacked += bytes;
  }

  /** The acknowledgement of `bytes` that were sent is under way. */
  expect(ackAt: Micros, bytes: number): void {
    if (2 * this.#count === this.#acks.length) this.#grow();
    const at = (this.#first + 2 * this.#count) % this.#acks.length;
    this.#acks[at] = ackAt;
    this.#acks[at + 1] = bytes;
    this.#count += 1;
  }

  /** Something was lost, and its sender knows at `recoveredAt` that it has arrived after all. */
  lost(now: Micros, recoveredAt: Micros): void {
    if (now < this.#recoveredAt) return;
    this.#recoveredAt = recoveredAt;
    this.#bytes = Math.max(leastBytes, Math.floor(this.#bytes / 2));
    this.#threshold = this.#bytes;
  }

  #settle(now: Micros): void {
    while (this.#count > 0 && (this.#acks[this.#first] as number) <= now) this.#acknowledge();
  }

  #acknowledge(): void {
    const bytes = this.#acks[this.#first + 1] as number;
    this.#first = (this.#first + 2) % this.#acks.length;
    this.#count -= 1;
    this.#unacked -= bytes;
    const more =
      this.#bytes < this.#threshold ? bytes : Math.ceil((packetBytes * bytes) / this.#bytes);
    this.#bytes = Math.min(mostBytes, this.#bytes + more);
  }

  #grow(): void {
    const grown = new Float64Array(Math.max(firstCapacity, 2 * this.#acks.length));
    grown.set(this.#acks.subarray(this.#first));
    grown.set(this.#acks.subarray(0, this.#first), this.#acks.length - this.#first);
    this.#acks = grown;
    this.#first = 0;
  }
}
