/** Listening and dialling over TCP, from an address of our own. */
import {
  type AddressInfo,
  type OnReadOpts,
  type Server,
  Socket,
  type SocketConstructorOpts,
  connect,
  createServer,
} from 'node:net';
import type { Endpoint } from '../torrent/ids.ts';
import { Wire, type WireListener } from './wire.ts';

/** One read may bring so much: below 256 KiB the calls cost more than the bytes. */
const readBytes = 256 * 1024;

/** A dial that is not answered in this time has failed; the kernel alone would wait for two minutes. */
const dialLimitMs = 10_000;

/** Reads are handed on before the next one begins, so that one buffer serves every connection of the thread. */
const readBuffer = new Uint8Array(readBytes);

export type Listener = {
  readonly address: Endpoint;
  /** Takes no more calls. Resolves when those that were answered are over. */
  readonly close: () => Promise<void>;
};

/** Somebody wants to speak to us. */
export type Call = {
  readonly address: Endpoint;
  /** `delayMs` is added to everything sent. */
  readonly answer: (listener: WireListener, delayMs: number) => Wire;
  readonly refuse: () => void;
};

export type ListenOptions = {
  /** More callers at once are hung up on. */
  readonly maxConnections: number;
  /** Must answer or refuse at once. */
  readonly onCall: (call: Call) => void;
};

/** Listens at `endpoint` (port 0: any free one). Rejects with the system's error, code EADDRINUSE among others. */
export async function listen({ ip, port }: Endpoint, options: ListenOptions): Promise<Listener> {
  const callers = new Callers();
  const server = createServer({ allowHalfOpen: false, pauseOnConnect: true }, (socket) => {
    if (callers.size >= options.maxConnections) return void socket.destroy();
    options.onCall(callOf(socket, callers));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: ip, port, exclusive: true }, resolve);
  });
  // Running out of file descriptors must not end the program: the call is lost, the next may come through.
  server.on('error', () => undefined);
  const bound = server.address() as AddressInfo;
  return {
    address: { ip, port: bound.port },
    close: async () => {
      await Promise.all([closed(server), callers.gone()]);
    },
  };
}

function callOf(socket: Socket, callers: Callers): Call {
  return {
    address: { ip: plainIp(socket.remoteAddress), port: socket.remotePort ?? 0 },
    refuse: () => void socket.resetAndDestroy(),
    answer: (listener, delayMs) => {
      const receiver: { wire?: Wire } = {};
      const own = readingIntoBuffer(socket, (bytes) => receiver.wire?.received(bytes));
      callers.add(own);
      receiver.wire = new Wire(own, listener, delayMs);
      return receiver.wire;
    },
  };
}

/** The sockets of those who called and were answered. */
class Callers {
  readonly #sockets = new Set<Socket>();
  #onGone: () => void = () => undefined;

  get size(): number {
    return this.#sockets.size;
  }

  add(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      if (this.size === 0) this.#onGone();
    });
  }

  /** Resolves when there are none. */
  gone(): Promise<void> {
    return new Promise((resolve) => {
      this.#onGone = resolve;
      if (this.size === 0) resolve();
    });
  }
}

/**
 * Node lets only sockets that dial read into memory of the caller's. One that was called hands its connection to a new
 * socket, which may: a buffer of Node's own for each read costs a leecher half as much again as all of its own work. Where a
 * version of Node keeps the connection elsewhere, those buffers are what is read.
 */
function readingIntoBuffer(called: Socket, onBytes: (bytes: Uint8Array) => void): Socket {
  const shell = called as { _handle?: unknown };
  const handle = shell._handle;
  if (handle === undefined || handle === null) return called.on('data', onBytes).resume();
  shell._handle = null;
  called.destroy();
  const options = { handle, onread: intoReadBuffer(onBytes) };
  return new Socket(options as SocketConstructorOpts);
}

const intoReadBuffer = (onBytes: (bytes: Uint8Array) => void): OnReadOpts => ({
  buffer: readBuffer,
  callback: (length) => {
    onBytes(readBuffer.subarray(0, length));
    return true;
  },
});

/** Dials `address` from the local address `from`; `onConnect` or the listener's `gone` follows. */
export function dial(
  address: Endpoint,
  options: {
    readonly from: string;
    readonly delayMs: number;
    readonly listener: WireListener;
    readonly onConnect: () => void;
  },
): Wire {
  const socket = connect({
    host: address.ip,
    port: address.port,
    localAddress: options.from,
    onread: intoReadBuffer((bytes) => wire.received(bytes)),
  });
  const wire = new Wire(socket, options.listener, options.delayMs);
  socket.setTimeout(dialLimitMs, () => socket.destroy());
  socket.once('connect', () => {
    socket.setTimeout(0);
    options.onConnect();
  });
  return wire;
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
  });

/** An IPv4 caller of a dual-stack socket is known by its IPv4 address. */
const plainIp = (ip: string | undefined): string => (ip ?? '').replace(/^::ffff:/, '');
