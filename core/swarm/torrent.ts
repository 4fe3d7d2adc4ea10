/**
 * One torrent's brain: it owns the connections, the picker, the choker and the announcer, and passes
 * what happens to the part whose business it is.
 *
 *   opening ──opened──▶ running ──stop──▶ stopping ──farewells said, progress saved──▶ stopped
 *                       (paused or not)
 */
import type { Instant } from '../time.ts';
import type { ConnectionId, Endpoint } from '../torrent/ids.ts';
import type { PeerConnection } from '../peer/connection.ts';
import type { PauseReason } from './event.ts';
import type { JobInput, TorrentInput, TorrentOutput, WireInput } from './jobs.ts';
import type { Peer } from './peer.ts';
import type { TorrentParts } from './torrent-parts.ts';
import type { Priority } from './picker/picker.ts';
import type { TorrentSpec } from './torrent-parts.ts';
import { never } from '../never.ts';
import { Outputs } from '../outputs.ts';
import { toHex } from '../bytes/hex.ts';
import { assemble } from './torrent-parts.ts';
import { Upkeep } from './upkeep.ts';

/** What happens to one connection. */
export type PeerInput = WireInput | Job<'read'>;

type Job<Type extends JobInput['type']> = Extract<JobInput, { readonly type: Type }>;

export class Torrent {
  readonly #parts: TorrentParts;
  readonly #upkeep: Upkeep;
  readonly #outputs: Outputs<TorrentOutput> = new Outputs();
  #state: 'opening' | 'running' | 'stopping' | 'stopped' = 'opening';
  #pauseReason: PauseReason | undefined;
  /** Whether the wanted pieces were all there when last looked at. */
  #wasComplete = false;
  #closing: 'no' | 'asked' | 'done' = 'no';

  constructor(now: Instant, spec: TorrentSpec) {
    this.#parts = assemble(now, spec, this.#outputs);
    this.#upkeep = new Upkeep(now, this.#parts);
  }

  get state(): 'opening' | 'running' | 'stopping' | 'stopped' {
    return this.#state;
  }

  /** Why the torrent stands still; `undefined` while it does not. */
  get pauseReason(): PauseReason | undefined {
    return this.#pauseReason;
  }

  /** The torrent's insides, for those who want to show them; not to be changed from outside. */
  get parts(): TorrentParts {
    return this.#parts;
  }

