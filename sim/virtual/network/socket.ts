/** One end of a connection, as an application holds it. */
import type { Endpoint } from '../../../core/torrent/ids.ts';
import { type End, Flow } from './flow.ts';
import type { Payload } from './item-queue.ts';
import type { Micros } from '../micros.ts';
import { Path } from './path.ts';
import type { Site } from './site.ts';

/** What an application hears of its connection. Nothing is called before `dial` or `onCall` has returned. */
export interface SocketListener {
  /** To the one who called: the other side has answered. */
  connected(): void;
  /** Some of the stream: bytes, borrowed until the call returns, or the values that are whole with it (perhaps none). */
  arrived(payload: Payload): void;
  /** These bytes of what was written have left on the uplink. */
  sent(bytes: number): void;
  /** The last call: the other side has ended, or could not be reached. */
  gone(): void;
}

/** Who keeps account of its open sockets. */
export interface Keeper {
  readonly site: Site;
  opened(socket: Socket): void;
  closed(socket: Socket): void;
}

export class Socket implements End {
  readonly remote: Endpoint;
  readonly #keeper: Keeper;
  #listener: SocketListener | undefined;
  #isEnded = false;
  #out: Flow | undefined;
  #in: Flow | undefined;
  /** What was written before there was a connection. */
  #early: { readonly item: unknown; readonly length: number }[] = [];

  constructor(keeper: Keeper, remote: Endpoint, listener?: SocketListener) {
    this.remote = remote;
    this.#keeper = keeper;
    this.#listener = listener;
    keeper.opened(this);
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** `item` must not change until it has arrived; `length` is in bytes, and above 0. Does nothing once the connection has ended. */
  write(item: unknown, length: number): void {
    if (!(length > 0) || length % 1 !== 0) throw new RangeError(`not a length: ${length}`);
    if (this.#isEnded) return;
    if (this.#out === undefined) this.#early.push({ item, length });
    else this.#out.write(item, length);
  }

  /** The other side hears of the end when it has all that was written. Nothing is heard any more. */
  close(): void {
    if (this.#isEnded) return;
    this.#end();
    this.#out?.finish();
  }

  /** What is under way is lost, and the other side hears of the end. Nothing is heard any more. */
  reset(): void {
    if (this.#isEnded) return;
    this.#end();
    this.#out?.breakOff();
  }

  /** For the network: both directions between these two, usable for the caller now and for the callee from `acceptedAt` on. */
  static join(caller: Socket, callee: Socket, acceptedAt: Micros): void {
    const [here, there] = [caller.#keeper.site, callee.#keeper.site];
    const call = new Flow(new Path(here, there), caller, callee);
    const answer = new Flow(new Path(there, here), callee, caller);
    [caller.#out, caller.#in] = [call, answer];
    [callee.#out, callee.#in] = [answer, call];
    call.writer = answer.reader = caller.#listener;
    for (const { item, length } of caller.#early) call.write(item, length);
    caller.#early = [];
    call.open(acceptedAt);
  }

  /** For the network: somebody has taken the call. */
  accept(listener: SocketListener, now: Micros): void {
    this.#listener = listener;
    if (this.#out !== undefined) this.#out.writer = listener;
    if (this.#in !== undefined) this.#in.reader = listener;
    this.#out?.open(now);
  }

  /** For the network. */
  connected(): void {
    if (!this.#isEnded) this.#listener?.connected();
  }

  /** For the network: its host lost its power. */
  perish(): void {
    this.#end();
    this.#out?.end();
  }

  /** For the network: its host moved away; it may be written to, and nothing comes of it. */
  strand(): void {
    this.#in?.abandon();
  }

  ended(): void {
    if (this.#isEnded) return;
    this.#end();
    this.#out?.end();
    this.#listener?.gone();
  }

  #end(): void {
    this.#isEnded = true;
    this.#early = [];
    this.#in?.abandon();
    this.#keeper.closed(this);
  }
}
