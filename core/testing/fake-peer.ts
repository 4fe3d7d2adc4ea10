/** One session on a fake network, with a disk in memory and a tracker that names everybody. */
import { createHash } from 'node:crypto';
import type { Instant } from '../time.ts';
import type { ConnectionId, Endpoint, InfoHash } from '../torrent/ids.ts';
import type { Message } from '../wire/message.ts';
import { encodeSaying, type Form, type Saying, sayingLength } from '../wire/saying.ts';
import type { JobOutput, TorrentOutput } from '../swarm/jobs.ts';
import type { SwarmEvent } from '../swarm/event.ts';
import type { TorrentOptions } from '../swarm/options.ts';
import { millis, minutes } from '../time.ts';
import { randomBelow, randomStream, type Random } from '../random.ts';
import { toHex } from '../bytes/hex.ts';
import { concatBytes } from '../bytes/utf8.ts';
import { Bitfield } from '../torrent/bitfield.ts';
import { PeerId, PieceIndex } from '../torrent/ids.ts';
import type { Pieces } from '../torrent/pieces.ts';
import { defaultTorrentOptions } from '../swarm/options.ts';
import { Session, type SessionInput } from '../swarm/session.ts';
import { cutAt, cutSayings } from './wire-arbitraries.ts';

export type FakePeerSpec = {
  readonly has: 'all' | 'nothing' | readonly number[];
  readonly options?: Partial<TorrentOptions>;
  /** Spoils a block on its way out. */
  readonly tamper?: (block: Uint8Array) => Uint8Array;
};

/** What a peer finds around itself. */
export interface Surroundings {
  readonly form: Form;
  readonly infoHash: InfoHash;
  readonly pieces: Pieces;
  readonly random: Random;
  readonly now: Instant;
  readonly peers: readonly FakePeer[];
  /** Does something so many milliseconds from now. */
  at(waitMs: number, run: () => void): void;
  peerAt(address: Endpoint): FakePeer | undefined;
  pieceOf(piece: PieceIndex): Uint8Array;
}

const sha1 = (bytes: Uint8Array): Uint8Array => createHash('sha1').update(bytes).digest();
const hop = millis(5);
const trackerUrl = 'http://fake.test/announce';

/** What one turn of a session has to say on one connection: the one or the other. */
type Outbox = { readonly bytes: Uint8Array[]; readonly sayings: Saying[] };

type Line = { readonly peer: FakePeer; readonly conn: ConnectionId };

export class FakePeer {
  readonly address: Endpoint;
  readonly events: SwarmEvent[] = [];
  readonly initial: Bitfield;
  /** What it has written, by piece. */
  readonly disk = new Map<number, Uint8Array>();
  readonly announces: Extract<JobOutput, { readonly type: 'announce' }>['request'][] = [];
  readonly lines = new Map<ConnectionId, Line>();
  readonly #swarm: Surroundings;
  readonly #session: Session;
  readonly #spec: FakePeerSpec;
  readonly #buffers = new Map<number, Uint8Array>();
  readonly #outboxes = new Map<ConnectionId, Outbox>();
  isGone = false;

