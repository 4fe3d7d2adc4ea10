/**
 * The peers of one torrent (BEP 3, BEP 21). They lie in one array, the seeders first, so that a random choice among
 * all or among the leechers costs as much as it gives, and coming, going and completing cost O(1).
 */
import { type Random, randomBelow, shuffled } from '../random.ts';
import type { InfoHash, PeerId } from '../torrent/ids.ts';
import type { IpFamily } from './compact.ts';
import type { Registration } from './registration.ts';

export type Choice = {
  /** How many are wanted at most. */
  readonly count: number;
  /** Who asks, and is not chosen; undefined: somebody who is not in the swarm. */
  readonly asker: Registration | undefined;
  /** A seeder has no use for other seeders. */
  readonly withSeeders: boolean;
  /** Only peers of this family of addresses; undefined: of both. */
  readonly family?: IpFamily | undefined;
};

export class Swarm {
  readonly infoHash: InfoHash;
  /** How often a peer was seen to complete the torrent here. */
  downloaded = 0;
  readonly #byId = new Map<PeerId, Registration>();
  readonly #slots: Registration[] = [];
  #seeders = 0;
  #paused = 0;

  constructor(infoHash: InfoHash) {
    this.infoHash = infoHash;
  }

  /** Peers of all kinds. */
  get size(): number {
    return this.#slots.length;
  }

  get seeders(): number {
    return this.#seeders;
  }

  /** Everybody who is incomplete. */
  get leechers(): number {
    return this.size - this.#seeders;
  }

  /** Those of the leechers that still want something (BEP 21). */
  get downloaders(): number {
    return this.leechers - this.#paused;
  }

  find(peerId: PeerId): Registration | undefined {
    return this.#byId.get(peerId);
  }

  /** Puts in somebody who is not in, as a leecher. */
  add(peer: Registration): void {
    this.#byId.set(peer.peerId, peer);
    peer.slot = this.#slots.push(peer) - 1;
  }

  /** Takes out somebody who is in. */
  remove(peer: Registration): void {
    this.assign(peer, { isSeeder: false, isPaused: false });
    this.#byId.delete(peer.peerId);
    this.#swap(peer.slot, this.#slots.length - 1);
    this.#slots.pop();
    peer.slot = -1;
  }

  /** Says what somebody who is in has become. */
  assign(
    peer: Registration,
    role: { readonly isSeeder: boolean; readonly isPaused: boolean },
  ): void {
    this.#paused += Number(role.isPaused) - Number(peer.isPaused);
    peer.isPaused = role.isPaused;
    if (peer.isSeeder === role.isSeeder) return;
    peer.isSeeder = role.isSeeder;
    if (!role.isSeeder) this.#seeders -= 1;
    this.#swap(peer.slot, this.#seeders);
    if (role.isSeeder) this.#seeders += 1;
  }

  /**
   * Some of the peers, in any order: every list is as likely as any other (Floyd's algorithm, and a shuffle, since it
   * leaves a list of nearly all in the order of their coming: all would dial the oldest first).
   */
  choose(random: Random, { count, asker, withSeeders, family }: Choice): Registration[] {
    if (family !== undefined)
      return shuffled(random, this.candidates({ asker, withSeeders, family })).slice(0, count);
    const first = withSeeders ? 0 : this.#seeders;
    const askerSlot = asker === undefined || asker.slot < first ? this.size : asker.slot;
    const candidates = this.size - first - (askerSlot < this.size ? 1 : 0);
    const drawn = new Set<number>();
    for (let top = Math.max(0, candidates - count); top < candidates; top += 1) {
      const at = randomBelow(random, top + 1);
      drawn.add(drawn.has(at) ? top : at);
    }
    const chosen = Array.from(drawn, (at) => {
      const slot = first + at;
      return this.#slots[slot < askerSlot ? slot : slot + 1] as Registration;
    });
    return shuffled(random, chosen);
  }

  /** All that could be chosen: takes time in proportion to the size. */
  candidates({ asker, withSeeders, family }: Omit<Choice, 'count'>): Registration[] {
    const slots = withSeeders ? this.#slots : this.#slots.slice(this.#seeders);
    const isWanted = ({ ip }: Registration): boolean =>
      family === undefined || (family === 'peers6') === ip.includes(':');
    return slots.filter((peer) => peer !== asker && isWanted(peer));
  }

  /** The first `count` seeders, or leechers, in the order in which they came. */
  list(isSeeder: boolean, count: number): Registration[] {
    const found: Registration[] = [];
    for (const peer of this.#byId.values()) {
      if (found.length >= count) break;
      if (peer.isSeeder === isSeeder) found.push(peer);
    }
    return found;
  }

  #swap(a: number, b: number): void {
    const held = this.#slots[a] as Registration;
    const other = this.#slots[b] as Registration;
    this.#slots[a] = other;
    this.#slots[b] = held;
    other.slot = a;
    held.slot = b;
  }
}
