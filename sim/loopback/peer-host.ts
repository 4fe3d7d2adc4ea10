/** The peers of one process or thread: does what the bench orders and tells it what happens, many words at a time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { keepHeapSmall, manyPeers } from '../../core/net/thrifty-heap.ts';
import { never } from '../../core/never.ts';
import type { FromHost, HostOrder, HostWord, ToHost } from './peer-messages.ts';
import type { PeerFigures } from './peer-orders.ts';
import { PlayedPeer } from './played-peer.ts';

/** Blocks are served by the thousand; a message for each would cost more than the block. */
const eventsEveryMs = 20;
/** What stopped peers may still need to close their sockets and files. */
const restLimitMs = 1_000;

export type HostOptions = {
  readonly send: (words: FromHost) => void;
  /** What keeps this process or thread alive, but for the line to the bench. */
  readonly remaining: () => readonly string[];
  /** Closes that line. */
  readonly leave: () => void;
};

export class PeerHost {
  readonly #options: HostOptions;
  readonly #peers = new Map<string, PlayedPeer>();
  #words: HostWord[] = [];
  #isFlushDue = false;

  constructor(options: HostOptions) {
    this.#options = options;
  }

  hear(orders: ToHost): void {
    for (const order of orders) void this.#answer(order);
  }

  async #answer(order: ToHost[number]): Promise<void> {
    const { id } = order;
    try {
      const figures = await this.#obey(order);
      this.#words.push({ type: 'done', id, figures });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#words.push({ type: 'failed', id, reason });
    }
    this.#flushSoon();
    if (order.type === 'end') await this.#end();
  }

  // prettier-ignore
  async #obey(order: HostOrder): Promise<PeerFigures | undefined> {
    switch (order.type) {
      case 'start': return this.#start(order);
      case 'tell':  return this.#tell(order);
      case 'kill':  return this.#kill(order.peer);
      case 'end':   return undefined;
      default:      return never(order);
    }
  }

  async #start({ order }: Extract<HostOrder, { type: 'start' }>): Promise<PeerFigures> {
    const { name } = order;
    const peer = await PlayedPeer.start(order, (event) => {
      this.#note({ type: 'event', peer: name, event });
    });
    this.#peers.set(name, peer);
    if (this.#peers.size === manyPeers) keepHeapSmall();
    return peer.perform({ type: 'observe' });
  }

  async #tell({ peer, command }: Extract<HostOrder, { type: 'tell' }>): Promise<PeerFigures> {
    const figures = await this.#require(peer).perform(command);
    if (command.type === 'stop') this.#peers.delete(peer);
    return figures;
  }

  async #kill(name: string): Promise<PeerFigures> {
    const peer = this.#require(name);
    this.#peers.delete(name);
    return peer.kill();
  }

  #require(name: string): PlayedPeer {
    const peer = this.#peers.get(name);
    if (peer === undefined) throw new Error(`${name} was not started`);
    return peer;
  }

  /** Keeps an event for the next message. */
  #note(word: HostWord): void {
    if (this.#words.length === 0) setTimeout(() => this.#flush(), eventsEveryMs).unref();
    this.#words.push(word);
  }

  /** What many peers answer in one turn is one message. */
  #flushSoon(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    setImmediate(() => {
      this.#isFlushDue = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#words.length > 0) this.#options.send(this.#words);
    this.#words = [];
  }

  /** Says what was not cleaned up, if anything, and goes. */
  async #end(): Promise<void> {
    const { remaining, leave } = this.#options;
    let resources = remaining();
    for (let waited = 0; resources.length > 0 && waited < restLimitMs; waited += eventsEveryMs) {
      await sleep(eventsEveryMs);
      resources = remaining();
    }
    this.#words.push({ type: 'left-behind', resources });
    this.#flush();
    leave();
  }
}
