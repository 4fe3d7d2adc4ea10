/** When progress is saved, so that a crash costs seconds of work and never correctness. */
import type { Duration, Instant } from '../time.ts';
import type { TorrentContext } from './peer.ts';
import { after } from '../time.ts';

export class Progress {
  readonly #torrent: TorrentContext;
  readonly #every: Duration;
  #savedAt: Instant;
  #isDirty = false;
  #saving: 'no' | 'checkpoint' | 'final' = 'no';
  #isFinal = false;

  constructor(now: Instant, torrent: TorrentContext) {
    this.#torrent = torrent;
    this.#every = torrent.options.saveResumeEvery;
    this.#savedAt = now;
  }

  /** The last word has been saved: the torrent may end. */
  get isFinal(): boolean {
    return this.#isFinal;
  }

  changed(): void {
    this.#isDirty = true;
  }

  /** Saves a checkpoint when one is due. */
  tick(now: Instant): void {
    if (this.#isDirty && after(this.#savedAt, this.#every) <= now) this.checkpoint(now);
  }

  checkpoint(now: Instant): void {
    if (this.#saving !== 'no') return;
    this.#saving = 'checkpoint';
    this.#isDirty = false;
    this.#savedAt = now;
    this.#save(false);
  }

  /** The torrent is ending and nothing is being written any more. */
  finish(): void {
    if (this.#saving === 'final' || this.#isFinal) return;
    // A checkpoint under way is overtaken: saves are carried out in the order they were asked for.
    this.#saving = 'final';
    this.#save(true);
  }

  saved(): void {
    if (this.#saving === 'final') this.#isFinal = true;
    this.#saving = this.#saving === 'final' ? 'final' : 'no';
  }

  #save(isFinal: boolean): void {
    const { emit, infoHash } = this.#torrent;
    emit({ type: 'save-resume', infoHash, isFinal });
  }
}
