/** An honest session with a trick between it and the world. It speaks in values, as the session within does. */
import type { Instant } from '../../core/time.ts';
import type { TorrentOutput } from '../../core/swarm/jobs.ts';
import type { Session, SessionInput } from '../../core/swarm/session.ts';
import type { SessionMachine } from '../../core/swarm/session-machine.ts';
import type { ConnectionId } from '../../core/torrent/ids.ts';
import { type Saying, sayingLength } from '../../core/wire/saying.ts';
import { DisguisedLine } from './disguised-line.ts';
import type { Trick } from './trick.ts';

type Input<Type extends SessionInput['type']> = Extract<SessionInput, { readonly type: Type }>;
type Output<Type extends TorrentOutput['type']> = Extract<TorrentOutput, { readonly type: Type }>;

export class Disguise implements SessionMachine {
  readonly #session: Session;
  readonly #trick: Trick;
  readonly #lines = new Map<ConnectionId, DisguisedLine>();
  #outputs: TorrentOutput[] = [];

  /** The session is in form `values`. */
  constructor(session: Session, trick: Trick) {
    this.#session = session;
    this.#trick = trick;
  }

  get deadline(): Instant | undefined {
    return this.#session.deadline;
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
      case 'heard':
        return this.#heard(now, input);
      case 'sent':
        return this.#sent(now, input);
      case 'gone':
        this.#lines.delete(input.conn);
        return this.#pass(now, input);
      default:
        return this.#pass(now, input);
    }
  }

  #heard(now: Instant, { conn, sayings }: Input<'heard'>): void {
    const line = this.#line(conn);
    const told = sayings.flatMap((saying) => {
      if (saying.type === 'handshake') line.remote = saying.handshake;
      return this.#trick.heard?.(saying, line) ?? [saying];
    });
    this.#pass(now, { type: 'heard', conn, sayings: told });
    this.#settle(now, conn, line);
  }

  /** Bytes that the session knows nothing of are not told to it, lest it think that it has room for more. */
  #sent(now: Instant, { conn, bytes }: Input<'sent'>): void {
    const line = this.#lines.get(conn);
    const extra = Math.min(line?.extraBytes ?? 0, bytes);
    if (line !== undefined) line.extraBytes -= extra;
    this.#pass(now, { type: 'sent', conn, bytes: bytes - extra });
  }

  #pass(now: Instant, input: SessionInput): void {
    for (const output of this.#session.handle(now, input)) this.#output(now, output);
  }

  #output(now: Instant, output: TorrentOutput): void {
    switch (output.type) {
      case 'say':
        return this.#said(now, output);
      case 'announce':
        return this.#announced(output);
      case 'hang-up':
        this.#lines.delete(output.conn);
        this.#outputs.push(output);
        return;
      default:
        this.#outputs.push(output);
    }
  }

  #said(now: Instant, { conn, saying, length }: Output<'say'>): void {
    const line = this.#line(conn);
    if (saying.type === 'handshake') line.local = saying.handshake;
    let more = -length;
    for (const said of this.#trick.said?.(saying, line) ?? [saying]) more += this.#say(conn, said);
    line.extraBytes += Math.max(0, more);
    // What was swallowed is as good as sent.
    if (more < 0) this.#pass(now, { type: 'sent', conn, bytes: -more });
    this.#settle(now, conn, line);
  }

  #announced(output: Output<'announce'>): void {
    this.#outputs.push(output);
    for (const request of this.#trick.announced?.(output.request) ?? [])
      this.#outputs.push({ ...output, request });
  }

  /** Carries out what the trick has asked of the line meanwhile. */
  #settle(now: Instant, conn: ConnectionId, line: DisguisedLine): void {
    if (line.remote === undefined || line.local === undefined) return;
    if (!line.isOpen) {
      line.open(this.#session.torrents.get(line.local.infoHash)?.parts.torrent.pieces);
      this.#trick.opened?.(line);
    }
    for (const saying of line.takeWishes()) line.extraBytes += this.#say(conn, saying);
    if (!line.isUnwanted || this.#lines.get(conn) !== line) return;
    this.#lines.delete(conn);
    this.#pass(now, { type: 'gone', conn });
  }

  /** Returns how many bytes it takes. */
  #say(conn: ConnectionId, saying: Saying): number {
    const length = sayingLength(saying);
    this.#outputs.push({ type: 'say', conn, saying, length });
    return length;
  }

  #line(conn: ConnectionId): DisguisedLine {
    const line = this.#lines.get(conn) ?? new DisguisedLine();
    this.#lines.set(conn, line);
    return line;
  }
}
