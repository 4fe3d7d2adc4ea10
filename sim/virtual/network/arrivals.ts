/** What of one stream waits at the receiver's downlink. */
import { segmentBytes } from './access.ts';
import type { Customer, Link } from './link.ts';

export interface Passing {
  /** These bytes are through the downlink. */
  through(bytes: number): void;
}

export class Arrivals implements Customer {
  nextInLine: Customer | undefined;
  isInLine = false;
  /** Bytes that are not through, the segment being served included. */
  queued = 0;

  readonly #link: Link;
  readonly #stream: Passing;

  constructor(link: Link, stream: Passing) {
    this.#link = link;
    this.#stream = stream;
  }

  /** A segment has come, and has done so since `since`. */
  offer(bytes: number, since: number): void {
    if (this.queued === 0 && this.#link.cutThrough(bytes, since)) {
      this.#stream.through(bytes);
      return;
    }
    this.queued += bytes;
    this.#link.join(this, since);
  }

  take(): number {
    return Math.min(this.queued, segmentBytes);
  }

  passed(bytes: number): void {
    this.queued -= bytes;
    this.#stream.through(bytes);
  }

  afterwards(): void {
    // The next segment is asked for by the line.
  }
}
