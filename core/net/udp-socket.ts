/** A UDP socket: whole datagrams in and out, by addresses and never by names (RFC 768). */
import { type RemoteInfo, type Socket, createSocket } from 'node:dgram';
import type { Endpoint } from '../torrent/ids.ts';
import { canonicalIp } from '../tracker/ip.ts';

/** A burst of announces waits here, in bytes, while the thread is busy; systems give less where they are told to. */
const receiveBufferBytes = 4 * 2 ** 20;

export type UdpSocketOptions = {
  readonly ip: string;
  /** 0 takes any that is free. */
  readonly port: number;
  /** Share it with the other workers of a cluster, each of which then hears some of the datagrams. Default false. */
  readonly isShared?: boolean;
  /** `bytes` are the caller's; `from.ip` is in canonical form. */
  readonly onDatagram: (bytes: Uint8Array, from: Endpoint) => void;
  /** The system's complaint about the socket as a whole. */
  readonly onFault: (error: unknown) => void;
};

/** Rejects with the system's error (EADDRINUSE, EADDRNOTAVAIL, EACCES) when the address cannot be had. */
export function openUdp(options: UdpSocketOptions): Promise<UdpSocket> {
  const { ip, isShared = false, onDatagram, onFault, port } = options;
  const socket = createSocket({ type: ip.includes(':') ? 'udp6' : 'udp4', lookup: asItIs });
  socket.on('message', (bytes: Buffer, from: RemoteInfo) =>
    onDatagram(bytes, { ip: plainIp(from), port: from.port }),
  );
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind({ port, address: ip, exclusive: !isShared }, () => {
      socket.removeAllListeners('error');
      socket.on('error', onFault);
      enlargeBuffer(socket);
      resolve(new UdpSocket(socket));
    });
  });
}

export class UdpSocket {
  /** Where it is bound. */
  readonly address: Endpoint;
  readonly #socket: Socket;
  readonly #isSix: boolean;

  /** `socket` is bound already. */
  constructor(socket: Socket) {
    const { address, family, port } = socket.address();
    this.address = { ip: address, port };
    this.#socket = socket;
    this.#isSix = family === 'IPv6';
  }

  /** Sends it and forgets it: whatever becomes of it, nobody would be told over this protocol either. */
  send(bytes: Uint8Array, { ip, port }: Endpoint): void {
    const target = this.#isSix && !ip.includes(':') ? `::ffff:${ip}` : ip;
    // Without a callback Node drops what the system refuses, and makes no task of each datagram.
    this.#socket.send(bytes, port, target);
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(resolve));
  }
}

/** Node would ask the resolver for every datagram, even for what is an address. */
function asItIs(
  ip: string,
  _options: unknown,
  callback: (error: null, address: string, family: number) => void,
): void {
  callback(null, ip, ip.includes(':') ? 6 : 4);
}

/** A link-local address comes with its interface, and an IPv4 one in the clothes of IPv6. */
function plainIp({ address, family }: RemoteInfo): string {
  if (family === 'IPv4') return address;
  const [ip = ''] = address.split('%');
  return canonicalIp(ip) ?? ip;
}

/** Where the system refuses it, the buffer is as large as usual. */
function enlargeBuffer(socket: Socket): void {
  try {
    socket.setRecvBufferSize(receiveBufferBytes);
  } catch {
    return;
  }
}
