/**
 * The connections of one torrent: made, admitted, listened to and ended.
 *
 *   dial ──connected──▶ handshaking ──ready──▶ admitted ──▶ messages … ──▶ ended
 *   accepted (info hash known) ──ready──▶ admitted …
 */
import type { Instant } from '../time.ts';
import type { ConnectionId, Endpoint } from '../torrent/ids.ts';
import type { Message } from '../wire/message.ts';
import type { Form } from '../wire/saying.ts';
import type { CloseReason, ConnectionInput, ConnectionOutput } from '../peer/connection.ts';
import type { TorrentContext } from './peer.ts';
import type { Dialer } from './dialer.ts';
import type { Exchange } from './exchange.ts';
import type { HalfOpen } from './half-open.ts';
import type { Haves } from './haves.ts';
import type { Peers } from './peers.ts';
import { never } from '../never.ts';
import { after } from '../time.ts';
import { endpointKey } from '../torrent/ids.ts';
import { PeerConnection, localExtensionIds } from '../peer/connection.ts';
import { reservedBits } from '../wire/handshake.ts';
import { EarliestDue } from './earliest-due.ts';
import { Offenders } from './offences.ts';
import { Peer } from './peer.ts';

export type ConnectionParts = {
  readonly peers: Peers;
  readonly haves: Haves;
  readonly dialer: Dialer;
  readonly exchange: Exchange;
  readonly newConnection: () => ConnectionId;
  readonly form: Form;
  readonly halfOpen: HalfOpen;
};

/** A call from outside: the connection has read the caller's handshake and waits for ours. */
export type Call = {
  readonly conn: ConnectionId;
  readonly address: Endpoint;
  readonly wire: PeerConnection;
};

export class Connections {
  readonly #torrent: TorrentContext;
  readonly #peers: Peers;
  readonly #haves: Haves;
  readonly #dialer: Dialer;
  readonly #exchange: Exchange;
  readonly #newConnection: () => ConnectionId;
  readonly #form: Form;
  readonly #halfOpen: HalfOpen;
  /** Whose words are being dealt with. */
  #heard: Peer | undefined;
  readonly #wireDue = new EarliestDue();
  readonly #offenders = new Offenders();
  readonly #idleDue = new EarliestDue();

  constructor(torrent: TorrentContext, parts: ConnectionParts) {
    this.#torrent = torrent;
    this.#peers = parts.peers;
    this.#haves = parts.haves;
    this.#dialer = parts.dialer;
    this.#exchange = parts.exchange;
    this.#newConnection = parts.newConnection;
    this.#form = parts.form;
    this.#halfOpen = parts.halfOpen;
  }

