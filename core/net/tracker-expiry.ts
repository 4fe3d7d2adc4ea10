/** Lets peers expire in time, also when nobody asks: memory is freed, and the log told. */
import { type Instant, since } from '../time.ts';
import type { Registry } from '../tracker/registry.ts';

/** Expired peers are looked for at most this often; nobody sees them meanwhile. */
const leastTickMs = 100;
/** The longest a timer is set for: a deadline further off is looked at again then. */
const mostTickMs = 60_000;

export type ExpiryOptions = {
  readonly registry: Registry;
  readonly clock: () => Instant;
  /** Told how many have left without a word since the last time. */
  readonly onExpired: (peers: number) => void;
};

export class Expiry {
  readonly #options: ExpiryOptions;
  #timer: NodeJS.Timeout | undefined;
  /** Peers that left without a word, as far as they were told. */
  #expired = 0;
  #isOver = false;

  constructor(options: ExpiryOptions) {
    this.#options = options;
  }

  /** Call after each answer: the registry may have another deadline. One timer serves them all. */
  watch(): void {
    if (this.#timer !== undefined || this.#isOver) return;
    const { clock, registry } = this.#options;
    const { deadline } = registry;
    if (deadline === undefined) return;
    const wait = Math.ceil(since(deadline, clock()));
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#tick();
        this.watch();
      },
      Math.min(mostTickMs, Math.max(leastTickMs, wait)),
    );
  }

  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #tick(): void {
    const { clock, onExpired, registry } = this.#options;
    const expired = registry.handle(clock(), { type: 'tick' });
    const peers = expired - this.#expired;
    this.#expired = expired;
    if (peers > 0) onExpired(peers);
  }
}
