/**
 * A peer with all of its torrents: routes what comes to the torrent it is for, and listens to callers
 * until their handshake has said which torrent that is.
 */
import type { Instant } from '../time.ts';
import type { ConnectionOutput } from '../peer/connection.ts';
import type { Endpoint, InfoHash } from '../torrent/ids.ts';
import type { Command, JobInput, TorrentOutput, WireInput } from './jobs.ts';
import type { TorrentOptions } from './options.ts';
import type { Peer } from './peer.ts';
import type { Form } from '../wire/saying.ts';
import { earlier } from '../time.ts';
import { isOwnAddress } from '../bytes/ip.ts';
import { ConnectionId } from '../torrent/ids.ts';
import { PeerConnection } from '../peer/connection.ts';
import { Deadlines } from './deadlines.ts';
import { HalfOpen } from './half-open.ts';
import { type PeerInput, Torrent } from './torrent.ts';
import type { TorrentSpec } from './torrent-parts.ts';
import { RatePair, type Rates } from './rate-limits.ts';

/** Callers whose handshake is awaited at once; each costs a socket and may be idle for the whole of its limit. */
export const maxCallers = 200;

/** So many of them from one address: many a household has one, and none has so many callers. */
export const maxCallersPerAddress = 16;

export type SessionInput =
  | { readonly type: 'called'; readonly conn: ConnectionId; readonly address: Endpoint }
  | WireInput
  | { readonly type: 'tick' }
  | ((JobInput | Command) & { readonly infoHash: InfoHash });

/** Found once for each input: a table that has gone cold costs as much as all that follows. */
type Owner = { readonly torrent: Torrent; readonly peer: Peer };

type Caller = { readonly wire: PeerConnection; readonly address: Endpoint };

export type SessionOptions = Rates &
  Pick<TorrentOptions, 'handshakeLimit' | 'silenceLimit' | 'keepAliveEvery'> & {
    /** How what is said goes in and out of this session; bytes unless said. */
    readonly form?: Form;
  };

