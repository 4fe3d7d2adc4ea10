/** Announces over UDP (BEP 15): a socket and a connection for each address, and many questions out at once. */
import { performance } from 'node:perf_hooks';
import type { UdpSocket } from '../../core/net/udp-socket.ts';
import { openUdp } from '../../core/net/udp-socket.ts';
import { setUint32, uint32At } from '../../core/bytes/uint32.ts';
import type { Endpoint } from '../../core/torrent/ids.ts';
import { formatIp } from '../../core/tracker/ip.ts';
import { announceHeadBytes } from '../../core/tracker/udp/answer.ts';
import { action, answerHeadBytes, numberOf } from '../../core/tracker/udp/numbers.ts';
import { announceAt, encodeUdpRequest } from '../../core/tracker/udp/request.ts';
import { type Errands, type Outcome, type Road, lostAfterMs } from './errand.ts';
import type { Population } from './population.ts';

export type UdpRoadOptions = {
  readonly tracker: Endpoint;
  readonly population: Population;
  readonly inFlight: number;
  readonly numwant: number;
};

/** A client may use a connection id for a minute. */
const reconnectAfterMs = 50_000;
const sweepEveryMs = 250;
/** Transaction ids of connects begin here; those of announces are slots and rounds below it. */
const connectBase = 0xf000_0000;
const maxInFlight = 0xffff;
const slotBits = 16;

type Line = { readonly socket: UdpSocket; high: number; low: number; connected: () => void };

export class UdpRoad implements Road {
  readonly #options: UdpRoadOptions;
  readonly #lines: Line[] = [];
  /** Who is out in each slot, since when, and under which transaction id. */
  readonly #peers: Int32Array;
  readonly #sentAt: Float64Array;
  readonly #transactions: Uint32Array;
  readonly #datagram = new Uint8Array(announceAt.end);
  #round = 0;
  #connectedAt = -Infinity;
  #errands: Errands | undefined;
  #outCount = 0;
  #finished: () => void = () => undefined;

  constructor(options: UdpRoadOptions) {
    this.#options = options;
    const slots = Math.min(options.inFlight, maxInFlight);
    this.#peers = new Int32Array(slots).fill(-1);
    this.#sentAt = new Float64Array(slots);
    this.#transactions = new Uint32Array(slots);
  }