  /** When `handle` next wants a `tick`, if nothing else happens first. */
  get deadline(): Instant | undefined {
    if (this.#state === 'stopped' || this.#state === 'opening') return undefined;
    return this.#upkeep.deadline(this.#state === 'running');
  }

  /** Takes one input and returns everything it causes. Never throws on what others sent. */
  handle(now: Instant, input: TorrentInput): readonly TorrentOutput[] {
    if (this.#state !== 'stopped') this.#handle(now, input);
    return this.#outputs.take();
  }

  /** The same for what the network does to a connection, when it is known whose. */
  hear(now: Instant, peer: Peer, input: PeerInput): readonly TorrentOutput[] {
    if (this.#state !== 'stopped' && !peer.isGone) this.#hear(now, peer, input);
    return this.#outputs.take();
  }

  /** Takes over a connection whose handshake has named this torrent. */
  accept(
    now: Instant,
    call: {
      readonly conn: ConnectionId;
      readonly address: Endpoint;
      readonly wire: PeerConnection;
    },
  ): readonly TorrentOutput[] {
    this.#parts.connections.accept(now, call, this.#state === 'running');
    return this.#outputs.take();
  }

  /** Calls others where there is room again for dials; returns everything this causes. */
  dial(now: Instant): readonly TorrentOutput[] {
    if (this.#state === 'running') this.#parts.connections.dial(now);
    return this.#outputs.take();
  }

  // prettier-ignore
  #hear(now: Instant, peer: Peer, input: PeerInput): void {
    const { connections, uploads } = this.#parts;
    switch (input.type) {
      case 'bytes':
      case 'heard':     return connections.handle(now, peer, input);
      case 'sent':      return this.#sent(now, peer, input.bytes);
      case 'read':      return uploads.read(now, peer, input);
      case 'connected': return connections.connected(now, peer);
      case 'gone':      return connections.handle(now, peer, { type: 'eof' });
      default:          return never(input);
    }
  }

  // prettier-ignore
  #handle(now: Instant, input: TorrentInput): void {
    if (isOfPeer(input)) {
      const peer = this.#parts.peers.of(input.conn);
      return peer === undefined ? undefined : this.#hear(now, peer, input);
    }
    const { announcing, torrent } = this.#parts;
    torrent.isDeadlineStale = true;
    switch (input.type) {
      case 'opened':          return this.#opened(now, input);
      case 'verified':        return this.#verified(now, input);
      case 'written':         return this.#written(now, input);
      case 'disk-failed':     return this.#diskFailed(now, input);
      case 'rechecked':       return this.#rechecked(now, input);
      case 'closed':          return this.#closed();
      case 'announced':       announcing.handle(now, { ...input, type: 'answered' }); return this.#endIfDone();
      case 'announce-failed': announcing.handle(now, { ...input, type: 'failed' }); return this.#endIfDone();
      case 'pause':           return this.#pause(now, { code: 'asked' });
      case 'resume':          return this.#unpause(now);
      case 'stop':            return this.#stop(now);
      case 'prioritise':      return this.#prioritise(now, input.priorities);
      case 'meet':            return this.#meet(now, input.addresses);
      case 'drop':            return this.#drop(now, input.address);
      case 'tick':            return this.#tick(now);
      default:                return never(input);
    }
  }

  #opened(now: Instant, { have, source }: Job<'opened'>): void {
    if (this.#state !== 'opening') return;
    const { announcing, torrent } = this.#parts;
    torrent.have = have;
    torrent.picker.setHave(have);
    this.#state = 'running';
    this.#wasComplete = torrent.picker.isComplete;
    torrent.tell({
      type: 'opened',
      source,
      have: toHex(have.toBytes()),
      piecesHave: have.size,
      pieceCount: torrent.pieces.count,
    });
    // Before the start this says that nothing is missing, so that no tracker hears of a completion.
    if (have.isFull) announcing.handle(now, { type: 'complete' });
    announcing.handle(now, { type: 'start' });
    if (this.#wasComplete) torrent.tell({ type: 'completed' });
  }

  #sent(now: Instant, peer: Peer, bytes: number): void {
    peer.room.sent(now, bytes);
    if (peer.queue.length > 0) this.#parts.uploads.serve(now, peer);
  }

  #verified(now: Instant, input: Job<'verified'>): void {
    const { connections, downloads } = this.#parts;
    for (const ip of downloads.verified(now, input)) connections.ban(now, ip, 'sent bad blocks');
    this.#endIfDone();
  }

  #written(now: Instant, { piece }: Job<'written'>): void {
    const { announcing, downloads, exchange, haves, peers, torrent } = this.#parts;
    downloads.written(now, piece);
    this.#endIfDone();
    if (this.#wasComplete || !torrent.picker.isComplete) return;
    this.#wasComplete = true;
    torrent.tell({ type: 'completed' });
    haves.flushAll(now);
    if (torrent.have.isFull) announcing.handle(now, { type: 'complete' });
    for (const peer of peers.ready()) exchange.partFromSeed(now, peer);
  }

  #diskFailed(now: Instant, { failure, piece }: Job<'disk-failed'>): void {
    if (piece !== undefined) this.#parts.downloads.lost(now, piece);
    for (const peer of this.#parts.peers.ready()) this.#parts.uploads.readFailed(now, peer);
    if (this.#state === 'running') this.#pause(now, failure);
    this.#endIfDone();
  }

  #pause(now: Instant, reason: PauseReason): void {
    const { announcing, choking, downloads, peers, torrent } = this.#parts;
    if (this.#pauseReason !== undefined) return;
    this.#pauseReason = reason;
    torrent.paused = true;
    torrent.tell({ type: 'paused', reason });
    for (const peer of peers.ready()) {
      downloads.cancelAll(now, peer);
      downloads.review(now, peer);
    }
    choking.rechoke(now);
    announcing.handle(now, { type: 'paused', paused: true });
  }

  #unpause(now: Instant): void {
    if (this.#pauseReason?.code === 'asked') return this.#goOn(now);
    const { emit, infoHash } = this.#parts.torrent;
    // After a failure nothing is taken for granted, and the disk is not believed before it has been read.
    if (this.#pauseReason !== undefined) emit({ type: 'recheck', infoHash });
  }

  #rechecked(now: Instant, { have }: Job<'rechecked'>): void {
    this.#parts.downloads.found(now, have);
    this.#wasComplete = this.#parts.torrent.picker.isComplete;
    if (this.#pauseReason !== undefined) this.#goOn(now);
  }

  #goOn(now: Instant): void {
    const { announcing, torrent } = this.#parts;
    this.#pauseReason = undefined;
    torrent.paused = false;
    torrent.tell({ type: 'resumed' });
    announcing.handle(now, { type: 'paused', paused: false });
    this.#reviewAll(now);
  }

  #prioritise(now: Instant, priorities: readonly Priority[]): void {
    this.#parts.downloads.prioritise(now, priorities);
    this.#wasComplete = this.#parts.torrent.picker.isComplete;
    this.#reviewAll(now);
  }

  #reviewAll(now: Instant): void {
    const { choking, dialer, downloads, peers } = this.#parts;
    if (!this.#wasComplete) dialer.reconsider();
    for (const peer of peers.ready()) downloads.review(now, peer);
    choking.rechoke(now);
    downloads.fillAll(now);
  }

  #meet(now: Instant, addresses: readonly Endpoint[]): void {
    this.#parts.dialer.found(now, addresses);
    this.#dial(now);
  }

