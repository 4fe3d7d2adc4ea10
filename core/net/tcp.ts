/** Listening and dialling over TCP, from an address of our own. */
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';
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
  /** Takes no more calls; connections already made go on. */
  readonly close: () => Promise<void>;
};

/** Listens at `endpoint` (port 0: any free one). Rejects with the system's error, code EADDRINUSE among others. */
export async function listen(
  { ip, port }: Endpoint,
  options: { readonly maxConnections: number; readonly onCall: (socket: Socket) => void },
): Promise<Listener> {
  const server = createServer({ allowHalfOpen: false }, options.onCall);
  server.maxConnections = options.maxConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: ip, port, exclusive: true }, resolve);
  });
  // Running out of file descriptors must not end the program: the call is lost, the next may come through.
  server.on('error', () => undefined);
  const bound = server.address() as AddressInfo;
  return { address: { ip, port: bound.port }, close: () => closed(server) };
}

/** Wraps a socket that called us. */
export function answer(socket: Socket, listener: WireListener, delayMs: number): Wire {
  const wire = new Wire(socket, listener, delayMs);
  socket.on('data', (bytes) => wire.received(bytes));
  return wire;
}

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
    onread: {
      buffer: readBuffer,
      callback: (length) => {
        wire.received(readBuffer.subarray(0, length));
        return true;
      },
    },
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
