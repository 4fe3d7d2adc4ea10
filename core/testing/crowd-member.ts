/** One session of a crowd, with an uplink, and with a disk and a tracker that take no work. */
import { createHash } from 'node:crypto';
import type { Instant } from '../time.ts';
import type { ConnectionId, Endpoint, InfoHash } from '../torrent/ids.ts';
import type { JobOutput, TorrentOutput } from '../swarm/jobs.ts';
import type { Saying } from '../wire/saying.ts';
import type { Crowd } from './crowd.ts';
import { randomBelow, randomStream } from '../random.ts';
import { millis } from '../time.ts';
import { Bitfield } from '../torrent/bitfield.ts';
import { InfoHash as infoHashOf, PeerId } from '../torrent/ids.ts';
import { blockBytes } from '../torrent/pieces.ts';
import { defaultTorrentOptions } from '../swarm/options.ts';
import { Session, type SessionInput } from '../swarm/session.ts';

const infoHash: InfoHash = infoHashOf('ab'.repeat(20));
const trackerUrl = 'http://crowd.test/announce';
const delayMs = 20;
const diskMs = 1;
const joinWithinMs = 10_000;
const announceEveryMs = 120_000;
const peersPerAnswer = 50;
/** Every block of every piece. */
const sharedBlock = new Uint8Array(blockBytes);

type Line = { readonly member: CrowdMember; readonly conn: ConnectionId };
/** What one turn of the session says on one connection. */
type Batch = { readonly sayings: Saying[]; bytes: number };

export class CrowdMember {
  readonly address: Endpoint;
  isComplete: boolean;
  readonly #crowd: Crowd;
  readonly #session: Session;
  readonly #lines = new Map<ConnectionId, Line>();
  readonly #batches = new Map<ConnectionId, Batch>();
  /** When the uplink has sent all that it was given, in milliseconds. */
  #freeAt = 0;
  #tickAt = Infinity;

  constructor(crowd: Crowd, index: number, isSeed: boolean) {
    this.#crowd = crowd;
    this.isComplete = isSeed;
    this.address = { ip: `10.0.${index >> 8}.${index & 255}`, port: 6881 };
    const options = { ...defaultTorrentOptions, maxConnections: crowd.options.maxConnections };
    this.#session = new Session({ ...options, form: 'values' });
    const peerId = PeerId((index + 1).toString(16).padStart(40, '0'));
    this.#session.add(crowd.now, {
      infoHash,
      pieces: crowd.pieces,
      trackers: [[trackerUrl]],
      options,
      random: (name) => randomStream(index, name),
      self: {
        peerId,
        listenPort: 6881,
        key: 'k',
        clientVersion: 'crowd',
        sha1: (bytes) => createHash('sha1').update(bytes).digest(),
      },
    });
    const have = isSeed ? Bitfield.full(crowd.pieces.count) : new Bitfield(crowd.pieces.count);
    const joinsAt = isSeed ? 0 : randomBelow(crowd.random, joinWithinMs);
    crowd.at(joinsAt, () => this.feed({ type: 'opened', infoHash, have, source: 'checked' }));
  }

  feed(input: SessionInput): void {
    const crowd = this.#crowd;
    crowd.counts.inputs += 1;
    for (const output of this.#session.handle(crowd.now, input)) this.#carryOut(output);
    if (this.#batches.size > 0) this.#flush();
    const { deadline } = this.#session;
    if (deadline !== undefined && deadline < this.#tickAt) this.#tickThen(deadline);
  }

  #tickThen(deadline: Instant): void {
    const at = Math.max(this.#crowd.now, deadline);
    this.#tickAt = at;
    this.#crowd.at(at, () => {
      if (this.#tickAt !== at) return;
      this.#tickAt = Infinity;
      this.feed({ type: 'tick' });
    });
  }

  #after(ms: number, input: SessionInput): void {
    this.#crowd.at(this.#crowd.now + ms, () => this.feed(input));
  }

  #carryOut(output: TorrentOutput): void {
    switch (output.type) {
      case 'say':
        return this.#say(output.conn, output.saying, output.length);
      case 'transmit':
        throw new TypeError('a crowd speaks in values');
      case 'dial':
        return this.#dial(output.conn, output.address);
      case 'hang-up':
        return this.#hangUp(output.conn);
      default:
        return this.#job(output);
    }
  }

  #say(conn: ConnectionId, saying: Saying, length: number): void {
    if (saying.type === 'piece') this.#crowd.counts.blocks += 1;
    if (saying.type === 'have') this.#crowd.counts.haves += 1;
    const batch = this.#batches.get(conn);
    if (batch === undefined) this.#batches.set(conn, { sayings: [saying], bytes: length });
    else {
      batch.sayings.push(saying);
      batch.bytes += length;
    }
  }

  #flush(): void {
    const { now, options } = this.#crowd;
    for (const [conn, { sayings, bytes }] of this.#batches) {
      const line = this.#lines.get(conn);
      if (line === undefined) continue;
      this.#freeAt = Math.max(this.#freeAt, now) + (bytes * 1_000) / options.upBytesPerSec;
      const sentAt = Math.ceil(this.#freeAt);
      this.#crowd.at(sentAt, () => this.feed({ type: 'sent', conn, bytes }));
      this.#crowd.at(sentAt + delayMs, () =>
        line.member.feed({ type: 'heard', conn: line.conn, sayings }),
      );
    }
    this.#batches.clear();
  }

  #dial(conn: ConnectionId, { ip }: Endpoint): void {
    this.#crowd.at(this.#crowd.now + delayMs, () => {
      const other = this.#crowd.members.find((member) => member.address.ip === ip);
      if (other === undefined) return this.feed({ type: 'gone', conn });
      const theirs = other.#session.newConnection();
      this.#lines.set(conn, { member: other, conn: theirs });
      other.#lines.set(theirs, { member: this, conn });
      other.feed({ type: 'called', conn: theirs, address: { ...this.address, port: 50_000 } });
      this.feed({ type: 'connected', conn });
    });
  }

  #hangUp(conn: ConnectionId): void {
    const line = this.#lines.get(conn);
    this.#lines.delete(conn);
    if (line === undefined) return;
    line.member.#lines.delete(line.conn);
    line.member.#after(delayMs, { type: 'gone', conn: line.conn });
  }

  #job(job: JobOutput): void {
    switch (job.type) {
      case 'read': {
        const { conn, piece, begin } = job;
        return this.#after(diskMs, {
          type: 'read',
          infoHash,
          conn,
          piece,
          begin,
          block: sharedBlock,
        });
      }
      case 'verify':
        return this.#after(diskMs, { type: 'verified', infoHash, piece: job.piece, ok: true });
      case 'write':
        return this.#after(diskMs, { type: 'written', infoHash, piece: job.piece });
      case 'announce':
        return this.#after(delayMs, {
          type: 'announced',
          infoHash,
          url: job.url,
          answer: this.#answer(),
        });
      case 'event':
        if (job.event.type === 'completed') this.isComplete = true;
        return;
      default:
        return;
    }
  }

  #answer(): Extract<SessionInput, { readonly type: 'announced' }>['answer'] {
    const { members, random } = this.#crowd;
    const from = randomBelow(random, members.length);
    const peers = Array.from(
      { length: Math.min(peersPerAnswer, members.length) },
      (_, i) => members[(from + i * 7) % members.length]?.address ?? this.address,
    );
    return { interval: millis(announceEveryMs), seeders: 0, leechers: 0, peers };
  }
}
