/**
 * How much may lie between us and a peer's line: read from the disk or handed to the socket, and not yet sent.
 * What lies there cannot be taken back: a choke, and our own requests, wait behind it.
 */
import type { Duration, Instant } from '../time.ts';
import { millis, since } from '../time.ts';
import { blockBytes } from '../torrent/pieces.ts';

/** To begin with four blocks: half a second on a line of 128 KB/s, and four doublings from what a gigabyte a second needs. */
export const firstRoomBytes: number = 4 * blockBytes;

/** One block on the line and one to follow it, so that even the slowest line does not run dry between the two. */
export const leastRoomBytes: number = 2 * blockBytes;

/** A room that empties in this time might have run dry before we were asked for more: it is doubled. */
export const quickDrain: Duration = millis(150);

/**
 * A room that takes so long is halved: a choke should not come later than that. More than three times `quickDrain`,
 * so that no line is fast enough for the one and slow enough for the other.
 */
export const slowDrain: Duration = millis(500);

/** The rate is taken over so much of the room: the whole of a large one would tell of a line that has long become slow. */
const timedShare = 1 / 4;

/** Follows how fast the line takes what it is given, up to `maxBytes`. */
export class SendRoom {
  readonly #maxBytes: number;
  #bytes: number;
  /** All that was ever handed over, and all of it that was sent, in bytes. */
  #handed = 0;
  #sent = 0;
  /** One stretch is timed at a time: from `#timedAt`, until `#sent` is `#timedTo`. */
  #timedTo: number | undefined;
  #timedFrom = 0;
  #timedAt = 0 as Instant;
  /** Somebody was refused since the timing began: more room would have been used. */
  #wasShort = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#bytes = Math.min(firstRoomBytes, maxBytes);
  }

  /** How much fits in now, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Handed over and not yet sent, in bytes. */
  get unsent(): number {
    return this.#handed - this.#sent;
  }

  /** Whether another block may be read while so many bytes are being read already. */
  admits(readingBytes: number): boolean {
    const isRoom = this.unsent + readingBytes < this.#bytes;
    if (!isRoom) this.#wasShort = true;
    return isRoom;
  }

  /** So many bytes have been given to the socket. */
  handed(now: Instant, bytes: number): void {
    this.#handed += bytes;
    if (this.#timedTo === undefined) this.#time(now);
  }

  /** So many of them have left. */
  sent(now: Instant, bytes: number): void {
    this.#sent += bytes;
    if (this.#timedTo === undefined || this.#sent < this.#timedTo) return;
    this.#adapt((since(now, this.#timedAt) * this.#bytes) / (this.#sent - this.#timedFrom));
    this.#timedTo = undefined;
    this.#wasShort = false;
    this.#time(now);
  }

  #time(now: Instant): void {
    // The time of a few small messages tells more of the clock than of the line.
    if (this.unsent < blockBytes) return;
    const stretch = Math.max(blockBytes, this.#bytes * timedShare);
    this.#timedTo = this.#sent + Math.min(this.unsent, stretch);
    this.#timedFrom = this.#sent;
    this.#timedAt = now;
  }

  /** `drainMs`: what a full room would have taken. */
  #adapt(drainMs: number): void {
    if (drainMs > slowDrain) this.#bytes /= 2;
    else if (drainMs < quickDrain && this.#wasShort) this.#bytes *= 2;
    this.#bytes = Math.min(this.#maxBytes, Math.max(leastRoomBytes, this.#bytes));
  }
}