  #dial(now: Instant): void {
    if (this.#state === 'running') this.#parts.connections.dial(now);
  }

  #drop(now: Instant, address: Endpoint): void {
    const { connections, peers } = this.#parts;
    for (const peer of peers.at(address)) connections.close(now, peer, 'local');
  }

  #stop(now: Instant): void {
    if (this.#state === 'stopping') return;
    const { announcing, connections, peers } = this.#parts;
    this.#state = 'stopping';
    for (const peer of peers.all()) connections.close(now, peer, 'torrent-stopped');
    announcing.handle(now, { type: 'stop' });
    this.#endIfDone();
  }

  #closed(): void {
    this.#closing = 'done';
    this.#endIfDone();
  }

  /** A stopping torrent ends when nothing is being written, the files are closed and the trackers know. */
  #endIfDone(): void {
    const { announcing, downloads, torrent } = this.#parts;
    if (this.#state !== 'stopping' || downloads.pending > 0) return;
    if (this.#closing === 'no') {
      this.#closing = 'asked';
      torrent.emit({ type: 'close', infoHash: torrent.infoHash });
    }
    if (this.#closing !== 'done' || !announcing.isDone) return;
    this.#state = 'stopped';
    torrent.tell({ type: 'stopped' });
  }

  #tick(now: Instant): void {
    this.#upkeep.tick(now, this.#state === 'running');
    this.#endIfDone();
  }
}

/** The most frequent ones first. */
const isOfPeer = (input: TorrentInput): input is PeerInput =>
  input.type === 'heard' ||
  input.type === 'sent' ||
  input.type === 'read' ||
  input.type === 'bytes' ||
  input.type === 'connected' ||
  input.type === 'gone';
