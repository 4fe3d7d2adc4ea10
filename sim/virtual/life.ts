/**
 * The loop that gives a session virtual time and simulated streams: inputs in, outputs carried out, one event on the
 * deadline. The driver on real sockets (core/net/driver.ts) is the same loop.
 */
import type { Instant } from '../../core/time.ts';
import type { ConnectionId, Endpoint } from '../../core/torrent/ids.ts';
import type { JobOutput, TorrentOutput } from '../../core/swarm/jobs.ts';
import type { SessionInput } from '../../core/swarm/session.ts';
import type { SessionMachine } from '../../core/swarm/session-machine.ts';
import type { Saying } from '../../core/wire/saying.ts';
import type { HostClock } from './host-clock.ts';
import type { Micros } from './micros.ts';
import { packetBytes } from './network/access.ts';
import type { Host } from './network/host.ts';
import type { Socket, SocketListener } from './network/socket.ts';
import type { Scheduler, Target } from './scheduler.ts';

export type LifeOptions = {
  readonly session: SessionMachine;
  readonly scheduler: Scheduler;
  readonly clock: HostClock;
  readonly host: Host;
  readonly port: number;
  /** Disk, hash, tracker: whatever is not a stream. */
  readonly job: (output: JobOutput) => void;
};

export class Life implements Target {
  readonly #session: SessionMachine;
  readonly #scheduler: Scheduler;
  readonly #clock: HostClock;
  readonly #host: Host;
  readonly #port: number;
  readonly #job: (output: JobOutput) => void;
  /** By connection. They are few in one life, and a table would have to be searched for each message. */
  readonly #sockets: (Socket | undefined)[] = [];
  readonly #waiting: SessionInput[] = [];
  #isBusy = false;
  #isFrozen = false;
  #isEnded = false;
  /** When the next tick is scheduled for; what was scheduled for another time is forgotten. */
  #tickAt: Micros | undefined;
  /** The deadline that it is for, as the host's clock has it. */
  #tickFor = 0 as Instant;

  constructor({ session, scheduler, clock, host, port, job }: LifeOptions) {
    this.#session = session;
    this.#scheduler = scheduler;
    this.#clock = clock;
    this.#host = host;
    this.#port = port;
    this.#job = job;
    host.listen(port, (socket, caller) => this.#called(socket, caller));
  }

  /** What the host's clock shows. */
  get now(): Instant {
    return this.#clock.show(this.#scheduler.now);
  }

  /** Hands an input to the session and carries out all that follows, unless that is being done already. */
  feed(input: SessionInput): void {
    if (this.#isEnded) return;
    if (this.#isBusy || this.#isFrozen) return void this.#waiting.push(input);
    this.#run(input);
  }

  /** Alive but silent: nothing is read, sent or decided until `thaw`. */
  freeze(): void {
    this.#isFrozen = true;
    this.#host.freeze();
  }

  thaw(): void {
    if (!this.#isFrozen) return;
    this.#isFrozen = false;
    this.#host.thaw();
    this.feed({ type: 'tick' });
  }

  /** Ends all at once: with farewells, as the kernel does for a killed process, or without a sign as a power cut does. */
  end(how: 'close' | 'crash' | 'vanish'): void {
    const host = this.#host;
    this.#isEnded = true;
    if (this.#isFrozen) host.thaw();
    host.unlisten(this.#port);
    if (how === 'close') for (const socket of this.#sockets) socket?.close();
    else host[how]();
    this.#sockets.length = 0;
  }

  fire(): void {
    if (this.#isEnded || this.#scheduler.now !== this.#tickAt) return;
    this.#tickAt = undefined;
    this.feed({ type: 'tick' });
  }

  #run(input: SessionInput): void {
    this.#isBusy = true;
    this.#handle(input);
    for (let next = 0; next < this.#waiting.length && !this.#isEnded; next += 1)
      this.#handle(this.#waiting[next] as SessionInput);
    this.#waiting.length = 0;
    this.#isBusy = false;
    this.#setTick();
  }

  #handle(input: SessionInput): void {
    for (const output of this.#session.handle(this.now, input)) this.#carryOut(output);
  }

  #carryOut(output: TorrentOutput): void {
    switch (output.type) {
      case 'say':
        return this.#sockets[output.conn]?.write(output.saying, output.length);
      case 'transmit':
        return this.#sockets[output.conn]?.write(output.bytes, output.bytes.length);
      case 'dial':
        return this.#dial(output.conn, output.address);
      case 'hang-up':
        return this.#hangUp(output.conn);
      default:
        return this.#job(output);
    }
  }

  #dial(conn: ConnectionId, address: Endpoint): void {
    this.#sockets[conn] = this.#host.dial(address, new Line(this, conn));
  }

  #called(socket: Socket, address: Endpoint): SocketListener {
    const conn = this.#session.newConnection();
    this.#sockets[conn] = socket;
    this.feed({ type: 'called', conn, address });
    return new Line(this, conn);
  }

  #hangUp(conn: ConnectionId): void {
    const socket = this.#sockets[conn];
    this.#sockets[conn] = undefined;
    socket?.close();
  }

  /** The socket is over: nothing can be said there any more. */
  lost(conn: ConnectionId): void {
    this.#sockets[conn] = undefined;
    this.feed({ type: 'gone', conn });
  }

  #setTick(): void {
    const { deadline } = this.#session;
    // An earlier tick looks at the deadline anew.
    if (this.#isEnded || deadline === undefined) return;
    if (this.#tickAt !== undefined && this.#tickFor <= deadline) return;
    const at = Math.max(this.#clock.when(deadline), this.#scheduler.now) as Micros;
    this.#tickFor = deadline;
    this.#tickAt = at;
    this.#scheduler.schedule(at, this, 0);
  }
}

/** One connection of a life, as the network knows it. */
class Line implements SocketListener {
  readonly #life: Life;
  readonly #conn: ConnectionId;
  /** Bytes that have left and were not worth a word yet. */
  #leftBytes = 0;

  constructor(life: Life, conn: ConnectionId) {
    this.#life = life;
    this.#conn = conn;
  }

  connected(): void {
    this.#life.feed({ type: 'connected', conn: this.#conn });
  }

  arrived(payload: Uint8Array | readonly unknown[]): void {
    const conn = this.#conn;
    if (payload instanceof Uint8Array) this.#life.feed({ type: 'bytes', conn, bytes: payload });
    else this.#life.feed({ type: 'heard', conn, sayings: payload as readonly Saying[] });
  }

  /** A packet's worth and more is told: of the haves that a crowd sends each would otherwise cost an input more. */
  sent(bytes: number): void {
    this.#leftBytes += bytes;
    if (this.#leftBytes < packetBytes) return;
    this.#life.feed({ type: 'sent', conn: this.#conn, bytes: this.#leftBytes });
    this.#leftBytes = 0;
  }

  gone(): void {
    this.#life.lost(this.#conn);
  }
}
