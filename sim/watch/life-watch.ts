/** One life of one peer: follows its connections from the first byte, and finds out which torrent each is about. */
import type { TorrentOutput } from '../../core/swarm/jobs.ts';
import type { SessionInput } from '../../core/swarm/session.ts';
import type { ConnectionId, Endpoint, InfoHash } from '../../core/torrent/ids.ts';
import { type Saying, sayingLength } from '../../core/wire/saying.ts';
import type { Instant } from '../../core/time.ts';
import type { Life, LifeWitness, WitnessFacts } from '../witness.ts';
import { Line } from './line.ts';
import { rules } from './rules.ts';
import { TorrentWatch } from './torrent-watch.ts';

export type LifeWatchOptions = {
  readonly life: Life;
  readonly facts: WitnessFacts;
  /** Told in words, with who and when. */
  readonly complain: (rule: string, detail: string) => void;
};

/** More ticks than that at one moment, each wanting another, are an endless loop. */
const mostTicks = 10_000;

export class LifeWatch implements LifeWitness {
  readonly #options: LifeWatchOptions;
  readonly #lines = new Map<ConnectionId, Line>();
  readonly #torrents = new Map<InfoHash, TorrentWatch>();
  #now = 0 as Instant;
  #ticks = 0;

  constructor(options: LifeWatchOptions) {
    this.#options = options;
  }

  handled(now: Instant, input: SessionInput, outputs: readonly TorrentOutput[]): void {
    if (input.type === 'tick') this.#tick(now);
    this.#now = now;
    this.#take(now, input);
    for (const output of outputs) this.#output(now, output);
    for (const torrent of this.#torrents.values()) torrent.settled(now, input);
  }

  #tick(now: Instant): void {
    this.#ticks = now === this.#now ? this.#ticks + 1 : 0;
    const deadline = this.#options.life.deadline();
    if (deadline === undefined || deadline > now) return;
    this.#complain('deadline', `${deadline} ms is wanted`);
    if (this.#ticks > mostTicks) throw new Error(`ticks at ${now} ms without end`);
  }

  #complain(rule: keyof typeof rules, detail: string): void {
    const { life, complain } = this.#options;
    complain(rules[rule], `${life.spec.name} at ${this.#now} ms: ${detail}`);
  }

  #take(now: Instant, input: SessionInput): void {
    switch (input.type) {
      case 'tick':
        return;
      case 'called':
        return this.#add(input.conn, input.address, { isOutgoing: false, now });
      case 'connected':
      case 'gone':
        if (input.type === 'gone') this.#forget(input.conn);
        return;
      case 'sent':
        return this.#sent(input.conn, input.bytes);
      case 'bytes':
      case 'heard':
        return this.#heard(now, input);
      default:
        return this.#torrent(input.infoHash)?.told(now, input);
    }
  }

  #add(
    conn: ConnectionId,
    address: Endpoint,
    { isOutgoing, now }: { readonly isOutgoing: boolean; readonly now: Instant },
  ): void {
    this.#lines.set(conn, new Line(conn, address, isOutgoing, now));
  }

  #sent(conn: ConnectionId, bytes: number): void {
    const line = this.#lines.get(conn);
    if (line !== undefined) line.unsentBytes -= bytes;
  }

  #heard(now: Instant, input: Extract<SessionInput, { readonly type: 'bytes' | 'heard' }>): void {
    const line = this.#lines.get(input.conn);
    if (line === undefined) return;
    line.heardAt = now;
    const sayings = input.type === 'heard' ? input.sayings : line.heard.read(input.bytes);
    for (const saying of sayings) {
      if (saying.type === 'handshake') line.shook('theirs', saying.handshake);
      this.#torrentOf(line)?.heard(now, line, saying);
    }
  }

  #output(now: Instant, output: TorrentOutput): void {
    switch (output.type) {
      case 'dial':
        return this.#dial(now, output.conn, output.address);
      case 'hang-up':
        return this.#forget(output.conn);
      case 'say':
        return this.#said(now, output.conn, [output.saying]);
      case 'transmit':
        return this.#transmitted(now, output.conn, output.bytes);
      default:
        return this.#torrent(output.infoHash)?.wants(now, output);
    }
  }

  #dial(now: Instant, conn: ConnectionId, address: Endpoint): void {
    for (const [infoHash, torrent] of this.#options.life.torrents)
      if (torrent.parts.peers.of(conn) !== undefined) this.#torrent(infoHash)?.dials(address.ip);
    this.#add(conn, address, { isOutgoing: true, now });
  }

  #said(now: Instant, conn: ConnectionId, sayings: readonly Saying[]): void {
    const line = this.#lines.get(conn);
    if (line === undefined) return this.#complain('ended', String(sayings[0]?.type));
    for (const saying of sayings) {
      line.unsentBytes += sayingLength(saying);
      if (saying.type === 'handshake') line.infoHash ??= saying.handshake.infoHash;
      this.#torrentOf(line)?.said(now, line, saying);
    }
  }

  #transmitted(now: Instant, conn: ConnectionId, bytes: Uint8Array): void {
    const line = this.#lines.get(conn);
    if (line === undefined) return this.#complain('ended', `${bytes.length} bytes`);
    this.#said(now, conn, line.said.read(bytes));
  }

  #forget(conn: ConnectionId): void {
    const line = this.#lines.get(conn);
    this.#lines.delete(conn);
    if (line?.infoHash !== undefined) this.#torrents.get(line.infoHash)?.forget(conn);
  }

  /** From the handshake on a line belongs to its torrent. */
  #torrentOf(line: Line): TorrentWatch | undefined {
    const torrent = line.infoHash && this.#torrent(line.infoHash);
    if (torrent !== undefined && line.isOpen) torrent.shared.lines.set(line.conn, line);
    return torrent;
  }

  #torrent(infoHash: InfoHash): TorrentWatch | undefined {
    const known = this.#torrents.get(infoHash);
    if (known !== undefined) return known;
    const { facts, life } = this.#options;
    const torrent = life.torrents.get(infoHash);
    if (torrent === undefined) return undefined;
    const complain = this.#complain.bind(this);
    const watch = new TorrentWatch(infoHash, { life, torrent, facts, complain });
    this.#torrents.set(infoHash, watch);
    return watch;
  }
}
