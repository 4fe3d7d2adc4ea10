/**
 * The loop that gives a session real time and real sockets: inputs in, outputs carried out, one timer
 * on the deadline. The driver of a virtual world is the same loop on a scheduler.
 */
import type { Instant } from '../time.ts';
import type { ConnectionId, Endpoint } from '../torrent/ids.ts';
import type { JobOutput, TorrentOutput } from '../swarm/jobs.ts';
import type { SessionInput } from '../swarm/session.ts';
import type { SessionMachine } from '../swarm/session-machine.ts';
import type { Call } from './tcp.ts';
import type { Wire, WireListener } from './wire.ts';
import { since } from '../time.ts';
import { dial } from './tcp.ts';

/** The longest a timer is set for: a deadline further off is looked at again then. */
const maxTimerMs = 60_000;

export type DriverOptions = {
  readonly session: SessionMachine;
  /** Milliseconds since the peer started. */
  readonly clock: () => Instant;
  /** The address that dials are made from. */
  readonly ip: string;
  /** Added to everything sent, in milliseconds. */
  readonly delayMs: number;
  /** Disk, hash, tracker: whatever is not a socket. */
  readonly job: (output: JobOutput) => void;
  /** Bytes that were transmitted have left: whoever owns them may use the memory again. */
  readonly released: (bytes: Uint8Array) => void;
};

type Link = { readonly wire: Wire; readonly address: Endpoint };

export class Driver {
  readonly #options: DriverOptions;
  readonly #links = new Map<ConnectionId, Link>();
  readonly #touched = new Set<Wire>();
  #inputs: SessionInput[] = [];
  #isBusy = false;
  #isFrozen = false;
  #isEnded = false;
  #isSettling = false;
  #timer: NodeJS.Timeout | undefined;
  #timerAt: Instant | undefined;
  #isBlocked: (address: Endpoint) => boolean = () => false;

  constructor(options: DriverOptions) {
    this.#options = options;
  }

  get now(): Instant {
    return this.#options.clock();
  }

  /** Hands an input to the session and carries out all that follows, unless that is being done already. */
  feed(input: SessionInput): void {
    if (this.#isEnded) return;
    this.#inputs.push(input);
    if (!this.#isBusy && !this.#isFrozen) this.#run();
  }

  /** Somebody called us. */
  called(call: Call): void {
    const { address } = call;
    if (this.#isEnded || this.#isBlocked(address)) return call.refuse();
    const conn = this.#options.session.newConnection();
    const wire = call.answer(this.#listener(conn), this.#options.delayMs);
    if (this.#isFrozen) wire.freeze();
    this.#links.set(conn, { wire, address });
    this.feed({ type: 'called', conn, address });
  }

  /** Alive but silent: nothing is read, sent or decided until `thaw`. */
  freeze(): void {
    this.#isFrozen = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const { wire } of this.#links.values()) wire.freeze();
  }

  thaw(): void {
    this.#isFrozen = false;
    this.#thawOpen();
    this.#run();
  }

  /** Cuts the network towards some addresses: connections go silent, dials fail. `() => false` heals. */
  block(isBlocked: (address: Endpoint) => boolean): void {
    this.#isBlocked = isBlocked;
    if (!this.#isFrozen) this.#thawOpen();
    for (const { wire, address } of this.#links.values()) if (isBlocked(address)) wire.freeze();
  }

  /** Ends all at once: with farewells (`close`), or as the kernel does for a killed process (`reset`). */
  end(how: 'close' | 'reset'): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
    for (const { wire } of this.#links.values()) wire[how]();
    this.#links.clear();
  }

  #thawOpen(): void {
    for (const { wire, address } of this.#links.values())
      if (!this.#isBlocked(address)) wire.thaw();
  }

  #run(): void {
    this.#isBusy = true;
    for (let next = 0; next < this.#inputs.length && !this.#isEnded; next += 1) {
      const outputs = this.#options.session.handle(this.now, this.#inputs[next] as SessionInput);
      for (const output of outputs) this.#carryOut(output);
    }
    this.#inputs = [];
    this.#isBusy = false;
    if (this.#isSettling) return;
    this.#isSettling = true;
    // Not at once: a read of the disk answers many requests, each an input of its own, and they are to leave together.
    queueMicrotask(() => this.#settle());
  }

  /** Sends what the inputs of this moment have caused, one system call for each connection. */
  #settle(): void {
    this.#isSettling = false;
    for (const wire of this.#touched) wire.flush();
    this.#touched.clear();
    if (!this.#isFrozen) this.#setTimer();
  }

  #carryOut(output: TorrentOutput): void {
    switch (output.type) {
      case 'transmit':
        return this.#transmit(output.conn, output.bytes);
      case 'say':
        throw new TypeError('a session on sockets speaks in bytes');
      case 'dial':
        return this.#dial(output.conn, output.address);
      case 'hang-up':
        return this.#hangUp(output.conn);
      default:
        return this.#options.job(output);
    }
  }

  #transmit(conn: ConnectionId, bytes: Uint8Array): void {
    const wire = this.#links.get(conn)?.wire;
    if (wire === undefined) return;
    wire.transmit(bytes);
    this.#touched.add(wire);
  }

  #dial(conn: ConnectionId, address: Endpoint): void {
    if (this.#isBlocked(address)) return this.feed({ type: 'gone', conn });
    const wire = dial(address, {
      from: this.#options.ip,
      delayMs: this.#options.delayMs,
      listener: this.#listener(conn),
      onConnect: () => this.feed({ type: 'connected', conn }),
    });
    this.#links.set(conn, { wire, address });
  }

  #hangUp(conn: ConnectionId): void {
    const link = this.#links.get(conn);
    this.#links.delete(conn);
    if (link === undefined) return;
    this.#touched.delete(link.wire);
    link.wire.close();
  }

  #listener(conn: ConnectionId): WireListener {
    return {
      // The read buffer is used again as soon as this returns: a frozen peer must keep a copy.
      bytes: (bytes) =>
        this.feed({ type: 'bytes', conn, bytes: this.#isFrozen ? bytes.slice() : bytes }),
      sent: (bytes, buffers) => {
        for (const buffer of buffers) this.#options.released(buffer);
        this.feed({ type: 'sent', conn, bytes });
      },
      gone: () => {
        this.#links.delete(conn);
        this.feed({ type: 'gone', conn });
      },
    };
  }

  #setTimer(): void {
    const deadline = this.#isEnded ? undefined : this.#options.session.deadline;
    if (deadline === this.#timerAt && this.#timer !== undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timerAt = deadline;
    if (deadline === undefined) return;
    const wait = Math.min(maxTimerMs, Math.max(0, Math.ceil(since(deadline, this.now))));
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      // Not in the timers' own turn: where many peers have work every few milliseconds, Node would go from
      // one timer to the next and never come to the sockets.
      setImmediate(() => this.feed({ type: 'tick' }));
    }, wait);
  }
}
