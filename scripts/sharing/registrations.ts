/** Tells when a tracker has answered a torrent's announce. */
import type { SwarmEvent } from '../../core/swarm/event.ts';
import type { InfoHash } from '../../core/torrent/ids.ts';

/** `undefined`: taken in; a text: why not. */
type Answer = string | undefined;

export class Registrations {
  readonly #waiting = new Map<InfoHash, (answer: Answer) => void>();

  /** The tracker's next answer to this torrent, or that the signal was aborted first. Call it before the torrent starts. */
  next(infoHash: InfoHash, signal: AbortSignal): Promise<Answer> {
    return new Promise((resolve) => {
      this.#waiting.set(infoHash, resolve);
      signal.addEventListener('abort', () => this.#answer(infoHash, 'stopped'), { once: true });
    });
  }

  /** Takes everything that happens in the peer. */
  happened(event: SwarmEvent): void {
    if (event.type === 'tracker-answered') this.#answer(event.infoHash, undefined);
    if (event.type === 'tracker-failed') this.#answer(event.infoHash, event.reason);
  }

  #answer(infoHash: InfoHash, answer: Answer): void {
    this.#waiting.get(infoHash)?.(answer);
    this.#waiting.delete(infoHash);
  }
}
