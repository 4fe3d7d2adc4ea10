/**
 * A peer that has a session only to announce itself and to learn of others: every connection, whoever makes it, is the
 * intrusion's. It tells of its connections from the socket on, since those it disturbs tell of none that comes to nothing.
 */
import { type Instant, after, earlier } from '../../core/time.ts';
import type { TorrentOutput } from '../../core/swarm/jobs.ts';
import type { Session, SessionInput } from '../../core/swarm/session.ts';
import type { SessionMachine } from '../../core/swarm/session-machine.ts';
import { type ConnectionId, type Endpoint, PeerId, endpointKey } from '../../core/torrent/ids.ts';
import { type Form, type Saying, sayingLength } from '../../core/wire/saying.ts';
import type { Intrusion, OpenLine } from './intrusion.ts';

type Line = {
  readonly address: Endpoint;
  readonly outgoing: boolean;
  readonly index: number;
  beats: number;
  isOpen: boolean;
};

/** Nobody's: who has not shaken hands is not known by name. */
const unknownPeer = PeerId('0'.repeat(40));

export class Intruder implements SessionMachine {
  readonly #session: Session;
  readonly #intrusion: Intrusion;
  readonly #form: Form;
  readonly #lines = new Map<ConnectionId, Line>();
  readonly #targets = new Map<string, Endpoint>();
  #count = 0;
  #beatAt: Instant | undefined;
  #isOver = false;
  #outputs: TorrentOutput[] = [];

  constructor(session: Session, intrusion: Intrusion, form: Form) {
    this.#session = session;
    this.#intrusion = intrusion;
    this.#form = form;
  }

  get deadline(): Instant | undefined {
    const { deadline } = this.#session;
    return this.#isOver ? deadline : earlier(deadline, this.#beatAt);
  }

  newConnection(): ConnectionId {
    return this.#session.newConnection();
  }

  handle(now: Instant, input: SessionInput): readonly TorrentOutput[] {
    this.#take(now, input);
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  #take(now: Instant, input: SessionInput): void {
    switch (input.type) {
      case 'called':
        return this.#called(now, input.conn, input.address);
      case 'connected':
        return this.#opened(now, input.conn);
      case 'gone':
        return this.#gone(input.conn);
      case 'bytes':
      case 'heard':
      case 'sent':
        return;
      case 'stop':
        this.#leave();
        break;
      case 'tick':
        this.#beat(now);
        break;
      default:
        break;
    }
    this.#pass(now, input);
  }

  #pass(now: Instant, input: SessionInput): void {
    for (const output of this.#session.handle(now, input)) {
      if (output.type === 'dial') this.#dial(now, output.conn, output.address);
      // Of a connection that it was told is gone.
      else if (output.type !== 'hang-up') this.#outputs.push(output);
    }
  }

  /** The session has learnt of an address: it is called, and the session is told that nobody is there. */
  #dial(now: Instant, conn: ConnectionId, address: Endpoint): void {
    this.#targets.set(endpointKey(address), address);
    this.#pass(now, { type: 'gone', conn });
    this.#beatAt = earlier(this.#beatAt, now);
  }

  #beat(now: Instant): void {
    if (this.#isOver || this.#beatAt === undefined || now < this.#beatAt) return;
    this.#beatAt = after(now, this.#intrusion.beatEvery);
    for (const [key, address] of this.#targets) {
      const open = [...this.#lines.values()].filter((line) => endpointKey(line.address) === key);
      for (let i = open.length; i < this.#intrusion.connections; i += 1) {
        const conn = this.newConnection();
        this.#add(conn, address, true);
        this.#outputs.push({ type: 'dial', conn, address });
      }
    }
    for (const [conn, line] of this.#lines) {
      if (!line.isOpen) continue;
      this.#intrusion.beat?.(this.#handleOf(conn, line));
      line.beats += 1;
    }
  }

  #add(conn: ConnectionId, address: Endpoint, outgoing: boolean): void {
    this.#lines.set(conn, { address, outgoing, index: this.#count, beats: 0, isOpen: false });
    this.#count += 1;
  }

  #called(now: Instant, conn: ConnectionId, address: Endpoint): void {
    if (this.#session.torrents.size === 0)
      return void this.#outputs.push({ type: 'hang-up', conn, reason: 'unknown-torrent' });
    this.#add(conn, address, false);
    this.#opened(now, conn);
  }

  #opened(now: Instant, conn: ConnectionId): void {
    const line = this.#lines.get(conn);
    if (line === undefined) return;
    line.isOpen = true;
    const { address, outgoing } = line;
    this.#tell({ type: 'connected', conn, address, peerId: unknownPeer, outgoing });
    this.#intrusion.opened?.(this.#handleOf(conn, line));
    this.#beatAt = earlier(this.#beatAt, after(now, this.#intrusion.beatEvery));
  }

  #gone(conn: ConnectionId): void {
    const line = this.#lines.get(conn);
    this.#lines.delete(conn);
    if (line?.isOpen === true) this.#ended(conn, line, 'eof');
  }

  #leave(): void {
    this.#isOver = true;
    for (const [conn, line] of this.#lines) {
      this.#outputs.push({ type: 'hang-up', conn, reason: 'torrent-stopped' });
      if (line.isOpen) this.#ended(conn, line, 'torrent-stopped');
    }
    this.#lines.clear();
  }

  #ended(conn: ConnectionId, { address }: Line, reason: 'eof' | 'torrent-stopped'): void {
    const nothing = { bytesDown: 0, bytesUp: 0 };
    this.#tell({ type: 'disconnected', conn, address, peerId: undefined, reason, ...nothing });
  }

  #tell(event: Untold): void {
    const infoHash = [...this.#session.torrents.keys()][0];
    if (infoHash === undefined) return;
    this.#outputs.push({ type: 'event', infoHash, event: { ...event, infoHash } });
  }

  #handleOf(conn: ConnectionId, { index, beats }: Line): OpenLine {
    return {
      index,
      beats,
      say: (saying: Saying) => {
        this.#outputs.push({ type: 'say', conn, saying, length: sayingLength(saying) });
      },
      drip: (bytes) => {
        if (this.#form === 'bytes') this.#outputs.push({ type: 'transmit', conn, bytes });
      },
    };
  }
}

type Event = Extract<TorrentOutput, { readonly type: 'event' }>['event'];
type Of<Type extends Event['type']> = Omit<Extract<Event, { readonly type: Type }>, 'infoHash'>;
type Untold = Of<'connected'> | Of<'disconnected'>;
