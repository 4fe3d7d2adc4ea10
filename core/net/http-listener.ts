/** An HTTP server that strangers may talk to: every size, wait and number has a limit. */
import {
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  createServer,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Endpoint } from '../torrent/ids.ts';
import type { HttpAnswer, HttpRequest } from '../tracker/http.ts';
import { wrong } from '../tracker/http.ts';
import { canonicalIp } from '../tracker/ip.ts';

export type HttpLimits = {
  /** The head of a request must have come by then; a client that drips it is cut off. */
  readonly headersTimeoutMs: number;
  /** The whole request must have come by then. */
  readonly requestTimeoutMs: number;
  /** A connection that does nothing for so long is closed; also one that does not take its answer. */
  readonly idleTimeoutMs: number;
  /** Request line and headers together, in bytes; more is a 431. */
  readonly maxHeaderBytes: number;
  readonly maxConnections: number;
  /** Requests on one connection, so that nobody keeps his place for ever while others wait for one. */
  readonly maxRequestsPerConnection: number;
  /** More is a 413. */
  readonly maxBodyBytes: number;
  /** Of all bodies on their way at once, which are held in memory; more is a 503. */
  readonly maxBufferedBytes: number;
};

/** A second for a healthy client; ten for one at the other end of a bad line. */
export const defaultHttpLimits: HttpLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  idleTimeoutMs: 30_000,
  maxHeaderBytes: 16_384,
  maxConnections: 4_096,
  maxRequestsPerConnection: 10_000,
  maxBodyBytes: 16 * 2 ** 20,
  maxBufferedBytes: 64 * 2 ** 20,
};

/** Node copies so much text to the kernel without taking memory for it (16 KiB less the head); nearly all answers are smaller. */
const inOneWriteBytes = 15 * 1024;

/** How often overdue requests are looked for. */
const checkingIntervalMs = 1_000;

export type HttpListenerOptions = {
  readonly ip: string;
  /** 0 takes any that is free. */
  readonly port: number;
  readonly limits: HttpLimits;
  /** Believe the last address in X-Forwarded-For. */
  readonly trustProxy: boolean;
  /** A rejection is our own fault: the client hears 500, `onFault` the reason. */
  readonly answer: (request: Omit<HttpRequest, 'date'>) => HttpAnswer | Promise<HttpAnswer>;
  readonly onFault: (error: unknown) => void;
};

export class HttpListener {
  /** Where it listens. */
  readonly address: Endpoint;
  readonly #server: Server;

  /** `server` listens already. */
  constructor(server: Server) {
    const { address, port } = server.address() as AddressInfo;
    this.address = { ip: address, port };
    this.#server = server;
  }

  /** Closes every connection, idle or not, and the port. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

/** Rejects with the system's error (EADDRINUSE, EADDRNOTAVAIL, EACCES) when it cannot listen there. */
export function listenHttp(options: HttpListenerOptions): Promise<HttpListener> {
  const { limits } = options;
  const server = createServer({
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.idleTimeoutMs,
    connectionsCheckingInterval: Math.min(checkingIntervalMs, limits.headersTimeoutMs),
    maxHeaderSize: limits.maxHeaderBytes,
    noDelay: true,
  });
  server.maxConnections = limits.maxConnections;
  server.maxRequestsPerSocket = limits.maxRequestsPerConnection;
  server.timeout = limits.idleTimeoutMs;
  server.on('request', respond(options));
  server.on('clientError', refuseConnection);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: options.port, host: options.ip }, () => {
      server.off('error', reject);
      server.on('error', options.onFault);
      resolve(new HttpListener(server));
    });
  });
}

