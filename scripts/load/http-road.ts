/** Announces over HTTP (BEP 3, 23): so many connections, one question at a time on each, kept or made anew each time. */
import { type Socket, connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { BencodeError } from '../../core/bencode/error.ts';
import { decodeBencode } from '../../core/bencode/decode.ts';
import type { Endpoint } from '../../core/torrent/ids.ts';
import { formatIp } from '../../core/tracker/ip.ts';
import { type Errands, type Outcome, type Road, lostAfterMs } from './errand.ts';
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

const headEnd = Buffer.from('\r\n\r\n');

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
    const write = (peer: number): string => requestOf(peer, this.#options, errands.isFirst);
    await Promise.all(this.#lanes.map((lane) => lane.run(errands, write)));
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
  #held: Buffer = Buffer.alloc(0);

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

  #next(): void {
    const peer = this.#errands?.next(this.#address);
    this.#peer = peer;
    if (peer === undefined) return this.#finished();
    this.#sentAt = performance.now();
    this.#held = Buffer.alloc(0);
    this.#socket ??= this.#connect();
    this.#socket.write(this.#write(peer), 'latin1');
  }

  #connect(): Socket {
    const { population, tracker } = this.#options;
    const localAddress = formatIp(population.addresses[this.#address] ?? new Uint8Array(4));
    const socket = connect({ host: tracker.ip, port: tracker.port, localAddress, noDelay: true });
    socket.setTimeout(lostAfterMs, () => socket.destroy());
    socket.on('data', (bytes) => this.#heard(bytes, socket));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#closed(socket));
    return socket;
  }

  #heard(bytes: Buffer, socket: Socket): void {
    if (socket !== this.#socket) return;
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const end = this.#held.indexOf(headEnd);
    if (end < 0) return;
    const head = this.#held.toString('latin1', 0, end).toLowerCase();
    const [, length] = /\r\ncontent-length: *(\d+)/.exec(head) ?? [];
    if (length === undefined) return; // It ends with the connection.
    const body = this.#held.subarray(end + headEnd.length);
    if (body.length < Number(length)) return;
    if (!this.#options.keepAlive || head.includes('\r\nconnection: close')) this.#leave(socket);
    this.#settle(outcomeOf(body.subarray(0, Number(length))));
  }

  #leave(socket: Socket): void {
    this.#socket = undefined;
    socket.end();
  }

  /** The other side has closed: what came is all there is. A kept connection that ends before the question is asked again. */
  #closed(socket: Socket): void {
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    if (this.#peer === undefined) return;
    const end = this.#held.indexOf(headEnd);
    if (end >= 0) return this.#settle(outcomeOf(this.#held.subarray(end + headEnd.length)));
    this.#settle({ type: 'lost', detail: 'no answer' });
  }

  #settle(outcome: Outcome): void {
    const { done } = this.#errands ?? {};
    if (this.#peer !== undefined) done?.(this.#peer, outcome, performance.now() - this.#sentAt);
    this.#next();
  }
}

function requestOf(
  peer: number,
  { keepAlive, numwant, path, population, tracker }: HttpRoadOptions,
  isFirst: boolean,
): string {
  const hashes = Buffer.alloc(40);
  population.writeInfoHash(population.torrentOf(peer), hashes, 0);
  population.writePeerId(peer, hashes, 20);
  const infoHash = escaped(hashes.subarray(0, 20));
  const peerId = escaped(hashes.subarray(20));
  const left = population.isSeeder(peer) ? 0 : 1;
  const query = `info_hash=${infoHash}&peer_id=${peerId}&port=${population.portOf(peer)}&uploaded=0&downloaded=0&left=${left}&compact=1&numwant=${numwant}&key=${peer.toString(16)}`;
  const event = isFirst ? '&event=started' : '';
  const target = `${path}${path.includes('?') ? '&' : '?'}${query}${event}`;
  const connection = keepAlive ? '' : 'Connection: close\r\n';
  return `GET ${target} HTTP/1.1\r\nHost: ${tracker.ip}:${tracker.port}\r\n${connection}\r\n`;
}

const escapes = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return /[\w.~-]/.test(character) && byte < 128
    ? character
    : `%${byte.toString(16).padStart(2, '0')}`;
});

function escaped(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += escapes[byte] ?? '';
  return text;
}

function outcomeOf(body: Uint8Array): Outcome {
  try {
    const dict = decodeBencode(body, { mode: 'lenient' });
    if (!(dict instanceof Map)) return { type: 'garbled', detail: 'not a dictionary' };
    const failure = dict.get('failure reason');
    if (failure instanceof Uint8Array)
      return { type: 'refused', detail: Buffer.from(failure).toString() };
    const peers = dict.get('peers');
    const seeders = Number(dict.get('complete') ?? -1);
    const leechers = Number(dict.get('incomplete') ?? -1);
    if (!(peers instanceof Uint8Array)) return { type: 'garbled', detail: 'no compact peers' };
    return { type: 'told', told: { seeders, leechers, peers } };
  } catch (error) {
    if (!(error instanceof BencodeError)) throw error;
    return { type: 'garbled', detail: error.message };
  }
}