  /** Dials as many known addresses as there is room for. */
  dial(now: Instant): void {
    const { emit, infoHash, options } = this.#torrent;
    const dialUpTo = options.dialUpTo ?? Math.ceil(options.maxConnections / 2);
    const room = Math.min(dialUpTo, options.maxConnections) - this.#peers.size;
    if (room <= 0) return;
    const count = Math.min(room, options.maxHalfOpen - this.#peers.halfOpen);
    if (count <= 0) return;
    const taken = this.#dialer.take(now, Math.min(count, this.#halfOpen.room));
    if (taken.length < count && this.#dialer.isDue(now)) this.#halfOpen.wait(infoHash);
    for (const address of taken) {
      if (this.#peers.isBanned(address.ip) || this.#peers.at(address).length > 0) {
        this.#dialer.connected(address);
        continue;
      }
      const conn = this.#newConnection();
      const wire = new PeerConnection(now, { ...options, form: this.#form, outgoing: true });
      this.#add(new Peer(now, { conn, address, outgoing: true, wire }, this.#torrent));
      emit({ type: 'dial', conn, address });
    }
  }

  /** A peer called us and named this torrent in its handshake. */
  accept(now: Instant, { conn, address, wire }: Call, isRunning: boolean): void {
    const peer = new Peer(now, { conn, address, outgoing: false, wire }, this.#torrent);
    const refusal = this.#refusal(address, isRunning);
    this.#add(peer);
    if (refusal !== undefined) this.close(now, peer, refusal);
    else this.#open(now, peer);
  }

  connected(now: Instant, peer: Peer): void {
    peer.hasAnswered = true;
    this.#open(now, peer);
  }

  /** What is heard, the end of it, or the passing of time. */
  handle(now: Instant, peer: Peer, input: ConnectionInput): void {
    this.#heard = peer;
    this.#translate(now, peer, peer.wire.handle(now, input));
    this.#heard = undefined;
    if (isHearing(input) && !peer.isGone) this.#exchange.settled(now, peer);
  }

  send(now: Instant, peer: Peer, message: Message): void {
    // What else the peer has just said may make some of them needless: they follow when all of it is heard.
    if (peer.heldHaves.length > 0 && peer !== this.#heard) this.#haves.flush(now, peer);
    this.#translate(now, peer, peer.wire.handle(now, { type: 'send', message }));
  }

  close(now: Instant, peer: Peer, reason: CloseReason): void {
    this.#translate(now, peer, peer.wire.handle(now, { type: 'close', reason }));
    // What it said last has ended the connection already; what it said before that counts no more.
    if (!peer.isGone) this.#end(now, peer, reason);
  }

  /** Nobody from this address is talked to again. */
  ban(now: Instant, ip: string, reason: string): void {
    for (const peer of this.#peers.ban(ip)) {
      // Who has moved meanwhile listens elsewhere, where nobody is banned.
      const address = peer.listensAt.ip === ip ? peer.listensAt : peer.address;
      this.#torrent.tell({ type: 'banned', address, reason });
      this.close(now, peer, 'banned');
    }
  }

  /** Lets connections end that are silent, and others be kept alive. */
  tick(now: Instant): void {
    if (!this.#wireDue.isDue(now)) return;
    this.#wireDue.restart();
    for (const peer of this.#peers.all()) {
      const { deadline } = peer.wire;
      if (deadline !== undefined && deadline <= now) this.handle(now, peer, { type: 'tick' });
      this.#wireDue.include(peer.wire.deadline);
    }
  }

  /** Ends connections on which neither side has wanted anything for long. */
  closeIdle(now: Instant): void {
    if (!this.#idleDue.isDue(now)) return;
    this.#idleDue.restart();
    for (const peer of this.#peers.ready()) {
      const idleAt = after(peer.lastUsefulAt, this.#torrent.options.idleLimit);
      if (idleAt <= now) this.close(now, peer, 'idle');
      else this.#idleDue.include(idleAt);
    }
  }

  #refusal(address: Endpoint, isRunning: boolean): CloseReason | undefined {
    if (!isRunning) return 'torrent-stopped';
    if (this.#peers.isFull || this.#peers.isCrowded(address.ip)) return 'too-many';
    return this.#peers.isBanned(address.ip) ? 'banned' : undefined;
  }

  /** Tells a peer that speaks BEP 10 what we are and what we want (BEP 10, BEP 21). */
  #localHello(): Parameters<PeerConnection['open']>[1] {
    const { infoHash, options, pieces, picker, self } = this.#torrent;
    return {
      handshake: {
        infoHash,
        peerId: self.peerId,
        reserved: reservedBits({ fast: options.fast, extension: true }),
      },
      pieces,
      extensions: {
        ids: localExtensionIds,
        version: self.clientVersion,
        listenPort: self.listenPort,
        reqq: options.maxQueuedRequests,
        // A super-seed does not give itself away (BEP 16).
        uploadOnly: picker.isComplete && options.seedPolicy !== 'super',
      },
    };
  }

  #add(peer: Peer): void {
    this.#peers.add(peer);
    this.#torrent.limits.joined(peer.conn);
    this.#watch(peer);
  }

  #watch(peer: Peer): void {
    this.#wireDue.include(peer.wire.deadline);
    this.#idleDue.include(after(peer.lastUsefulAt, this.#torrent.options.idleLimit));
  }

  #open(now: Instant, peer: Peer): void {
    this.#translate(now, peer, peer.wire.open(now, this.#localHello()));
    if (!peer.outgoing && !peer.isGone) this.#exchange.settled(now, peer);
  }

  #translate(now: Instant, peer: Peer, outputs: readonly ConnectionOutput[]): void {
    for (const output of outputs) {
      // A peer that was closed while its messages were being handled says nothing any more.
      if (peer.isGone) return;
      this.#output(now, peer, output);
    }
  }

  #output(now: Instant, peer: Peer, output: ConnectionOutput): void {
    const { emit } = this.#torrent;
    switch (output.type) {
      case 'transmit':
        peer.room.handed(now, output.bytes.length);
        return emit({ type: 'transmit', conn: peer.conn, bytes: output.bytes });
      case 'say':
        peer.room.handed(now, output.length);
        return emit({
          type: 'say',
          conn: peer.conn,
          saying: output.saying,
          length: output.length,
        });
      case 'received':
        return this.#exchange.received(now, peer, output.message);
      case 'ready':
        return this.#ready(now, peer, output.remote.peerId);
      case 'extensions':
        if (output.remote.listenPort !== undefined)
          peer.listensAt = { ip: peer.address.ip, port: output.remote.listenPort };
        if (output.remote.reqq !== undefined) peer.pipeline.limit(output.remote.reqq);
        return;
      case 'lost':
        return this.#exchange.lost(now, peer, output.piece);
      case 'disconnect':
        return this.#end(now, peer, output.reason);
      case 'hello':
        return;
      default:
        return never(output);
    }
  }

  #ready(now: Instant, peer: Peer, peerId: Peer['peerId'] & string): void {
    const rejection = this.#peers.admit(peer, peerId);
    this.#watch(peer);
    if (rejection !== undefined) this.close(now, rejection.close, rejection.reason);
    if (rejection?.close === peer) return;
    this.#dialer.connected(peer.address);
    this.#torrent.tell({
      type: 'connected',
      conn: peer.conn,
      address: peer.address,
      peerId,
      outgoing: peer.outgoing,
    });
    this.#exchange.welcome(now, peer);
  }

