/**
 * The virtual network: hosts with an access link each, and byte streams between them. Its unit is the segment, so that
 * a transfer costs few events; access links are shared max-min fairly, since each serves its streams in turn and a
 * stream that cannot get on somewhere leaves its turn elsewhere to others (Hahne 1991).
 */
import type { Random } from '../../../core/random.ts';
import type { Access } from './access.ts';
import { Ground } from './ground.ts';
import { type Addresses, Host } from './host.ts';
import type { Carriage } from './item-queue.ts';
import type { Scheduler } from '../scheduler.ts';
import { Site } from './site.ts';

export type { Access } from './access.ts';
export type { Host, OnCall, Traffic } from './host.ts';
export type { Carriage, Payload } from './item-queue.ts';
export type { Socket, SocketListener } from './socket.ts';

export type NetworkOptions = {
  /** A stream of its own for each name. */
  readonly random: (name: string) => Random;
  /** What is written: Uint8Arrays, or values that stand for a number of bytes. */
  readonly carriage: Carriage;
};

export class Network {
  readonly #ground: Ground;
  readonly #hosts = new Map<string, Host>();
  readonly #addresses: Addresses = {
    find: (ip) => this.#hosts.get(ip),
    move: (host, ip) => {
      this.#expectFree(ip);
      this.#hosts.delete(host.ip);
      this.#hosts.set(ip, host);
    },
  };

  constructor(scheduler: Scheduler, { random, carriage }: NetworkOptions) {
    this.#ground = new Ground(scheduler, carriage, random);
  }

  /** `name` is its own: the host's chances are drawn by it. */
  addHost(host: { readonly name: string; readonly ip: string; readonly access: Access }): Host {
    this.#expectFree(host.ip);
    const added = new Host(
      host.name,
      new Site(this.#ground, host.name, host.access),
      host.ip,
      this.#addresses,
    );
    this.#hosts.set(host.ip, added);
    return added;
  }

  /** Over all hosts; a connection has two. */
  get openSockets(): number {
    return [...this.#hosts.values()].reduce((sum, host) => sum + host.openSockets, 0);
  }

  #expectFree(ip: string): void {
    if (this.#hosts.has(ip)) throw new RangeError(`the address is taken: ${ip}`);
  }
}
