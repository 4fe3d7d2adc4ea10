/** A machine on the network. Everything its applications hear, they hear from the scheduler, never from within a call of theirs. */
import type { Endpoint } from '../../../core/torrent/ids.ts';
import { ephemeralPortCount, firstEphemeralPort } from './access.ts';
import { Call, type Callee, type Directory } from './call.ts';
import type { Micros } from '../micros.ts';
import type { Site } from './site.ts';
import { Socket, type SocketListener } from './socket.ts';

/** Takes a call, or does not: `undefined` resets it. */
export type OnCall = (socket: Socket, caller: Endpoint) => SocketListener | undefined;

/** Who knows which host has which address. */
export interface Addresses {
  readonly find: Directory;
  /** Throws RangeError when the address is taken. */
  move(host: Host, ip: string): void;
}

/** Payload bytes and time on the access link, from the beginning. */
export type Traffic = {
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly uplinkBusy: Micros;
  readonly downlinkBusy: Micros;
};

export class Host implements Callee {
  readonly name: string;
  readonly site: Site;
  #ip: string;
  readonly #addresses: Addresses;
  readonly #listening = new Map<number, OnCall>();
  /** In the order in which they were opened. */
  readonly #sockets = new Set<Socket>();
  #calls = 0;

  /** For the network. */
  constructor(name: string, site: Site, ip: string, addresses: Addresses) {
    this.name = name;
    this.site = site;
    this.#ip = ip;
    this.#addresses = addresses;
  }

  get ip(): string {
    return this.#ip;
  }

  /** Connections of its applications, those that are being made included. */
  get openSockets(): number {
    return this.#sockets.size;
  }

  get traffic(): Traffic {
    const { bytesSent, bytesReceived, up, down } = this.site;
    return { bytesSent, bytesReceived, uplinkBusy: up.busy, downlinkBusy: down.busy };
  }

  /** New rates, from the next segment on. */
  limit(rates: { readonly upBytesPerSec: number; readonly downBytesPerSec: number }): void {
    this.site.up.limit(rates.upBytesPerSec);
    this.site.down.limit(rates.downBytesPerSec);
  }

  listen(port: number, onCall: OnCall): void {
    if (this.#listening.has(port)) throw new RangeError(`somebody listens on port ${port}`);
    this.#listening.set(port, onCall);
  }

  unlisten(port: number): void {
    this.#listening.delete(port);
  }

  /** Calls; `connected` or `gone` follows. */
  dial(target: Endpoint, listener: SocketListener): Socket {
    const socket = new Socket(this, target, listener);
    const port = firstEphemeralPort + (this.#calls % ephemeralPortCount);
    this.#calls += 1;
    new Call(this.site, this.#addresses.find, socket, { ip: this.#ip, port });
    return socket;
  }

  /** The application is suspended: what arrives waits for `thaw`, what it has written goes on its way. */
  freeze(): void {
    this.site.freeze();
  }

  /** What has waited is told first. */
  thaw(): void {
    this.site.thaw();
  }

  /** The application is gone and hears nothing; its connections are reset and its ports closed. */
  crash(): void {
    this.site.silence();
    this.#listening.clear();
    for (const socket of [...this.#sockets]) socket.reset();
  }

  /** The power is cut: nobody is told, and nothing leaves or arrives until `appear`. */
  vanish(): void {
    this.site.silence();
    this.site.cutPower();
    this.#listening.clear();
    for (const socket of [...this.#sockets]) socket.perish();
  }

  /** The power is back. Those who still hold a connection are reset when they use it. */
  appear(): void {
    this.site.restorePower();
  }

  /** Another address; the connections from before lead nowhere, from both sides. */
  moveTo(ip: string): void {
    this.#addresses.move(this, ip);
    this.#ip = ip;
    this.site.move();
    for (const socket of this.#sockets) socket.strand();
  }

  /** From now on nothing passes from here to these hosts, and everything to the others. */
  blockTo(hosts: ReadonlySet<Host>): void {
    this.site.block(new Set(Array.from(hosts, ({ site }) => site)));
  }

  listens(port: number): boolean {
    return this.#listening.has(port);
  }

  answer(port: number, socket: Socket, caller: Endpoint): SocketListener | undefined {
    return this.#listening.get(port)?.(socket, caller);
  }

  opened(socket: Socket): void {
    this.#sockets.add(socket);
  }

  closed(socket: Socket): void {
    this.#sockets.delete(socket);
  }
}
