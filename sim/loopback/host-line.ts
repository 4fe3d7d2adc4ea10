/** The bench's end of the line to a host: orders out, answers matched to them, events handed on. */
import type { FromHost, HostOrder, ToHost } from './peer-messages.ts';
import type { PeerEvent, PeerFigures } from './peer-orders.ts';

/** A thread with hundreds of peers takes some seconds to answer for all of them; a farewell to a silent tracker takes three. */
const answerLimitMs = 60_000;

type Waiting = {
  readonly order: HostOrder['type'];
  readonly askedAt: number;
  readonly resolve: (figures: PeerFigures | undefined) => void;
  readonly reject: (error: Error) => void;
};

export type LineListener = {
  onEvent(peer: string, event: PeerEvent): void;
  /** What still kept the host alive after its peers had stopped. */
  onLeftBehind(resource: string): void;
};

export class HostLine {
  readonly #send: (orders: ToHost) => void;
  readonly #listener: LineListener;
  /** In the order in which they were asked. */
  readonly #waiting = new Map<number, Waiting>();
  #orders: ToHost[number][] = [];
  #asked = 0;
  /** One for all that wait: a thousand peers are asked at once. */
  #timer: NodeJS.Timeout | undefined;
  #brokenBy: string | undefined;

  constructor(send: (orders: ToHost) => void, listener: LineListener) {
    this.#send = send;
    this.#listener = listener;
  }

  /** Rejects when the host refuses, when it does not answer in time and when it is gone. */
  ask(order: HostOrder): Promise<PeerFigures | undefined> {
    if (this.#brokenBy !== undefined) return Promise.reject(new Error(this.#brokenBy));
    const id = this.#asked++;
    if (this.#orders.length === 0) queueMicrotask(() => this.#flush());
    this.#orders.push({ id, ...order });
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { order: order.type, askedAt: performance.now(), resolve, reject });
      this.#timer ??= setTimeout(() => this.#expire(), answerLimitMs);
    });
  }

  hear(words: FromHost): void {
    for (const word of words) {
      // prettier-ignore
      switch (word.type) {
        case 'done':        this.#take(word.id)?.resolve(word.figures); break;
        case 'failed':      this.#take(word.id)?.reject(new Error(word.reason)); break;
        case 'event':       this.#listener.onEvent(word.peer, word.event); break;
        case 'left-behind': word.resources.forEach((resource) => { this.#listener.onLeftBehind(resource); });
      }
    }
  }

  /** The host is gone: whoever waits for it, or asks from now on, is told why. */
  broke(why: string): void {
    this.#brokenBy ??= why;
    for (const id of [...this.#waiting.keys()]) this.#take(id)?.reject(new Error(why));
  }

  #flush(): void {
    const orders = this.#orders;
    this.#orders = [];
    if (this.#brokenBy === undefined) this.#send(orders);
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    return waiting;
  }

  #expire(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const [id, { order, askedAt }] of [...this.#waiting]) {
      const wait = answerLimitMs - (now - askedAt);
      // Timers may be early by a millisecond.
      if (wait > 1) {
        this.#timer = setTimeout(() => this.#expire(), wait);
        return;
      }
      this.#take(id)?.reject(new Error(`no answer to ${order}`));
    }
  }
}
