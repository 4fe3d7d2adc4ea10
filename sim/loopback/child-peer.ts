/** A peer in a process of its own, so that a crash is a real SIGKILL. */
import { type Host, startProcess } from './hosts.ts';
import { HostLine } from './host-line.ts';
import type { PeerCommand, PeerEvent, PeerFigures, PeerLife, PeerOrder } from './peer-orders.ts';

/** What a child tells without being asked. */
export type ChildListener = {
  onEvent(event: PeerEvent): void;
  /** What still kept the process alive after its peer had stopped. */
  onLeftBehind(resource: string): void;
  /** The process ended although nobody told it to. */
  onLost(why: string): void;
};

export class ChildPeer implements PeerLife {
  readonly #name: string;
  readonly #host: Host;
  readonly #line: HostLine;
  #mayEnd = false;

  private constructor(name: string, listener: ChildListener) {
    this.#name = name;
    this.#host = startProcess({
      onWords: (words) => {
        this.#line.hear(words);
      },
      onEnd: (why) => {
        this.#line.broke(why);
        if (!this.#mayEnd) listener.onLost(why);
      },
    });
    this.#line = new HostLine(this.#host.send, {
      onEvent: (_peer, event) => {
        listener.onEvent(event);
      },
      onLeftBehind: (resource) => {
        listener.onLeftBehind(resource);
      },
    });
  }

  /** Starts the process and the peer in it. Rejects, with nothing left behind, when either fails. */
  static async start(order: PeerOrder, listener: ChildListener): Promise<ChildPeer> {
    const child = new ChildPeer(order.name, listener);
    try {
      await child.#line.ask({ type: 'start', order });
      return child;
    } catch (error) {
      await child.kill();
      throw error;
    }
  }

  async perform(command: PeerCommand): Promise<PeerFigures> {
    const isLast = command.type === 'stop';
    if (isLast) this.#mayEnd = true;
    const figures = await this.#line.ask({ type: 'tell', peer: this.#name, command });
    if (figures === undefined) throw new Error(`${this.#name} does not say how it is`);
    if (isLast) {
      await this.#line.ask({ type: 'end' });
      await this.#host.gone;
    }
    return figures;
  }

  async kill(): Promise<undefined> {
    this.#mayEnd = true;
    await this.#host.kill();
  }
}
