/** Whom to call: the addresses a torrent knows, when each may be dialled, and which never again. */
import type { Duration, Instant } from '../time.ts';
import { after, millis } from '../time.ts';
import { type Endpoint, endpointKey } from '../torrent/ids.ts';
import { EarliestDue } from './earliest-due.ts';

export type DialerOptions = {
  /** The wait after a failed dial, doubled with each further one. */
  readonly redialAfter: Duration;
  /** Failed dials in a row before an address is forgotten until somebody names it again. */
  readonly maxDials: number;
};

type Candidate = {
  readonly address: Endpoint;
  failures: number;
  /** How often in a row it took our call and hung up before it said anything. */
  refusals: number;
  notBefore: Instant;
  state: 'idle' | 'dialling' | 'connected';
};

/** Addresses remembered per torrent. A tracker answer has at most a few hundred; more is somebody's flood. */
export const maxCandidates = 2_000;

/**
 * Who is full stays so until somebody leaves: from 5 s the wait grows to 5 min and stays there, so that a crowd in
 * which everybody is full is not busy with calling one another.
 */
const maxDoublings = 6;

export class Dialer {
  readonly #options: DialerOptions;
  readonly #candidates = new Map<string, Candidate>();
  /** Ourselves, and whoever has proved a liar. */
  readonly #never = new Set<string>();
  readonly #dismissed = new Set<string>();
  /** When somebody may next be dialled. */
  readonly #due = new EarliestDue();

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
        this.#expect(known);
      } else if (this.#isWelcome(key)) this.#add(now, key, address);
    }
  }

  /** Whether somebody may be dialled now, for all that is known without looking at everybody. */
  isDue(now: Instant): boolean {
    return this.#due.isDue(now);
  }

  /**
   * Up to `count` addresses to dial now, those first that have not failed us, oldest first; they count as being
   * dialled from here on.
   */
  take(now: Instant, count: number): readonly Endpoint[] {
    const taken: Endpoint[] = [];
    if (!this.isDue(now)) return taken;
    for (const isTurnOf of [isUntried, isTried])
      for (const candidate of this.#candidates.values()) {
        if (taken.length >= count) return taken;
        if (!isTurnOf(candidate) || !this.#isReady(now, candidate)) continue;
        candidate.state = 'dialling';
        taken.push(candidate.address);
      }
    this.#due.restart();
    for (const candidate of this.#candidates.values()) this.#expect(candidate);
    return taken;
  }

  /** The peer at `address` is connected, whoever dialled: it is not dialled a second time. */
  connected(address: Endpoint): void {
    const candidate = this.#candidates.get(endpointKey(address));
    if (candidate === undefined) return;
    candidate.state = 'connected';
    candidate.failures = 0;
    candidate.refusals = 0;
  }

  /** The connection to `address`, or the attempt to make one, has ended. */
  ended(now: Instant, address: Endpoint): void {
    const candidate = this.#busy(address);
    if (candidate === undefined) return;
    this.#rest(now, candidate, candidate.failures);
    candidate.failures += 1;
  }

  /**
   * Somebody at `address` took our call and hung up before a word, as those do who are full. It is alive, so it is
   * never given up, and the tracker naming it again is no news: only the wait grows.
   */
  refused(now: Instant, address: Endpoint): void {
    const candidate = this.#busy(address);
    if (candidate === undefined) return;
    this.#rest(now, candidate, Math.min(candidate.refusals, maxDoublings));
    candidate.refusals += 1;
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

  #add(now: Instant, key: string, address: Endpoint): void {
    const candidate: Candidate = {
      address,
      failures: 0,
      refusals: 0,
      notBefore: now,
      state: 'idle',
    };
    this.#candidates.set(key, candidate);
    this.#expect(candidate);
  }

  #expect({ failures, notBefore, state }: Candidate): void {
    if (state === 'idle' && failures < this.#options.maxDials) this.#due.include(notBefore);
  }

  #isWelcome(key: string): boolean {
    const isFull = this.#candidates.size >= maxCandidates;
    return !isFull && !this.#never.has(key) && !this.#dismissed.has(key);
  }

  #busy(address: Endpoint): Candidate | undefined {
    const candidate = this.#candidates.get(endpointKey(address));
    return candidate?.state === 'idle' ? undefined : candidate;
  }

  #rest(now: Instant, candidate: Candidate, doublings: number): void {
    candidate.state = 'idle';
    candidate.notBefore = after(now, millis(this.#options.redialAfter * 2 ** doublings));
    this.#expect(candidate);
  }

  #isReady(now: Instant, { failures, notBefore, state }: Candidate): boolean {
    return state === 'idle' && notBefore <= now && failures < this.#options.maxDials;
  }
}

const isTried = ({ failures, refusals }: Candidate): boolean => failures + refusals > 0;
const isUntried = (candidate: Candidate): boolean => !isTried(candidate);
