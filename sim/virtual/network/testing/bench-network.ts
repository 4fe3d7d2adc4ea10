/** A small network whose hosts write down what they hear, and when. */
import { randomStream } from '../../../../core/random.ts';
import type { Endpoint } from '../../../../core/torrent/ids.ts';
import { micros, microsOfMillis, type Micros } from '../../micros.ts';
import {
  type Access,
  type Carriage,
  type Host,
  Network,
  type Payload,
  type Socket,
  type SocketListener,
} from '../network.ts';
import { Scheduler } from '../../scheduler.ts';

export const port = 6881;

/** 1 MB/s both ways, 10 ms to anywhere, nothing lost. */
export const plainAccess: Access = {
  upBytesPerSec: 1_000_000,
  downBytesPerSec: 1_000_000,
  delay: micros(9_950),
  jitter: micros(0),
  loss: 0,
  isNatted: false,
};

/** What an application heard: `[milliseconds, what, bytes or values]`. */
export type Heard = readonly [at: number, what: string, detail?: unknown];

export class Line {
  readonly scheduler = new Scheduler();
  readonly network: Network;
  readonly carriage: Carriage;

  constructor(carriage: Carriage = 'values', seed = 1) {
    this.carriage = carriage;
    this.network = new Network(this.scheduler, {
      random: (name) => randomStream(seed, name),
      carriage,
    });
  }

  host(name: string, access: Partial<Access> = {}): Host {
    const count = [...name].reduce((sum, char) => sum * 31 + char.charCodeAt(0), 7) % 65_536;
    const ip = `10.0.${count >>> 8}.${count & 0xff}`;
    return this.network.addHost({ name, ip, access: { ...plainAccess, ...access } });
  }

  /** Runs until so many milliseconds after the beginning. */
  until(ms: number): void {
    this.scheduler.run(microsOfMillis(ms));
  }

  get ms(): number {
    return this.scheduler.now / 1_000;
  }

  at(ms: number, run: () => void): void {
    this.scheduler.at(microsOfMillis(ms), run);
  }

  /** A listener that writes down what it hears in `heard`. */
  ear(heard: Heard[]): SocketListener {
    const note = (what: string, detail?: unknown): void => {
      heard.push(detail === undefined ? [this.ms, what] : [this.ms, what, detail]);
    };
    return {
      connected: () => note('connected'),
      arrived: (payload) => note('arrived', copyOf(payload)),
      sent: (bytes) => note('sent', bytes),
      gone: () => note('gone'),
    };
  }

  /** A connection between two hosts, made; `here` dials. Nothing of the handshake is left in what was heard. */
  pair(here: Host, there: Host): Pair {
    const heard: [Heard[], Heard[]] = [[], []];
    const sockets: Socket[] = [];
    let caller: Endpoint | undefined;
    there.unlisten(port);
    there.listen(port, (socket, from) => {
      sockets.push(socket);
      caller = from;
      return this.ear(heard[1]);
    });
    const near = here.dial({ ip: there.ip, port }, this.ear(heard[0]));
    for (let waited = 0; sockets.length === 0 && waited < 10_000; waited += 1)
      this.scheduler.run((this.scheduler.now + 1_000) as Micros);
    const far = sockets[0];
    if (far === undefined || caller === undefined) throw new Error('nobody answered');
    for (const log of heard) log.length = 0;
    return { near, far, heardNear: heard[0], heardFar: heard[1] };
  }
}

export type Pair = {
  readonly near: Socket;
  readonly far: Socket;
  readonly heardNear: Heard[];
  readonly heardFar: Heard[];
};

const copyOf = (payload: Payload): unknown =>
  payload instanceof Uint8Array ? payload.slice() : [...payload];

/** What was heard, without the times. */
export const words = (heard: readonly Heard[]): readonly unknown[] =>
  heard.map(([, what, detail]) => (detail === undefined ? what : [what, detail]));
