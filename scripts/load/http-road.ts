/** Announces over HTTP (BEP 3, 23): so many connections, one question at a time on each, kept or made anew each time. */
import { type Socket, connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Endpoint } from '../../core/torrent/ids.ts';
import { formatIp } from '../../core/tracker/ip.ts';
import { type Errands, type Outcome, type Road, lostAfterMs } from './errand.ts';
import { outcomeOf, readHead } from './http-answer.ts';
import type { Population } from './population.ts';

export type HttpRoadOptions = {
  readonly tracker: Endpoint;
  /** Path and query of the announce URL. */
  readonly path: string;
  readonly population: Population;
  readonly inFlight: number;
  readonly numwant: number;
  /** Many questions on a connection; else one. */
  readonly keepAlive: boolean;
};

const sweepEveryMs = 250;
/** All lanes read into this one: what is read is looked at at once, and kept elsewhere when it is not all there. */
const shared = Buffer.allocUnsafe(65_536);

export class HttpRoad implements Road {
  readonly #options: HttpRoadOptions;
  readonly #lanes: Lane[];

  constructor(options: HttpRoadOptions) {
    this.#options = options;
    // Every address must be heard, or its peers would never come in.
    const { addresses } = options.population;
    const count = Math.max(options.inFlight, addresses.length);
    this.#lanes = Array.from({ length: count }, (_, i) => new Lane(options, i % addresses.length));
  }

  async run(errands: Errands): Promise<void> {
    const write = requestsOf(this.#options, errands.isFirst);
    const sweep = setInterval(() => {
      for (const lane of this.#lanes) lane.sweep();
    }, sweepEveryMs);
    await Promise.all(this.#lanes.map((lane) => lane.run(errands, write)));
    clearInterval(sweep);
  }

  [Symbol.asyncDispose](): Promise<void> {
    for (const lane of this.#lanes) lane.close();
    return Promise.resolve();
  }
}

/** One connection after the other, from one address. */
class Lane {
  readonly #options: HttpRoadOptions;
  readonly #address: number;
  #socket: Socket | undefined;
  #errands: Errands | undefined;
  #write: (peer: number) => string = () => '';
  #finished: () => void = () => undefined;
  #peer: number | undefined;
  #sentAt = 0;
  /** What has come of an answer that is not all there. */
  #held: Buffer | undefined;

  constructor(options: HttpRoadOptions, address: number) {
    this.#options = options;
    this.#address = address;
  }

  run(errands: Errands, write: (peer: number) => string): Promise<void> {
    this.#errands = errands;
    this.#write = write;
    return new Promise((resolve) => {
      this.#finished = resolve;
      this.#next();
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  /** Gives up what is lost: one look at all instead of a timer for each. */
  sweep(): void {
    if (this.#peer !== undefined && performance.now() - this.#sentAt > lostAfterMs)
      this.#socket?.destroy();
  }

  #next(): void {
    const peer = this.#errands?.next(this.#address);
    this.#peer = peer;
    if (peer === undefined) return this.#finished();
    this.#sentAt = performance.now();
    this.#held = undefined;
    this.#socket ??= this.#connect();
    this.#socket.write(this.#write(peer), 'latin1');
  }

  #connect(): Socket {
    const { population, tracker } = this.#options;
    const localAddress = formatIp(population.addresses[this.#address] ?? new Uint8Array(4));
    const socket: Socket = connect({
      host: tracker.ip,
      port: tracker.port,
      localAddress,
      onread: {
        buffer: shared,
        callback: (length) => {
          this.#heard(shared.subarray(0, length), socket);
          return true;
        },
      },
    });
    socket.on('error', () => undefined);
    socket.on('close', () => this.#closed(socket));
    return socket;
  }

  #heard(bytes: Buffer, socket: Socket): void {
    if (socket !== this.#socket) return;
    const held = this.#held === undefined ? bytes : Buffer.concat([this.#held, bytes]);
    const head = readHead(held);
    if (head?.bodyBytes === undefined || held.length < head.bodyAt + head.bodyBytes) {
      this.#held = Buffer.from(held);
      return;
    }
    if (!this.#options.keepAlive || head.isLast) this.#leave(socket);
    this.#settle(outcomeOf(held.subarray(head.bodyAt, head.bodyAt + head.bodyBytes)));
  }

  #leave(socket: Socket): void {
    this.#socket = undefined;
    socket.destroy();
  }

  /** The other side has closed: what came is all there is. */
  #closed(socket: Socket): void {
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    if (this.#peer === undefined) return;
    const head = this.#held && readHead(this.#held);
    if (this.#held !== undefined && head !== undefined)
      return this.#settle(outcomeOf(this.#held.subarray(head.bodyAt)));
    this.#settle({ type: 'lost', detail: 'no answer' });
  }

  #settle(outcome: Outcome): void {
    const { done } = this.#errands ?? {};
    if (this.#peer !== undefined) done?.(this.#peer, outcome, performance.now() - this.#sentAt);
    this.#next();
  }
}

/** What stands around the hashes is the same for all; it is put together once for each run. */
function requestsOf(
  { keepAlive, numwant, path, population, tracker }: HttpRoadOptions,
  isFirst: boolean,
): (peer: number) => string {
  const hashes = Buffer.alloc(40);
  const head = `GET ${path}${path.includes('?') ? '&' : '?'}info_hash=`;
  const fixed = `&uploaded=0&downloaded=0&compact=1&numwant=${numwant}${isFirst ? '&event=started' : ''}`;
  const host = ` HTTP/1.1\r\nHost: ${tracker.ip}:${tracker.port}\r\n`;
  const tail = `${fixed}${host}${keepAlive ? '' : 'Connection: close\r\n'}\r\n`;
  return (peer) => {
    population.writeInfoHash(population.torrentOf(peer), hashes, 0);
    population.writePeerId(peer, hashes, 20);
    const infoHash = escaped(hashes, 0);
    const peerId = escaped(hashes, 20);
    const left = population.isSeeder(peer) ? 0 : 1;
    return `${head}${infoHash}&peer_id=${peerId}&port=${population.portOf(peer)}&left=${left}&key=${peer.toString(16)}${tail}`;
  };
}

const escapes = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return /[\w.~-]/.test(character) && byte < 128
    ? character
    : `%${byte.toString(16).padStart(2, '0')}`;
});

/** The twenty bytes at `begin`. */
function escaped(bytes: Uint8Array, begin: number): string {
  let text = '';
  for (let at = begin; at < begin + 20; at += 1) text += escapes[bytes[at] ?? 0] ?? '';
  return text;
}
