/** Some threads or processes that a run's peers are spread over, each with many of them. */
import { HostLine } from './host-line.ts';
import type { Host, StartHost } from './hosts.ts';
import type { HostOrder } from './peer-messages.ts';
import type { PeerCommand, PeerEvent, PeerFigures, PeerLife, PeerOrder } from './peer-orders.ts';

export type WorkersOptions = {
  readonly count: number;
  readonly startHost: StartHost;
  /** What still kept a worker alive after all of its peers had stopped. */
  readonly onLeftBehind: (resource: string) => void;
};

/** What a peer in a worker tells without being asked. */
export type HostedListener = {
  onEvent(event: PeerEvent): void;
  /** Its worker ended although nobody told it to. */
  onLost(why: string): void;
};

export class PeerWorkers {
  readonly #workers: readonly PeerWorker[];

  /** Starts them all. */
  constructor(options: WorkersOptions) {
    this.#workers = Array.from({ length: options.count }, () => new PeerWorker(options));
  }

  /** Begins a life where the fewest live. Rejects, with nothing left behind, when it cannot. */
  start(order: PeerOrder, listener: HostedListener): Promise<PeerLife> {
    const [first, ...others] = this.#workers;
    if (first === undefined) throw new RangeError('there are no workers');
    const least = others.reduce((a, b) => (b.lives < a.lives ? b : a), first);
    return least.start(order, listener);
  }

  /** Call when every life has ended; resolves when the workers have. */
  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.end()));
  }

  /** Ends all of them at once, with whoever still lives there. Harmless after the end. */
  async kill(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.kill()));
  }
}

class PeerWorker {
  readonly #host: Host;
  readonly #line: HostLine;
  /** Who lives here, or is just about to. */
  readonly #lives = new Map<string, HostedListener>();
  #mayEnd = false;

  constructor({ startHost, onLeftBehind }: WorkersOptions) {
    this.#host = startHost({
      onWords: (words) => {
        this.#line.hear(words);
      },
      onEnd: (why) => {
        this.#ended(why);
      },
    });
    this.#line = new HostLine(this.#host.send, {
      onEvent: (peer, event) => this.#lives.get(peer)?.onEvent(event),
      onLeftBehind,
    });
  }

  get lives(): number {
    return this.#lives.size;
  }

  async start(order: PeerOrder, listener: HostedListener): Promise<PeerLife> {
    const { name } = order;
    this.#lives.set(name, listener);
    try {
      await this.ask({ type: 'start', order });
      return new HostedPeer(name, this);
    } catch (error) {
      this.#lives.delete(name);
      throw error;
    }
  }

  /** Nothing more is heard of it; its worker has room for another. */
  forget(name: string): void {
    this.#lives.delete(name);
  }

  isHome(name: string): boolean {
    return this.#lives.has(name);
  }

  ask(order: HostOrder): Promise<PeerFigures | undefined> {
    return this.#line.ask(order);
  }

  async end(): Promise<void> {
    this.#mayEnd = true;
    // Who is gone already has been told of.
    await this.ask({ type: 'end' }).catch(() => undefined);
    await this.#host.gone;
  }

  kill(): Promise<void> {
    this.#mayEnd = true;
    return this.#host.kill();
  }

  #ended(why: string): void {
    this.#line.broke(why);
    const lost = [...this.#lives.values()];
    this.#lives.clear();
    if (!this.#mayEnd) for (const listener of lost) listener.onLost(why);
  }
}

class HostedPeer implements PeerLife {
  readonly #name: string;
  readonly #worker: PeerWorker;

  constructor(name: string, worker: PeerWorker) {
    this.#name = name;
    this.#worker = worker;
  }

  async perform(command: PeerCommand): Promise<PeerFigures> {
    const figures = await this.#worker.ask({ type: 'tell', peer: this.#name, command });
    if (command.type === 'stop') this.#worker.forget(this.#name);
    if (figures === undefined) throw new Error(`${this.#name} does not say how it is`);
    return figures;
  }

  async kill(): Promise<PeerFigures | undefined> {
    if (!this.#worker.isHome(this.#name)) return undefined;
    // Whose worker is gone is gone as well.
    const last = await this.#worker.ask({ type: 'kill', peer: this.#name }).catch(() => undefined);
    this.#worker.forget(this.#name);
    return last;
  }
}
