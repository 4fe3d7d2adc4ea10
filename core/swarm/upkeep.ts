/** What a torrent does when time has passed: announces, rounds of choking, and a look at everything once a second. */
import type { Instant } from '../time.ts';
import type { Peer } from './peer.ts';
import type { TorrentParts } from './torrent-parts.ts';
import { after, earlier } from '../time.ts';

export class Upkeep {
  readonly #parts: TorrentParts;
  #housekeepAt: Instant;
  /** As last worked out: asked for after every input, and changed by few. */
  #deadline: Instant | undefined;
  /** Who was last found to have something for us. */
  #source: Peer | undefined;

  constructor(now: Instant, parts: TorrentParts) {
    this.#parts = parts;
    this.#housekeepAt = this.#nextHousekeeping(now);
  }

  /** When something of it is due. Who is not running only announces. */
  deadline(isRunning: boolean): Instant | undefined {
    const { torrent } = this.#parts;
    if (torrent.isDeadlineStale) {
      torrent.isDeadlineStale = false;
      this.#deadline = this.#nextDeadline(isRunning);
    }
    return isRunning ? earlier(this.#deadline, torrent.limits.wakeAt) : this.#deadline;
  }

  tick(now: Instant, isRunning: boolean): void {
    const { announcing, choking, torrent } = this.#parts;
    if (isDue(now, announcing.deadline)) announcing.handle(now, { type: 'tick' });
    if (isRunning) {
      if (isDue(now, torrent.limits.wakeAt)) this.#wake(now);
      if (isDue(now, choking.deadline)) choking.rechoke(now);
      if (isDue(now, this.#housekeepAt)) this.#housekeep(now);
      this.#parts.connections.dial(now);
    } else if (isDue(now, this.#housekeepAt)) this.#housekeepAt = this.#nextHousekeeping(now);
  }

  /** Somebody was held back by a rate limit: there is room again. */
  #wake(now: Instant): void {
    const { downloads, peers, torrent, uploads } = this.#parts;
    torrent.limits.woken();
    uploads.serveAll(now, peers.inTurn());
    downloads.fillAll(now);
  }

  #housekeep(now: Instant): void {
    const { announcing, connections, downloads, haves, superSeeding } = this.#parts;
    this.#housekeepAt = this.#nextHousekeeping(now);
    connections.tick(now);
    connections.closeIdle(now);
    superSeeding.housekeep(now);
    haves.tick(now);
    downloads.expire(now);
    downloads.fillIdle(now);
    if (this.#isStranded()) announcing.handle(now, { type: 'want-peers' });
  }

  /** Pieces are missing, nobody here has one of them, and nobody is being called who might. */
  #isStranded(): boolean {
    const { peers, torrent } = this.#parts;
    if (torrent.paused || torrent.picker.isComplete || peers.halfOpen > 0) return false;
    if (this.#source?.isGone === false && this.#source.wire.amInterested) return false;
    this.#source = peers.ready().find((peer) => peer.wire.amInterested);
    return this.#source === undefined;
  }

  #nextDeadline(isRunning: boolean): Instant | undefined {
    const { announcing, choking } = this.#parts;
    const next = earlier(this.#housekeepAt, announcing.deadline);
    return isRunning ? earlier(next, choking.deadline) : next;
  }

  #nextHousekeeping(now: Instant): Instant {
    return after(now, this.#parts.torrent.options.housekeepingEvery);
  }
}

const isDue = (now: Instant, deadline: Instant | undefined): boolean =>
  deadline !== undefined && deadline <= now;
