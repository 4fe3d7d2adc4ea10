/** Hosts that are connected at random and send what peers send, to measure what that costs. */
import { randomBelow, randomStream } from '../../../../core/random.ts';
import { microsOfMillis, micros, plus } from '../../micros.ts';
import { type Host, Network, type Socket, type SocketListener } from '../network.ts';
import { Scheduler } from '../../scheduler.ts';

const port = 6881;
const haveBytes = 9;
/** A block of 16 KiB as a `piece` message (BEP 3). */
const blockBytes = 16_397;
/** Blocks that a peer keeps in its socket. */
const blocksAhead = 4;

export class Swarm {
  readonly scheduler = new Scheduler();
  readonly #network: Network;
  readonly #random = randomStream(1, 'swarm');
  readonly #hosts: Host[] = [];
  readonly #sockets: Socket[][] = [];
  #blocksLeft = 0;
  arrived = 0;

  constructor(count: number, degree: number) {
    this.#network = new Network(this.scheduler, {
      random: (name) => randomStream(1, name),
      carriage: 'values',
    });
    for (let i = 0; i < count; i += 1) this.#add(i);
    for (let i = 0; i < count; i += 1)
      for (let k = 0; k < degree / 2; k += 1)
        this.#connect(i, randomBelow(this.#random, count - 1));
    this.settle();
  }

  /** So many hosts, one after the other, tell all their neighbours something. */
  announce(times: number): void {
    for (let i = 0; i < times; i += 1) {
      const sockets = this.#sockets[randomBelow(this.#random, this.#sockets.length)] ?? [];
      for (const socket of sockets) socket.write('have', haveBytes);
      this.scheduler.run(plus(this.scheduler.now, 200));
    }
  }

  /** Every host begins to send blocks to so many of its neighbours, until `blocks` have been written in all. */
  upload(slots: number, blocks: number): void {
    this.#blocksLeft = blocks;
    for (const sockets of this.#sockets)
      for (const socket of sockets.slice(0, slots))
        for (let i = 0; i < blocksAhead; i += 1) this.#writeBlock(socket);
  }

  /** Lets everything happen that is under way. */
  settle(): void {
    while (this.scheduler.pending > 0)
      this.scheduler.run(plus(this.scheduler.now, microsOfMillis(1_000)));
  }

  #add(i: number): void {
    const host = this.#network.addHost({
      name: `host ${i}`,
      ip: `10.${i >>> 16}.${(i >>> 8) & 0xff}.${i & 0xff}`,
      access: {
        upBytesPerSec: 1_250_000,
        downBytesPerSec: 1_250_000,
        delay: microsOfMillis(5 + (i % 40)),
        jitter: micros(2_000),
        loss: 0,
        isNatted: false,
      },
    });
    const sockets: Socket[] = [];
    host.listen(port, (socket) => {
      sockets.push(socket);
      return this.#ear(() => socket);
    });
    this.#hosts.push(host);
    this.#sockets.push(sockets);
  }

  #connect(from: number, by: number): void {
    const to = this.#hosts[(from + 1 + by) % this.#hosts.length];
    if (to === undefined) return;
    const socket: Socket | undefined = this.#hosts[from]?.dial(
      { ip: to.ip, port },
      this.#ear(() => socket),
    );
    if (socket !== undefined) this.#sockets[from]?.push(socket);
  }

  #ear(self: () => Socket | undefined): SocketListener {
    let unsent = 0;
    return {
      connected: () => undefined,
      gone: () => undefined,
      arrived: (items) => {
        this.arrived += items.length;
      },
      sent: (bytes) => {
        unsent += bytes;
        if (unsent < blockBytes) return;
        unsent -= blockBytes;
        const socket = self();
        if (socket !== undefined) this.#writeBlock(socket);
      },
    };
  }

  #writeBlock(socket: Socket): void {
    if (this.#blocksLeft === 0) return;
    this.#blocksLeft -= 1;
    socket.write('block', blockBytes);
  }
}