function respond(options: HttpListenerOptions): RequestListener {
  const bodies = new BodyReader(options.limits);
  const answerTo = (
    request: IncomingMessage,
    body: Uint8Array,
  ): HttpAnswer | Promise<HttpAnswer> => {
    if (request.httpVersionMajor < 1) return wrong(400, 'too-old', 'HTTP 1 is spoken here');
    const { method = '', url: target = '' } = request;
    const remoteIp = remoteIpOf(request, options.trustProxy);
    return options.answer({ method, target, remoteIp, body });
  };
  const readAndAnswer = async (request: IncomingMessage): Promise<HttpAnswer> => {
    const body = await bodies.read(request);
    return body instanceof Uint8Array ? answerTo(request, body) : body;
  };
  return (request, response) => {
    const onFault = (error: unknown): void => {
      if (request.destroyed && !request.complete) return; // The client went away in the middle.
      options.onFault(error);
      send(request, response, wrong(500, 'fault', 'the tracker failed to answer'));
    };
    // Nearly all that a tracker hears has no body, and nearly every answer is there at once: no promise is made for these.
    try {
      const answer = hasBody(request) ? readAndAnswer(request) : answerTo(request, noBody);
      if (!(answer instanceof Promise)) return send(request, response, answer);
      answer.then((later) => send(request, response, later), onFault);
    } catch (error) {
      onFault(error);
    }
  };
}

const noBody = new Uint8Array(0);
const bodyHeaders: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding']);

/** Whether one was announced: without that no request has one (RFC 9112, 6.3). `headers` would be made for the question. */
function hasBody({ rawHeaders }: IncomingMessage): boolean {
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (bodyHeaders.has((rawHeaders[i] ?? '').toLowerCase())) return true;
  return false;
}

class BodyReader {
  readonly #limits: HttpLimits;
  #bufferedBytes = 0;

  constructor(limits: HttpLimits) {
    this.#limits = limits;
  }

  /** The body, or the refusal of one that is too much; the rest of it is then left unread. */
  async read(request: IncomingMessage): Promise<Uint8Array | HttpAnswer> {
    const { maxBodyBytes, maxBufferedBytes } = this.#limits;
    const tooLarge = (): HttpAnswer => wrong(413, 'too-large', `more than ${maxBodyBytes} bytes`);
    if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) return tooLarge();
    const chunks: Buffer[] = [];
    let length = 0;
    try {
      const parts = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
      for await (const chunk of parts) {
        length += chunk.length;
        this.#bufferedBytes += chunk.length;
        if (length > maxBodyBytes) return tooLarge();
        if (this.#bufferedBytes > maxBufferedBytes)
          return wrong(503, 'busy', 'too many uploads at once; try again');
        chunks.push(chunk);
      }
      return Buffer.concat(chunks);
    } finally {
      this.#bufferedBytes -= length;
    }
  }
}

function send(request: IncomingMessage, response: ServerResponse, answer: HttpAnswer): void {
  if (response.destroyed) return;
  const { body, headers, status } = answer;
  const lines: string[] = [];
  for (const name in headers) lines.push(name, headers[name] ?? '');
  lines.push('content-length', String(body.length));
  // What is left of a body that nobody wants must not be taken for the next request.
  if (!request.complete && hasBody(request)) lines.push('connection', 'close');
  response.writeHead(status, lines);
  if (body.length > inOneWriteBytes) return void response.end(body);
  // Given the body with the end, Node makes a list of head, body and an empty string, and gathering that costs more than sending.
  const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1');
  const { socket } = response;
  socket?.cork();
  response.write(text, 'latin1');
  socket?.uncork();
  response.end();
}

function remoteIpOf(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? String(request.headers['x-forwarded-for'] ?? '') : '';
  const last = canonicalIp(forwarded.slice(forwarded.lastIndexOf(',') + 1).trim());
  return last ?? plainIp(request.socket);
}

/** A link-local address comes with its interface, and an IPv4 one in the clothes of IPv6. */
function plainIp(socket: Socket): string {
  const { remoteAddress = '' } = socket;
  if (!remoteAddress.includes(':')) return remoteAddress;
  const [ip = ''] = remoteAddress.split('%');
  return canonicalIp(ip) ?? ip;
}

/** What is no request is told so, if anybody still listens, and the connection is closed. */
function refuseConnection(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status = statusOf[error.code ?? ''] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () =>
    socket.destroy(),
  );
}

const statusOf: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};
