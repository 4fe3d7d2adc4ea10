/** Whom to serve (BEP 3, "choking and optimistic unchoking"). */
import type { Random } from '../../random.ts';
import type { Instant } from '../../time.ts';
import type { ConnectionId } from '../../torrent/ids.ts';
import { after } from '../../time.ts';
import type { ChokerOptions, ChokerPeer, Unchoked } from './slots.ts';
import { defaultChokerOptions, nobodyUnchoked } from './slots.ts';
import { chooseUnchoked } from './unchoke.ts';

/** Keeps the times of the rounds and who holds a slot; `chooseUnchoked` decides. */
export class Choker {
  readonly #options: ChokerOptions;
  readonly #random: Random;
  #held: Unchoked = nobodyUnchoked;
  #nextRound: Instant;
  #nextRotation: Instant;

  constructor(now: Instant, options: Partial<ChokerOptions>, random: Random) {
    this.#options = { ...defaultChokerOptions, ...options };
    this.#random = random;
    this.#nextRound = after(now, this.#options.rechokeEvery);
    this.#nextRotation = after(now, this.#options.optimisticEvery);
  }

  /** When the next round is due: call `rechoke` then. */
  get deadline(): Instant {
    return this.#nextRound;
  }

  /** Who holds a slot by chance. */
  get optimistic(): ReadonlySet<ConnectionId> {
    return this.#held.optimistic;
  }

  /**
   * Everybody who is to be unchoked now; all others are to be choked. Call it at the deadline, and
   * at any time when a peer has become interested, has ceased to be or has left: before the deadline only
   * slots are given away that nobody makes use of, so calling it often does no harm.
   */
  rechoke(now: Instant, peers: readonly ChokerPeer[], isSeed: boolean): Unchoked {
    const turn = this.#turn(now);
    const snapshot = { now, peers, isSeed, turn, held: this.#held };
    this.#held = chooseUnchoked(snapshot, this.#options, this.#random);
    return this.#held;
  }

  /** Whether `rechoke` would change nothing: no round is due, and every slot is held by somebody who keeps it. */
  isSettled(now: Instant, keepsIt: (conn: ConnectionId) => boolean): boolean {
    const { uploadSlots, optimisticSlots } = this.#options;
    const { optimistic, unchoked } = this.#held;
    if (now >= this.#nextRound || optimistic.size !== optimisticSlots) return false;
    if (unchoked.size !== uploadSlots + optimisticSlots) return false;
    for (const conn of unchoked) if (!keepsIt(conn)) return false;
    return true;
  }

  #turn(now: Instant): 'between' | 'round' | 'rotation' {
    if (now < this.#nextRound) return 'between';
    this.#nextRound = after(now, this.#options.rechokeEvery);
    if (now < this.#nextRotation) return 'round';
    this.#nextRotation = after(now, this.#options.optimisticEvery);
    return 'rotation';
  }
}
