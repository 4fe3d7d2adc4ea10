/** One HTTP exchange with a server that may be hostile: every size, wait and number has a limit. */
import type { IncomingMessage, RequestOptions } from 'node:http';
import { type LookupFunction, isIP } from 'node:net';
import { lookup } from 'node:dns';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { createGunzip } from 'node:zlib';
import type { Duration } from '../time.ts';
import { TrackerRequestError } from './http-error.ts';
import { isLocalIp } from './http-locality.ts';

export type HttpCall = {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly body?: Uint8Array;
  /** Bytes of the answer, as sent and unpacked. */
  readonly maxBytes: number;
  /** For the whole exchange, redirects included. */
  readonly timeLimit: Duration;
  readonly signal?: AbortSignal;
  /** The address to speak from. */
  readonly localAddress?: string;
  /** Where nobody who is elsewhere may redirect us to. Default: this host and its neighbourhood. */
  readonly isLocal?: (ip: string) => boolean;
};

export type HttpReply = { readonly status: number; readonly body: Uint8Array };

/** What browsers and libtorrent stop at, about. */
const maxRedirects = 5;
const maxHeaderBytes = 16_384;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

type Hop = {
  readonly url: URL;
  readonly call: HttpCall;
  readonly signal: AbortSignal;
  /** Whether the address may be this host or its neighbourhood. */
  readonly mayBeLocal: boolean;
};

/** Asks once, following redirects. Rejects with TrackerRequestError. A connection is made for it and closed after it. */
export async function callHttp(call: HttpCall): Promise<HttpReply> {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort('timed-out'), call.timeLimit);
  const onAbort = (): void => ending.abort('aborted');
  call.signal?.addEventListener('abort', onAbort);
  try {
    if (call.signal?.aborted === true) onAbort();
    return await follow(call, ending.signal);
  } catch (error) {
    throw requestErrorOf(error, call, ending.signal);
  } finally {
    clearTimeout(timer);
    call.signal?.removeEventListener('abort', onAbort);
    ending.abort('done');
  }
}

async function follow(call: HttpCall, signal: AbortSignal): Promise<HttpReply> {
  const { isLocal = isLocalIp } = call;
  let hop: Hop = { url: parseUrl(call.url), call, signal, mayBeLocal: true };
  for (let count = 0; ; count += 1) {
    const response = await ask(hop);
    const status = response.statusCode ?? 0;
    const { location } = response.headers;
    if (!redirects.has(status) || location === undefined || call.method !== 'GET')
      return { status, body: await readBody(response, call.maxBytes) };
    if (count === maxRedirects)
      throw new TrackerRequestError('redirected', `more than ${maxRedirects} redirects`);
    const mayBeLocal = hop.mayBeLocal && isLocal(response.socket.remoteAddress ?? '');
    response.destroy();
    hop = { url: parseUrl(location, hop.url), call, signal, mayBeLocal };
  }
}

function parseUrl(text: string, base?: URL): URL {
  const how = base === undefined ? 'bad-url' : 'redirected';
  if (!URL.canParse(text, base?.href)) throw new TrackerRequestError(how, 'not a URL');
  const url = new URL(text, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new TrackerRequestError(how, `only http and https are spoken here, not ${url.protocol}`);
  if (url.username !== '' || url.password !== '')
    throw new TrackerRequestError(how, 'a user name or password in the URL');
  return url;
}

function ask(hop: Hop): Promise<IncomingMessage> {
  const { call, mayBeLocal, signal, url } = hop;
  const host = hostOf(url);
  const { isLocal = isLocalIp } = call;
  if (!mayBeLocal && isLocal(host)) throw sentHome();
  const options: RequestOptions = {
    method: call.method,
    agent: false,
    signal,
    maxHeaderSize: maxHeaderBytes,
    lookup: lookupFor(hop),
    headers: {
      'user-agent': 'swarmproof',
      'accept-encoding': 'gzip',
      ...(call.body !== undefined && { 'content-length': call.body.length }),
    },
    ...localAddressOf(call, host),
  };
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const sent = send(url, options, resolve);
    sent.on('error', reject);
    sent.end(call.body);
  });
}

const sentHome = (): TrackerRequestError =>
  new TrackerRequestError('redirected', 'a tracker out in the world sent us to a local address');

/** A name is resolved to the family we speak from, and its address is looked at before it is used. */
function lookupFor({ call, mayBeLocal }: Hop): LookupFunction {
  const family = isIP(call.localAddress ?? '');
  const { isLocal = isLocalIp } = call;
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true, family }, (error, found) => {
      const [first] = found ?? [];
      if (error !== null || first === undefined) return callback(error, '');
      if (!mayBeLocal && found.some(({ address }) => isLocal(address)))
        return callback(sentHome(), '');
      if (options.all === true) return callback(null, found);
      return callback(null, first.address, first.family);
    });
  };
}

/** An address of the other family cannot be spoken from. */
function localAddressOf({ localAddress }: HttpCall, host: string): { localAddress?: string } {
  if (localAddress === undefined) return {};
  const family = isIP(host);
  return family === 0 || family === isIP(localAddress) ? { localAddress } : {};
}

const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

async function readBody(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const encoding = response.headers['content-encoding'] ?? 'identity';
  const tooLarge = (): TrackerRequestError =>
    new TrackerRequestError('too-large', `an answer of more than ${maxBytes} bytes`);
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of unpacked(response, encoding) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function unpacked(response: IncomingMessage, encoding: string): NodeJS.ReadableStream {
  if (encoding === 'identity') return response;
  if (encoding !== 'gzip' && encoding !== 'x-gzip')
    throw new TrackerRequestError('bad-answer', 'an encoding that nobody asked for');
  const gunzip = createGunzip();
  response.on('error', (error) => gunzip.destroy(error));
  return response.pipe(gunzip);
}

/** Where in the URL a passkey may be, it is not repeated. */
function requestErrorOf(
  error: unknown,
  { url, timeLimit }: HttpCall,
  signal: AbortSignal,
): TrackerRequestError {
  const where = url.replace(/[?#].*$/, '').slice(0, 200);
  if (signal.reason === 'timed-out')
    return new TrackerRequestError('timed-out', `${where}: no answer in ${timeLimit / 1_000} s`);
  if (signal.reason === 'aborted')
    return new TrackerRequestError('aborted', `${where}: given up`, error);
  if (error instanceof TrackerRequestError)
    return new TrackerRequestError(error.code, `${where}: ${error.message}`, error.cause);
  const errno = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^(?:HPE_|Z_)/.test(errno))
    return new TrackerRequestError('bad-answer', `${where}: not HTTP (${errno})`, error);
  return new TrackerRequestError('unreachable', `${where}: ${wordsOf(errno)}`, error);
}

const wordsOf = (errno: string): string => words[errno] ?? `no connection (${errno})`;

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection broke',
  ENOTFOUND: 'no such host',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
};
