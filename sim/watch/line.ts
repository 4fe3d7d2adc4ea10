/** One connection as a witness sees it: what either side has said, and what follows from it. No rule is judged here. */
import { Bitfield } from '../../core/torrent/bitfield.ts';
import type { ConnectionId, Endpoint, InfoHash, PeerId } from '../../core/torrent/ids.ts';
import type { BlockRef } from '../../core/torrent/pieces.ts';
import { supportsExtension, supportsFast } from '../../core/wire/handshake.ts';
import type { Saying } from '../../core/wire/saying.ts';
import type { Instant } from '../../core/time.ts';
import { uint32At } from '../../core/bytes/uint32.ts';
import { localExtensionIds } from '../../core/peer/connection.ts';
import { ltDonthave } from '../../core/wire/extensions/lt-donthave.ts';
import { Tap } from './tap.ts';

/** A block that we asked for. A cancelled one may come all the same. */
export type Asked = { readonly block: BlockRef; readonly at: Instant; isCancelled: boolean };

export const keyOf = ({ piece, begin, length }: BlockRef): string => `${piece}/${begin}/${length}`;

export class Line {
  readonly conn: ConnectionId;
  readonly address: Endpoint;
  readonly isOutgoing: boolean;
  readonly since: Instant;
  readonly said: Tap = new Tap();
  readonly heard: Tap = new Tap();
  infoHash: InfoHash | undefined;
  remoteId: PeerId | undefined;
  isConnected: boolean;
  fast = false;
  extension = false;
  #ours: Uint8Array | undefined;
  #askedNow: string[] = [];
  /** Of what is owed, how often it was asked for while we choked and allowed nothing: that is not to be served. */
  readonly #refusable = new Map<string, number>();
  #theirs: Uint8Array | undefined;
  amChoking = true;
  amInterested = false;
  peerChoking = true;
  peerInterested = false;
  /** Something that a bitfield may not follow was said. */
  hasSpoken = false;
  /** Pieces the other has, by its own word. */
  readonly theyHave: Set<number> = new Set();
  /** Pieces we said we have. */
  readonly told: Set<number> = new Set();
  readonly allowedToUs: Set<number> = new Set();
  readonly asked: Map<string, Asked> = new Map();
  /** Blocks that were asked for and neither sent nor refused, be it long ago: they are welcome when they come. */
  readonly welcome: Set<string> = new Set();
  /** How often each block was asked of us and neither sent nor refused. */
  readonly owed: Map<string, number> = new Map();
  readonly allowedToThem: Set<number> = new Set();
  /** Of those, how many they want no more. */
  readonly cancelled: Map<string, number> = new Map();
  spokeAt: Instant;
  heardAt: Instant;
  unsentBytes = 0;
  readingBytes = 0;
  reads = 0;
  openedAt: Instant | undefined;
  /** When we last served it, and when it last began to wait for that. */
  waitsSince: Instant | undefined;

  constructor(conn: ConnectionId, address: Endpoint, isOutgoing: boolean, now: Instant) {
    this.conn = conn;
    this.address = address;
    this.isOutgoing = isOutgoing;
    this.isConnected = !isOutgoing;
    this.since = now;
    this.spokeAt = now;
    this.heardAt = now;
  }

  /** Both handshakes are through. */
  get isOpen(): boolean {
    return this.#ours !== undefined && this.#theirs !== undefined;
  }

  shook(side: 'ours' | 'theirs', { infoHash, peerId, reserved }: HandshakeOf): void {
    if (side === 'ours') this.#ours = reserved;
    else this.#theirs = reserved;
    this.infoHash ??= infoHash;
    if (side === 'theirs') this.remoteId = peerId;
    if (this.#ours === undefined || this.#theirs === undefined) return;
    this.fast = supportsFast(this.#ours) && supportsFast(this.#theirs);
    this.extension = supportsExtension(this.#ours) && supportsExtension(this.#theirs);
  }

  /** Takes note of what the other side said. */
  // prettier-ignore
  hear(now: Instant, saying: Saying, pieceCount: number): void {
    switch (saying.type) {
      case 'handshake':      this.shook('theirs', saying.handshake); if (this.isOpen) this.openedAt = now; return;
      case 'choke':          this.peerChoking = true; if (!this.fast) this.asked.clear(); return;
      case 'unchoke':        this.peerChoking = false; return;
      case 'interested':     return this.#interest(now, true);
      case 'not-interested': return this.#interest(now, false);
      case 'have':           this.theyHave.add(saying.piece); return;
      case 'bitfield':       return this.#holds(Bitfield.fromBytes(saying.bits, pieceCount)?.ones() ?? []);
      case 'have-all':       return this.#holds(Bitfield.full(pieceCount).ones());
      case 'have-none':      return this.#holds([]);
      case 'request':        return this.#asks(saying);
      case 'cancel':         if (this.owed.has(keyOf(saying))) more(this.cancelled, keyOf(saying)); return;
      case 'piece':          return this.#answered(keyOf({ ...saying, length: saying.block.length }));
      case 'reject':         return this.#answered(keyOf(saying));
      case 'allowed-fast':   this.allowedToUs.add(saying.piece); return;
      case 'extended':       return this.#extended(saying.extendedId, saying.payload);
      default:               return;
    }
  }

  /** How many blocks are owed. */
  get owedCount(): number {
    let count = 0;
    for (const times of this.owed.values()) count += times;
    return count;
  }

  /** Whether the block is owed to a request that may be served. */
  mayServe(block: BlockRef): boolean {
    const key = keyOf(block);
    return (this.owed.get(key) ?? 0) > (this.#refusable.get(key) ?? 0);
  }

  /** A request was refused; false when there was none. */
  refuse(block: BlockRef): boolean {
    less(this.#refusable, keyOf(block));
    return this.settle(block);
  }

  /** A block is not owed any more; false when it was not. */
  settle(block: BlockRef): boolean {
    const key = keyOf(block);
    const wasOwed = less(this.owed, key);
    less(this.cancelled, key);
    return wasOwed;
  }

  #interest(now: Instant, isInterested: boolean): void {
    if (this.peerInterested !== isInterested)
      this.waitsSince = isInterested && this.amChoking ? now : undefined;
    this.peerInterested = isInterested;
  }

  #asks(block: BlockRef): void {
    const key = keyOf(block);
    more(this.owed, key);
    if (!this.amChoking || this.allowedToThem.has(block.piece)) return;
    more(this.#refusable, key);
    this.#askedNow.push(key);
  }

  /** We choke no more: what the same input asked for may be served. */
  unchoke(): void {
    this.amChoking = false;
    this.waitsSince = undefined;
    for (const key of this.#askedNow) less(this.#refusable, key);
    this.#askedNow = [];
  }

  /** Call after all that one input caused. */
  settled(): void {
    this.#askedNow = [];
  }

  #answered(key: string): void {
    this.asked.delete(key);
    this.welcome.delete(key);
  }

  /** BEP 54: it has the piece no longer. */
  #extended(id: number, payload: Uint8Array): void {
    if (id !== localExtensionIds.get(ltDonthave.name) || payload.length !== 4) return;
    this.theyHave.delete(uint32At(payload, 0));
  }

  #holds(pieces: Iterable<number>): void {
    this.theyHave.clear();
    for (const piece of pieces) this.theyHave.add(piece);
  }
}

type HandshakeOf = Extract<Saying, { readonly type: 'handshake' }>['handshake'];

function more(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function less(counts: Map<string, number>, key: string): boolean {
  const count = counts.get(key);
  if (count === undefined) return false;
  if (count > 1) counts.set(key, count - 1);
  else counts.delete(key);
  return true;
}