export class Session {
  readonly #options: SessionOptions;
  readonly #limits: RatePair;
  readonly #halfOpen = new HalfOpen();
  readonly #torrents = new Map<InfoHash, Torrent>();
  readonly #callers = new Map<ConnectionId, Caller>();
  readonly #owners = new Map<ConnectionId, Owner>();
  readonly #deadlines = new Deadlines<Torrent>();
  /** What something has happened to since its deadline was looked at. */
  #touched: Torrent | undefined;
  #connections = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#limits = new RatePair(options);
  }

  get torrents(): ReadonlyMap<InfoHash, Torrent> {
    return this.#torrents;
  }

  /** When `handle` next wants a `tick`, if nothing else happens first. */
  get deadline(): Instant | undefined {
    let next: Instant | undefined;
    if (this.#callers.size > 0)
      for (const { wire } of this.#callers.values()) next = earlier(next, wire.deadline);
    this.#settle();
    return earlier(next, this.#deadlines.earliest);
  }

  /** An id for a connection that somebody opened to us. */
  newConnection(): ConnectionId {
    this.#connections += 1;
    return ConnectionId(this.#connections);
  }

  /** Adds a torrent; it waits for `opened`. */
  add(
    now: Instant,
    spec: Omit<TorrentSpec, 'sharedLimits' | 'halfOpen' | 'newConnection' | 'form'>,
  ): Torrent {
    const torrent = new Torrent(now, {
      ...spec,
      sharedLimits: this.#limits,
      halfOpen: this.#halfOpen,
      newConnection: () => this.newConnection(),
      form: this.#options.form,
    });
    this.#torrents.set(spec.infoHash, torrent);
    this.#touch(torrent);
    return torrent;
  }

  limit(now: Instant, rates: Rates): void {
    this.#limits.set(now, rates);
  }

  /** Takes one input and returns everything it causes. Never throws on what others sent. */
  handle(now: Instant, input: SessionInput): readonly TorrentOutput[] {
    const outputs = this.#handle(now, input);
    return this.#halfOpen.isAnybodyNext ? [...outputs, ...this.#dialWaiting(now)] : outputs;
  }

  #handle(now: Instant, input: SessionInput): readonly TorrentOutput[] {
    // The most frequent ones first.
    switch (input.type) {
      case 'heard':
      case 'sent':
      case 'bytes':
      case 'connected':
      case 'gone':
        return this.#toPeer(now, input);
      case 'read':
        return this.#hasRead(now, input);
      case 'tick':
        return this.#tick(now);
      case 'called':
        return this.#called(now, input);
      default:
        return this.#toTorrent(now, input);
    }
  }

  #toPeer(now: Instant, input: WireInput): readonly TorrentOutput[] {
    const owner = this.#owners.get(input.conn);
    return owner === undefined ? this.#fromCaller(now, input) : this.#toOwner(now, owner, input);
  }

  #hasRead(now: Instant, input: Extract<JobInput, { type: 'read' }>): readonly TorrentOutput[] {
    const owner = this.#owners.get(input.conn);
    return owner === undefined ? [] : this.#toOwner(now, owner, input);
  }

  #toOwner(now: Instant, { torrent, peer }: Owner, input: PeerInput): readonly TorrentOutput[] {
    const { changes } = torrent.parts.peers;
    this.#touch(torrent);
    const outputs = torrent.hear(now, peer, input);
    return torrent.parts.peers.changes === changes ? outputs : this.#outputsOf(torrent, outputs);
  }

  #toTorrent(
    now: Instant,
    input: (JobInput | Command) & { readonly infoHash: InfoHash },
  ): readonly TorrentOutput[] {
    const torrent = this.#torrents.get(input.infoHash);
    if (torrent === undefined) return [];
    this.#touch(torrent);
    const outputs = this.#outputsOf(torrent, torrent.handle(now, input));
    if (torrent.state === 'stopped') this.#remove(torrent);
    return outputs;
  }

  #tick(now: Instant): readonly TorrentOutput[] {
    const outputs: TorrentOutput[] = [];
    if (this.#callers.size > 0)
      for (const [conn, { wire }] of this.#callers)
        outputs.push(...this.#callerOutputs(now, conn, wire.handle(now, { type: 'tick' })));
    this.#settle();
    for (const torrent of this.#deadlines.due(now)) {
      this.#touch(torrent);
      outputs.push(...this.#outputsOf(torrent, torrent.handle(now, { type: 'tick' })));
      if (torrent.state === 'stopped') this.#remove(torrent);
    }
    return outputs;
  }

  /** Dials have ended: those may call whose turn it is. */
  #dialWaiting(now: Instant): readonly TorrentOutput[] {
    const outputs: TorrentOutput[] = [];
    for (let next = this.#halfOpen.next(); next !== undefined; next = this.#halfOpen.next()) {
      const torrent = this.#torrents.get(next);
      if (torrent === undefined) continue;
      this.#touch(torrent);
      outputs.push(...this.#outputsOf(torrent, torrent.dial(now)));
    }
    return outputs;
  }

  #remove(torrent: Torrent): void {
    this.#torrents.delete(torrent.parts.torrent.infoHash);
  }

  /** To be called before anything happens to it: one that is stopped has no deadline any more. */
  #touch(torrent: Torrent): void {
    if (this.#touched === torrent) return;
    this.#settle();
    this.#touched = torrent;
  }

  #settle(): void {
    const torrent = this.#touched;
    if (torrent !== undefined) this.#deadlines.set(torrent, torrent.deadline);
    this.#touched = undefined;
  }

  #called(
    now: Instant,
    { conn, address }: { readonly conn: ConnectionId; readonly address: Endpoint },
  ): readonly TorrentOutput[] {
    if (this.#callers.size >= maxCallers || this.#isCrowded(address.ip))
      return [{ type: 'hang-up', conn, reason: 'too-many' }];
    const wire = new PeerConnection(now, { ...this.#options, outgoing: false });
    this.#callers.set(conn, { wire, address });
    return [];
  }

  #isCrowded(ip: string): boolean {
    if (isOwnAddress(ip)) return false;
    let count = 0;
    for (const { address } of this.#callers.values()) if (address.ip === ip) count += 1;
    return count >= maxCallersPerAddress;
  }

  #fromCaller(now: Instant, input: WireInput): readonly TorrentOutput[] {
    const caller = this.#callers.get(input.conn);
    if (caller === undefined || input.type === 'connected' || input.type === 'sent') return [];
    const wireInput = input.type === 'gone' ? { type: 'eof' as const } : input;
    return this.#callerOutputs(now, input.conn, caller.wire.handle(now, wireInput));
  }

  #callerOutputs(
    now: Instant,
    conn: ConnectionId,
    outputs: readonly ConnectionOutput[],
  ): readonly TorrentOutput[] {
    return outputs.flatMap((output): readonly TorrentOutput[] => {
      if (output.type === 'hello') return this.#introduce(now, conn, output.remote.infoHash);
      if (output.type !== 'disconnect') return [];
      this.#callers.delete(conn);
      return [{ type: 'hang-up', conn, reason: output.reason }];
    });
  }

  #introduce(now: Instant, conn: ConnectionId, infoHash: InfoHash): readonly TorrentOutput[] {
    const caller = this.#callers.get(conn);
    this.#callers.delete(conn);
    const torrent = this.#torrents.get(infoHash);
    if (caller === undefined || torrent === undefined)
      return [{ type: 'hang-up', conn, reason: 'unknown-torrent' }];
    this.#touch(torrent);
    const outputs = torrent.accept(now, { conn, ...caller });
    this.#own(torrent, conn);
    return this.#outputsOf(torrent, outputs);
  }

  /** Learns from the outputs which connections are whose. */
  #outputsOf(torrent: Torrent, outputs: readonly TorrentOutput[]): readonly TorrentOutput[] {
    for (const output of outputs) {
      if (output.type === 'dial') this.#own(torrent, output.conn);
      else if (output.type === 'hang-up') this.#owners.delete(output.conn);
    }
    return outputs;
  }

  #own(torrent: Torrent, conn: ConnectionId): void {
    const peer = torrent.parts.peers.of(conn);
    if (peer !== undefined) this.#owners.set(conn, { torrent, peer });
  }
}
