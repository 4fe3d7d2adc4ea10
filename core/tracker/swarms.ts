/** All swarms of a tracker (BEP 3): who may come in, who was heard when, and what is forgotten. */
import { type Duration, type Instant, after, since } from '../time.ts';
import type { InfoHash } from '../torrent/ids.ts';
import type { RegistryOptions } from './registry-options.ts';
import type { SwarmsSnapshot } from './registry-snapshot.ts';
import { AgeList, type Caller, Registration } from './registration.ts';
import { Swarm } from './swarm.ts';

type Limits = Pick<RegistryOptions, 'maxSwarms' | 'maxPeersPerSwarm' | 'maxPeersPerAddress'>;

/** A peer and the swarm it is in. */
export type Member = { readonly swarm: Swarm; readonly peer: Registration };

export class Swarms {
  readonly #limits: Limits;
  readonly #isPublished: (infoHash: InfoHash) => boolean;
  /** Those with a peer in them. */
  readonly #byHash = new Map<InfoHash, Swarm>();
  /** Those of published torrents that are empty, for the sake of their counts; the catalogue bounds them. */
  readonly #resting = new Map<InfoHash, Swarm>();
  readonly #ages = new AgeList();
  /** How many registrations each address has. */
  readonly #perAddress = new Map<string, number>();

  constructor(limits: Limits, isPublished: (infoHash: InfoHash) => boolean) {
    this.#limits = limits;
    this.#isPublished = isPublished;
  }

  /** Swarms with a peer in them. */
  get count(): number {
    return this.#byHash.size;
  }

  /** Who was silent for the longest time. */
  get oldest(): Registration | undefined {
    return this.#ages.oldest;
  }

  all(): Iterable<Swarm> {
    return this.#byHash.values();
  }

  find(infoHash: InfoHash): Swarm | undefined {
    return this.#byHash.get(infoHash) ?? this.#resting.get(infoHash);
  }

  /** Why there is no room for the caller, in words; undefined: there is. */
  problemWith({ infoHash, peerId, ip }: Caller): string | undefined {
    const { maxPeersPerAddress, maxPeersPerSwarm, maxSwarms } = this.#limits;
    const swarm = this.#byHash.get(infoHash);
    const known = swarm?.find(peerId);
    if (known?.ip !== ip && this.#countAt(ip) >= maxPeersPerAddress)
      return 'this address has registered too many peers';
    if (swarm === undefined)
      return this.count < maxSwarms || this.#isPublished(infoHash)
        ? undefined
        : 'this tracker is full';
    return known !== undefined || swarm.size < maxPeersPerSwarm ? undefined : 'this swarm is full';
  }

  /** Registers the caller, as a leecher, or takes note that it is still there. There must be room. */
  hear(now: Instant, caller: Caller): Member {
    const swarm = this.#swarmOf(caller.infoHash);
    const peer = swarm.find(caller.peerId);
    if (peer === undefined) return { swarm, peer: this.#register(now, swarm, caller) };
    this.#ages.remove(peer);
    this.#leaveAddress(peer.ip);
    peer.ip = caller.ip;
    peer.port = caller.port;
    peer.key ??= caller.key;
    this.#enter(now, peer);
    return { swarm, peer };
  }

  /** Somebody who is in is gone. */
  remove(peer: Registration): void {
    const swarm = this.#swarmOf(peer.infoHash);
    swarm.remove(peer);
    this.#ages.remove(peer);
    this.#leaveAddress(peer.ip);
    if (swarm.size > 0) return;
    this.#byHash.delete(swarm.infoHash);
    if (swarm.downloaded > 0 && this.#isPublished(swarm.infoHash))
      this.#resting.set(swarm.infoHash, swarm);
  }

  /** Everybody is gone, and every count is 0. */
  clear(): void {
    for (const peer of [...this.#ages]) this.remove(peer);
    this.#resting.clear();
  }

  snapshot(now: Instant): SwarmsSnapshot {
    const all = [...this.#byHash.values(), ...this.#resting.values()];
    const completed = all.filter(({ downloaded }) => downloaded > 0);
    return {
      downloaded: completed.map(({ infoHash, downloaded }) => ({ infoHash, count: downloaded })),
      peers: Array.from(this.#ages, (peer) => {
        const { hasCompleted, infoHash, ip, isPaused, isSeeder, key, peerId, port } = peer;
        const silentFor = since(now, peer.heardAt);
        return { infoHash, peerId, ip, port, key, isSeeder, isPaused, hasCompleted, silentFor };
      }),
    };
  }

  /** Call once, on new swarms. */
  restore(now: Instant, { downloaded, peers }: SwarmsSnapshot): void {
    for (const kept of peers) {
      const heardAt = after(now, -kept.silentFor as Duration);
      const swarm = this.#swarmOf(kept.infoHash);
      const peer = this.#register(heardAt, swarm, kept);
      swarm.assign(peer, kept);
      peer.hasCompleted = kept.hasCompleted;
    }
    for (const { infoHash, count } of downloaded) {
      const swarm = this.find(infoHash) ?? new Swarm(infoHash);
      swarm.downloaded = count;
      if (swarm.size === 0) this.#resting.set(infoHash, swarm);
    }
  }

  #swarmOf(infoHash: InfoHash): Swarm {
    const known = this.#byHash.get(infoHash);
    if (known !== undefined) return known;
    const swarm = this.#resting.get(infoHash) ?? new Swarm(infoHash);
    this.#resting.delete(infoHash);
    this.#byHash.set(infoHash, swarm);
    return swarm;
  }

  #register(now: Instant, swarm: Swarm, caller: Caller): Registration {
    const peer = new Registration(now, caller);
    swarm.add(peer);
    this.#enter(now, peer);
    return peer;
  }

  #enter(now: Instant, peer: Registration): void {
    peer.heardAt = now;
    this.#ages.append(peer);
    this.#perAddress.set(peer.ip, this.#countAt(peer.ip) + 1);
  }

  #countAt(ip: string): number {
    return this.#perAddress.get(ip) ?? 0;
  }

  #leaveAddress(ip: string): void {
    const rest = this.#countAt(ip) - 1;
    if (rest > 0) this.#perAddress.set(ip, rest);
    else this.#perAddress.delete(ip);
  }
}