  constructor(swarm: Surroundings, index: number, spec: FakePeerSpec) {
    this.#swarm = swarm;
    this.#spec = spec;
    this.address = { ip: `10.0.0.${index}`, port: 6881 };
    this.initial = holdingOf(spec.has, swarm.pieces.count);
    for (const piece of this.initial.ones()) this.disk.set(piece, swarm.pieceOf(piece).slice());
    const options = { ...defaultTorrentOptions, ...spec.options };
    this.#session = new Session({
      ...options,
      form: swarm.form,
      upBytesPerSec: undefined,
      downBytesPerSec: undefined,
    });
    this.#session.add(swarm.now, {
      infoHash: swarm.infoHash,
      pieces: swarm.pieces,
      trackers: [[trackerUrl]],
      options,
      random: (name) => randomStream(index, name),
      self: {
        peerId: PeerId(index.toString(16).padStart(40, '0')),
        listenPort: this.address.port,
        announceIp: this.address.ip,
        key: 'k',
        clientVersion: 'fake',
        sha1,
      },
    });
  }

  /** What a driver has memory for: two pieces, or as many as the option allows. */
  get #mostBuffers(): number {
    const { maxBufferedBytes } = { ...defaultTorrentOptions, ...this.#spec.options };
    return Math.max(2, Math.floor(maxBufferedBytes / this.#swarm.pieces.pieceLength));
  }

  get deadline(): Instant | undefined {
    return this.isGone ? undefined : this.#session.deadline;
  }

  get isComplete(): boolean {
    return this.disk.size === this.#swarm.pieces.count;
  }

  newConnection(): ConnectionId {
    return this.#session.newConnection();
  }

  feed(input: SessionInput): void {
    if (this.isGone) return;
    for (const output of this.#session.handle(this.#swarm.now, input)) this.#carryOut(output);
    for (const conn of this.#outboxes.keys()) this.#flush(conn);
  }

  /** Sends a message over its first connection that its machine knows nothing of. */
  say(message: Message): void {
    const [conn] = this.lines.keys();
    if (conn === undefined) return;
    if (this.#swarm.form === 'values') this.#outboxOf(conn).sayings.push(message);
    else this.#outboxOf(conn).bytes.push(encodeSaying(message));
    this.#flush(conn);
  }

  /** How many of its peers it believes to hold each piece. */
  get availability(): readonly number[] {
    const picker = this.#session.torrents.get(this.#swarm.infoHash)?.parts.torrent.picker;
    const pieces = Array.from({ length: this.#swarm.pieces.count }, (_, i) => PieceIndex(i));
    return pieces.map((piece) => picker?.availability(piece) ?? 0);
  }

  /** Stops answering for ever, without a word. */
  vanish(): void {
    this.isGone = true;
    for (const { peer, conn } of this.lines.values()) peer.feed({ type: 'gone', conn });
  }

  of<Type extends SwarmEvent['type']>(type: Type): Extract<SwarmEvent, { readonly type: Type }>[] {
    return this.events.filter(
      (event): event is Extract<SwarmEvent, { readonly type: Type }> => event.type === type,
    );
  }

  #carryOut(output: TorrentOutput): void {
    switch (output.type) {
      case 'dial':
        return this.#dial(output.conn, output.address);
      case 'transmit':
        return void this.#outboxOf(output.conn).bytes.push(output.bytes.slice());
      case 'say':
        if (output.length !== sayingLength(output.saying)) throw new Error('not its length');
        return void this.#outboxOf(output.conn).sayings.push(output.saying);
      case 'hang-up':
        return this.#hangUp(output.conn);
      default:
        return this.#job(output);
    }
  }

  #dial(conn: ConnectionId, address: Endpoint): void {
    this.#swarm.at(hop, () => {
      const other = this.#swarm.peerAt(address);
      if (other === undefined || other.isGone) return this.feed({ type: 'gone', conn });
      const theirs = other.newConnection();
      this.lines.set(conn, { peer: other, conn: theirs });
      other.lines.set(theirs, { peer: this, conn });
      other.feed({ type: 'called', conn: theirs, address: { ip: this.address.ip, port: 50_000 } });
      this.feed({ type: 'connected', conn });
    });
  }

  #outboxOf(conn: ConnectionId): Outbox {
    const outbox = this.#outboxes.get(conn) ?? { bytes: [], sayings: [] };
    this.#outboxes.set(conn, outbox);
    return outbox;
  }

  /** Delivers what one turn has said, cut at an arbitrary place: the same in both forms. */
  #flush(conn: ConnectionId): void {
    const line = this.lines.get(conn);
    const { bytes, sayings } = this.#outboxOf(conn);
    this.#outboxes.delete(conn);
    if (line === undefined || bytes.length + sayings.length === 0) return;
    const whole = concatBytes(...bytes);
    const length = sayings.reduce((sum, said) => sum + sayingLength(said), whole.length);
    const cuts = [1 + randomBelow(this.#swarm.random, length - 1)];
    const inputs: SessionInput[] =
      this.#swarm.form === 'values'
        ? cutSayings(sayings, cuts).map((part) => ({
            type: 'heard',
            conn: line.conn,
            sayings: part,
          }))
        : cutAt(whole, cuts).map((part) => ({ type: 'bytes', conn: line.conn, bytes: part }));
    for (const input of inputs) this.#swarm.at(hop, () => line.peer.feed(input));
    this.#swarm.at(1, () => this.feed({ type: 'sent', conn, bytes: length }));
  }

  #hangUp(conn: ConnectionId): void {
    this.#flush(conn);
    const line = this.lines.get(conn);
    this.lines.delete(conn);
    if (line === undefined) return;
    line.peer.lines.delete(line.conn);
    this.#swarm.at(hop, () => line.peer.feed({ type: 'gone', conn: line.conn }));
  }

  #job(job: JobOutput): void {
    const { infoHash } = this.#swarm;
    switch (job.type) {
      case 'store': {
        const whole =
          this.#buffers.get(job.piece) ?? new Uint8Array(this.#swarm.pieces.lengthOf(job.piece));
        whole.set(job.block, job.begin);
        this.#buffers.set(job.piece, whole);
        if (this.#buffers.size > this.#mostBuffers) throw new Error('more pieces begun than fit');
        return;
      }
      case 'verify':
        return this.#verify(job.piece);
      case 'write':
        return this.#swarm.at(1, () => {
          this.disk.set(job.piece, this.#buffers.get(job.piece) as Uint8Array);
          this.#buffers.delete(job.piece);
          this.feed({ type: 'written', infoHash, piece: job.piece });
        });
      case 'discard':
        return void this.#buffers.delete(job.piece);
      case 'read': {
        const { conn, piece, begin, length } = job;
        const block = (this.disk.get(piece) as Uint8Array).subarray(begin, begin + length);
        const sent = this.#spec.tamper?.(block) ?? block;
        return this.#swarm.at(1, () =>
          this.feed({ type: 'read', infoHash, conn, piece, begin, block: sent }),
        );
      }
      case 'recheck':
        return this.#swarm.at(1, () =>
          this.feed({ type: 'rechecked', infoHash, have: this.#onDisk() }),
        );
      case 'close':
        return this.#swarm.at(1, () => this.feed({ type: 'closed', infoHash }));
      case 'announce':
        this.announces.push(job.request);
        return this.#swarm.at(hop, () => this.#announced(job.url));
      case 'event':
        return void this.events.push(job.event);
    }
  }

  #onDisk(): Bitfield {
    return holdingOf([...this.disk.keys()], this.#swarm.pieces.count);
  }

  #announced(url: string): void {
    const others = this.#swarm.peers.filter((peer) => peer !== this && !peer.isGone);
    const peers = others.map(({ address }) => address);
    // What public trackers ask for: nobody comes back soon who has no reason.
    const answer = { interval: minutes(30), seeders: 0, leechers: 0, peers };
    this.feed({ type: 'announced', infoHash: this.#swarm.infoHash, url, answer });
  }

  #verify(piece: PieceIndex): void {
    const { infoHash, pieces } = this.#swarm;
    const bytes = this.#buffers.get(piece) as Uint8Array;
    const ok = toHex(sha1(bytes)) === toHex(sha1(this.#swarm.pieceOf(piece)));
    const digests = Array.from({ length: pieces.blockCount(piece) }, (_, i) => {
      const { begin, length } = pieces.blockRef(piece, i);
      return toHex(sha1(bytes.subarray(begin, begin + length)));
    });
    this.#swarm.at(1, () => this.feed({ type: 'verified', infoHash, piece, ok, digests }));
  }
}

function holdingOf(has: FakePeerSpec['has'], count: number): Bitfield {
  if (has === 'all') return Bitfield.full(count);
  const bits = new Bitfield(count);
  if (has !== 'nothing') for (const piece of has) bits.set(PieceIndex(piece));
  return bits;
}
