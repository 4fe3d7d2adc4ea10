/** One peer in one swarm, as the tracker remembers it (BEP 3), and the order in which peers were last heard. */
import type { Instant } from '../time.ts';
import type { InfoHash, PeerId } from '../torrent/ids.ts';

/** Somebody who announces, registered already or not. */
export type Caller = {
  readonly infoHash: InfoHash;
  readonly peerId: PeerId;
  readonly ip: string;
  readonly port: number;
  readonly key: string | undefined;
};

export class Registration {
  readonly infoHash: InfoHash;
  readonly peerId: PeerId;
  ip: string;
  port: number;
  /** Proves that a peer which changed its address is the same one (BEP 7). */
  key: string | undefined;
  isSeeder = false;
  /** Incomplete, and wants no more (BEP 21). */
  isPaused = false;
  /** Its completion was counted; a second one is not. */
  hasCompleted = false;
  heardAt: Instant;
  /** Where it is among the swarm's peers; the swarm's business. */
  slot = -1;
  /** Its neighbours by age; the age list's business. */
  older: Registration | undefined = undefined;
  newer: Registration | undefined = undefined;

  constructor(heardAt: Instant, caller: Caller) {
    this.infoHash = caller.infoHash;
    this.peerId = caller.peerId;
    this.ip = caller.ip;
    this.port = caller.port;
    this.key = caller.key;
    this.heardAt = heardAt;
  }
}

/**
 * All registrations in the order in which they were last heard, linked through themselves. Everybody may be silent
 * for the same time, so the next to expire is always the oldest: looking costs nothing, hearing somebody costs O(1).
 */
export class AgeList {
  #oldest: Registration | undefined = undefined;
  #newest: Registration | undefined = undefined;

  get oldest(): Registration | undefined {
    return this.#oldest;
  }

  /** Puts in somebody who is not in, as the newest. */
  append(peer: Registration): void {
    peer.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = peer;
    else this.#newest.newer = peer;
    this.#newest = peer;
  }

  /** Takes out somebody who is in. */
  remove(peer: Registration): void {
    if (peer.older === undefined) this.#oldest = peer.newer;
    else peer.older.newer = peer.newer;
    if (peer.newer === undefined) this.#newest = peer.older;
    else peer.newer.older = peer.older;
    peer.older = undefined;
    peer.newer = undefined;
  }

  *[Symbol.iterator](): Generator<Registration, void> {
    for (let peer = this.#oldest; peer !== undefined; peer = peer.newer) yield peer;
  }
}
