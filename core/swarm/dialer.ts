/** Whom to call: the addresses a torrent knows, when each may be dialled, and which never again. */
import type { Duration, Instant } from '../time.ts';
import { after, millis } from '../time.ts';
import { type Endpoint, endpointKey } from '../torrent/ids.ts';

export type DialerOptions = {
  /** The wait after a failed dial, doubled with each further one. */
  readonly redialAfter: Duration;
  /** Failed dials in a row before an address is forgotten until somebody names it again. */
  readonly maxDials: number;
};

type Candidate = {
  readonly address: Endpoint;
  failures: number;
  notBefore: Instant;
  state: 'idle' | 'dialling' | 'connected';
};

/** Addresses remembered per torrent. A tracker answer has at most a few hundred; more is somebody's flood. */
export const maxCandidates = 2_000;

export class Dialer {
  readonly #options: DialerOptions;
  readonly #candidates = new Map<string, Candidate>();
  /** Ourselves, and whoever has proved a liar. */
  readonly #never = new Set<string>();
  readonly #dismissed = new Set<string>();

  constructor(options: DialerOptions) {
    this.#options = options;
  }

  /** Somebody named these addresses: a tracker, or the user. */
  found(now: Instant, addresses: readonly Endpoint[]): void {
    for (const address of addresses) {
      const key = endpointKey(address);
      const known = this.#candidates.get(key);
      if (known !== undefined) {
        // A tracker's fresh word outweighs old failures: the peer may have come back.
        if (known.failures >= this.#options.maxDials) known.failures = 0;
      } else if (this.#isWelcome(key))
        this.#candidates.set(key, { address, failures: 0, notBefore: now, state: 'idle' });
    }
  }

  /** Up to `count` addresses to dial now, oldest first; they count as being dialled from here on. */
  take(now: Instant, count: number): readonly Endpoint[] {
    const taken: Endpoint[] = [];
    for (const candidate of this.#candidates.values()) {
      if (taken.length >= count) break;
      if (!this.#isReady(candidate) || candidate.notBefore > now) continue;
      candidate.state = 'dialling';
      taken.push(candidate.address);
    }
    return taken;
  }

  /** The peer at `address` is connected, whoever dialled: it is not dialled a second time. */
  connected(address: Endpoint): void {
    const candidate = this.#candidates.get(endpointKey(address));
    if (candidate === undefined) return;
    candidate.state = 'connected';
    candidate.failures = 0;
  }

  /** The connection to `address`, or the attempt to make one, has ended. */
  ended(now: Instant, address: Endpoint): void {
    const candidate = this.#candidates.get(endpointKey(address));
    if (candidate === undefined || candidate.state === 'idle') return;
    const wait = millis(this.#options.redialAfter * 2 ** candidate.failures);
    candidate.failures += 1;
    candidate.state = 'idle';
    candidate.notBefore = after(now, wait);
  }

  /** A seed, and we need nothing any more: not dialled, whoever names it, until we `reconsider`. */
  dismiss(address: Endpoint): void {
    const key = endpointKey(address);
    this.#candidates.delete(key);
    if (this.#dismissed.size < maxCandidates) this.#dismissed.add(key);
  }

  /** We need something again. */
  reconsider(): void {
    this.#dismissed.clear();
  }

  /** Never dial this address again. */
  forbid(address: Endpoint): void {
    const key = endpointKey(address);
    this.#candidates.delete(key);
    this.#never.add(key);
  }

  #isWelcome(key: string): boolean {
    const isFull = this.#candidates.size >= maxCandidates;
    return !isFull && !this.#never.has(key) && !this.#dismissed.has(key);
  }

  #isReady(candidate: Candidate): boolean {
    return candidate.state === 'idle' && candidate.failures < this.#options.maxDials;
  }
}
