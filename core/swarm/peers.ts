/** The connections of one torrent: who is there, who is too many, and which of two to the same peer survives. */
import type { ConnectionId, Endpoint, PeerId } from '../torrent/ids.ts';
import type { CloseReason } from '../peer/connection.ts';
import type { HalfOpen } from './half-open.ts';
import type { Peer } from './peer.ts';
import { isOwnAddress } from '../bytes/ip.ts';
import { isSameEndpoint } from '../torrent/ids.ts';

/**
 * Connections with one address at most: some households and offices share one, and nobody is to have all of our places.
 * At the address that is everybody's own there may be as many as anywhere.
 */
export const maxPerAddress = 8;

/** Banned addresses remembered per torrent; the oldest is forgotten first. */
export const maxBanned = 10_000;

export class Peers {
  readonly #self: PeerId;
  readonly #max: number;
  readonly #byConn = new Map<ConnectionId, Peer>();
  /** Where each connection led to, kept after its end for as long as a piece may have to be blamed. */
  readonly #addresses = new Map<ConnectionId, Endpoint>();
  readonly #banned = new Set<string>();
  /** Counts how often somebody has come or gone. */
  changes = 0;
  /** Of all that were ever here. */
  #count = 0;
  #turn = 0;
  #halfOpen = 0;
  readonly #shared: HalfOpen;
  /** Both are made anew after somebody has come or gone: whoever walks through one may close connections meanwhile. */
  #all: readonly Peer[] | undefined;
  #ready: readonly Peer[] | undefined;
  /** A new list for each change, for the same reason. */
  #serving: readonly Peer[] = [];

  /** `shared` counts the dials of all torrents of the peer. */
  constructor(self: PeerId, max: number, shared: HalfOpen) {
    this.#self = self;
    this.#max = max;
    this.#shared = shared;
  }

  get size(): number {
    return this.#byConn.size;
  }

  get isFull(): boolean {
    return this.#byConn.size >= this.#max;
  }

  /** Whether there are as many at this address as there may be. */
  isCrowded(ip: string): boolean {
    if (isOwnAddress(ip)) return false;
    let count = 0;
    for (const { address } of this.#byConn.values()) if (address.ip === ip) count += 1;
    return count >= maxPerAddress;
  }

  /** Dials that have not come to a handshake yet. */
  get halfOpen(): number {
    return this.#halfOpen;
  }

  add(peer: Peer): void {
    this.#byConn.set(peer.conn, peer);
    this.changes += 1;
    this.#count += 1;
    peer.number = this.#count;
    if (isHalfOpen(peer)) this.#countHalfOpen(1);
    this.#forgetLists();
    this.#addresses.set(peer.conn, peer.address);
    for (const conn of this.#addresses.keys()) {
      if (this.#addresses.size <= this.#max * 4) break;
      if (!this.#byConn.has(conn)) this.#addresses.delete(conn);
    }
  }

  remove(conn: ConnectionId): void {
    const peer = this.#byConn.get(conn);
    if (peer === undefined) return;
    if (isHalfOpen(peer)) this.#countHalfOpen(-1);
    peer.isGone = true;
    this.#byConn.delete(conn);
    this.changes += 1;
    this.#forgetLists();
    this.reviewServing(peer);
  }

  of(conn: ConnectionId): Peer | undefined {
    return this.#byConn.get(conn);
  }

  all(): readonly Peer[] {
    this.#all ??= [...this.#byConn.values()];
    return this.#all;
  }

  /** Those whose handshake is through. */
  ready(): readonly Peer[] {
    this.#ready ??= this.all().filter((peer) => peer.isReady);
    return this.#ready;
  }

  /** Those who are ready, beginning with another one each time, so that nobody is always served first. */
  inTurn(): readonly Peer[] {
    return this.#rotated(this.ready());
  }

  /**
   * Of those the ones that serve us, be it only some pieces. Most peers choke us: to walk through all of them for
   * every piece and every second would be the dearest thing that a torrent does.
   */
  servingInTurn(): readonly Peer[] {
    return this.#rotated(this.#serving);
  }

  /** Nobody is walked through this time, and another comes first the next. */
  skipTurn(): void {
    this.#turn += 1;
  }

  /** To be called when a peer has begun or ceased to serve us. */
  reviewServing(peer: Peer): void {
    const isServing = !peer.isGone && (!peer.wire.peerChoking || peer.allowedToUs.size > 0);
    if (isServing === peer.isServing) return;
    peer.isServing = isServing;
    this.#serving = isServing
      ? [...this.#serving, peer]
      : this.#serving.filter((other) => other !== peer);
  }

  /** Those at this address, whether it is where they called from or where they listen. */
  at(address: Endpoint): readonly Peer[] {
    return this.all().filter(
      (peer) => isSameEndpoint(peer.listensAt, address) || isSameEndpoint(peer.address, address),
    );
  }

  /**
   * Takes note of who a peer is that has just shaken hands. Returns why it cannot stay, or which older connection must make room for it.
   * Of two connections between the same two peers both sides keep the one that the greater peer id dialled.
   */
  admit(
    peer: Peer,
    peerId: PeerId,
  ): { readonly close: Peer; readonly reason: CloseReason } | undefined {
    if (isHalfOpen(peer)) this.#countHalfOpen(-1);
    peer.peerId = peerId;
    this.#forgetLists();
    if (peerId === this.#self) return { close: peer, reason: 'self' };
    if (this.isBanned(peer.address.ip)) return { close: peer, reason: 'banned' };
    const twin = this.all().find((other) => other !== peer && other.peerId === peerId);
    if (twin === undefined) return undefined;
    const weDialTheSurvivor = this.#self > peerId;
    const isNewBetter = twin.outgoing !== peer.outgoing && peer.outgoing === weDialTheSurvivor;
    return { close: isNewBetter ? twin : peer, reason: 'duplicate' };
  }

  /**
   * An address is banned whole: a liar comes back under another port and peer id at once,
   * under another address not so easily.
   */
  ban(ip: string): readonly Peer[] {
    this.#banned.add(ip);
    for (const oldest of this.#banned) {
      if (this.#banned.size <= maxBanned) break;
      this.#banned.delete(oldest);
    }
    return this.all().filter((peer) => peer.address.ip === ip);
  }

  isBanned(ip: string): boolean {
    return this.#banned.has(ip);
  }

  /** The address behind a connection, also shortly after its end; `undefined` when long forgotten. */
  ipOf(conn: ConnectionId): string | undefined {
    return this.#addresses.get(conn)?.ip;
  }

  addressesOf(conns: readonly ConnectionId[]): readonly Endpoint[] {
    return [...new Set(conns)].flatMap((conn) => this.#addresses.get(conn) ?? []);
  }

  #rotated(peers: readonly Peer[]): readonly Peer[] {
    this.#turn += 1;
    const first = peers.length === 0 ? 0 : this.#turn % peers.length;
    return first === 0 ? peers : [...peers.slice(first), ...peers.slice(0, first)];
  }

  #countHalfOpen(change: 1 | -1): void {
    this.#halfOpen += change;
    this.#shared.count(change);
  }

  #forgetLists(): void {
    this.#all = undefined;
    this.#ready = undefined;
  }
}

const isHalfOpen = ({ outgoing, isReady }: Peer): boolean => outgoing && !isReady;