  #end(now: Instant, peer: Peer, reason: CloseReason): void {
    this.#peers.remove(peer.conn);
    this.#torrent.limits.left(peer.conn);
    this.#torrent.emit({ type: 'hang-up', conn: peer.conn, reason });
    this.#forgetAddress(now, peer, reason);
    if (peer.peerId === undefined) return;
    this.#torrent.tell({
      type: 'disconnected',
      conn: peer.conn,
      address: peer.address,
      peerId: peer.peerId,
      reason,
      bytesDown: peer.down.total,
      bytesUp: peer.up.total,
    });
    this.#exchange.ended(now, peer);
    if (!this.#offenders.ended(peer.address.ip, reason)) return;
    this.#torrent.tell({ type: 'banned', address: peer.listensAt, reason: 'broke the rules' });
    this.#dialer.forbid(peer.listensAt);
    this.ban(now, peer.address.ip, 'broke the rules');
  }

  #forgetAddress(now: Instant, peer: Peer, reason: CloseReason): void {
    if (reason === 'self' || reason === 'banned') return this.#dialer.forbid(peer.listensAt);
    if (reason === 'both-seeds') return this.#dialer.dismiss(peer.listensAt);
    if (reason === 'duplicate') {
      const twin = this.#peers.all().find((other) => other.peerId === peer.peerId);
      if (twin === undefined) return;
      // What one of the two knew of the peer's address serves the other.
      if (peer.outgoing) twin.listensAt = peer.address;
      return this.#dialer.connected(peer.listensAt);
    }
    const isRefusal = reason === 'eof' && peer.hasAnswered && !peer.isReady;
    if (isRefusal) return this.#dialer.refused(now, peer.address);
    this.#dialer.ended(now, peer.address);
    if (endpointKey(peer.listensAt) !== endpointKey(peer.address))
      this.#dialer.ended(now, peer.listensAt);
  }
}

const isHearing = ({ type }: ConnectionInput): boolean => type === 'bytes' || type === 'heard';