  async run(errands: Errands): Promise<void> {
    await this.#open();
    await this.#connect();
    this.#errands = errands;
    const finished = new Promise<void>((resolve) => (this.#finished = resolve));
    const sweep = setInterval(() => this.#sweep(), sweepEveryMs);
    for (let slot = 0; slot < this.#peers.length; slot += 1) this.#send(slot);
    if (this.#outCount === 0) this.#finished();
    await finished;
    clearInterval(sweep);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#lines.map(({ socket }) => socket.close()));
  }

  async #open(): Promise<void> {
    const { addresses } = this.#options.population;
    while (this.#lines.length < addresses.length) {
      const number = this.#lines.length;
      const socket = await openUdp({
        ip: formatIp(addresses[number] ?? new Uint8Array(4)),
        port: 0,
        onDatagram: (bytes) => this.#heard(number, bytes),
        onFault: () => undefined,
      });
      this.#lines.push({ socket, high: 0, low: 0, connected: () => undefined });
    }
  }

  /** Rejects when the tracker does not answer from all addresses, though it was asked three times. */
  async #connect(): Promise<void> {
    this.#connectedAt = performance.now();
    for (const [number, line] of this.#lines.entries()) {
      const transactionId = connectBase + number;
      const bytes = encodeUdpRequest({ type: 'connect', transactionId });
      await new Promise<void>((resolve, reject) => {
        let tries = 3;
        const send = (): void => {
          if (tries === 0) return reject(new Error('the tracker does not answer over UDP'));
          tries -= 1;
          line.socket.send(bytes, this.#options.tracker);
          timer = setTimeout(send, 1_000);
        };
        let timer: NodeJS.Timeout | undefined;
        line.connected = () => {
          clearTimeout(timer);
          resolve();
        };
        send();
      });
    }
  }

  #heard(number: number, bytes: Uint8Array): void {
    const transaction = uint32At(bytes, 4);
    if (transaction >= connectBase) return this.#connected(transaction - connectBase, bytes);
    const slot = transaction & maxInFlight;
    const peer = this.#peers[slot] ?? -1;
    if (peer < 0 || this.#transactions[slot] !== transaction) return;
    if (this.#options.population.addressOf(peer) !== number) return;
    this.#settle(slot, outcomeOf(bytes));
  }

  #connected(number: number, bytes: Uint8Array): void {
    const line = this.#lines[number];
    if (line === undefined || bytes.length < 16 || uint32At(bytes, 0) !== action.connect) return;
    line.high = uint32At(bytes, 8);
    line.low = uint32At(bytes, 12);
    line.connected();
  }

  #settle(slot: number, outcome: Outcome): void {
    const peer = this.#peers[slot] ?? 0;
    const latencyMs = performance.now() - (this.#sentAt[slot] ?? 0);
    this.#peers[slot] = -1;
    this.#outCount -= 1;
    this.#errands?.done(peer, outcome, latencyMs);
    this.#send(slot);
    if (this.#outCount === 0) this.#finished();
  }

  #send(slot: number): void {
    const peer = this.#errands?.next(undefined);
    if (peer === undefined) return;
    const { population, tracker } = this.#options;
    const line = this.#lines[population.addressOf(peer)];
    if (line === undefined) return;
    this.#round = (this.#round + 1) % 0xf000;
    const transaction = this.#round * 2 ** slotBits + slot;
    this.#peers[slot] = peer;
    this.#transactions[slot] = transaction;
    this.#sentAt[slot] = performance.now();
    this.#outCount += 1;
    line.socket.send(this.#announce(peer, transaction, line), tracker);
  }

  #announce(peer: number, transaction: number, { high, low }: Line): Uint8Array {
    const { numwant, population } = this.#options;
    // A socket keeps what it sends until it is sent: each datagram has memory of its own.
    const bytes = this.#datagram.slice();
    setUint32(bytes, 0, high);
    setUint32(bytes, 4, low);
    setUint32(bytes, 8, action.announce);
    setUint32(bytes, 12, transaction);
    population.writeInfoHash(population.torrentOf(peer), bytes, announceAt.infoHash);
    population.writePeerId(peer, bytes, announceAt.peerId);
    setUint32(bytes, announceAt.left + 4, population.isSeeder(peer) ? 0 : 1);
    const event = this.#errands?.isFirst === true ? 'started' : undefined;
    setUint32(bytes, announceAt.event, numberOf(event));
    setUint32(bytes, announceAt.key, peer + 1);
    setUint32(bytes, announceAt.numwant, numwant);
    const port = population.portOf(peer);
    bytes[announceAt.port] = port >>> 8;
    bytes[announceAt.port + 1] = port;
    return bytes;
  }

  /** Gives up what is lost, and asks for new connections in time. */
  #sweep(): void {
    const now = performance.now();
    for (const [slot, peer] of this.#peers.entries())
      if (peer >= 0 && now - (this.#sentAt[slot] ?? now) > lostAfterMs)
        this.#settle(slot, { type: 'lost', detail: 'no answer' });
    if (now - this.#connectedAt > reconnectAfterMs) this.#connect().catch(() => undefined);
  }
}

function outcomeOf(bytes: Uint8Array): Outcome {
  const kind = uint32At(bytes, 0);
  if (kind === action.error)
    return { type: 'refused', detail: Buffer.from(bytes.subarray(answerHeadBytes)).toString() };
  if (kind !== action.announce || bytes.length < announceHeadBytes)
    return { type: 'garbled', detail: `${bytes.length} bytes of kind ${kind}` };
  const leechers = uint32At(bytes, 12);
  const seeders = uint32At(bytes, 16);
  return { type: 'told', told: { seeders, leechers, peers: bytes.subarray(announceHeadBytes) } };
}
