import { type RequestListener, createServer } from 'node:http';
import { type AddressInfo, type Server, createServer as createTcpServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { seconds } from '../time.ts';
import { InfoHash } from '../torrent/ids.ts';
import { callHttp } from './http-client.ts';
import { isLocalIp } from './http-locality.ts';
import { announce, fetchCatalogue, publish, scrape } from './tracker-client.ts';
import { seederOf } from '../testing/announces.ts';

const ip = '127.42.9.1';
const fine = 'd8:intervali30e5:peers6:\x7f\0\0\x01\x1a\xe1e';
const request = seederOf(InfoHash('ff'.repeat(20)));
const read = { interval: seconds(30), peers: [{ ip: '127.0.0.1', port: 6881 }] };

describe('the tracker client', () => {
  it('asks with every byte escaped, from its own address, and reads the answer', async () => {
    const seen: (string | undefined)[] = [];
    await using server = await serve((asked, response) => {
      seen.push(asked.url, asked.socket.remoteAddress);
      response.end(fine, 'latin1');
    });
    const options = { localAddress: '127.42.9.2' };
    expect(await announce(`${server.url}/announce?key=x`, request, options)).toEqual(read);
    expect(seen[0]).toMatch(/^\/announce\?key=x&info_hash=(%ff){20}&peer_id=/);
    expect(seen[1]).toBe('127.42.9.2');
  });

  it('unpacks gzip', async () => {
    await using server = await serve((_, response) => {
      response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.from(fine, 'latin1')));
    });
    expect(await announce(server.url, request)).toEqual(read);
  });

  it('takes a failure reason for an answer, under any status', async () => {
    await using server = await serve((_, response) => {
      response.writeHead(503).end('d14:failure reason4:fulle');
    });
    expect(await announce(server.url, request)).toEqual({ failure: 'full' });
  });

  it.each<[string, string, RequestListener]>([
    ['an endless body', 'too-large', (_, response) => endless(response)],
    [
      'a gzip bomb',
      'too-large',
      (_, response) =>
        void response
          .setHeader('content-encoding', 'gzip')
          .end(gzipSync(Buffer.alloc(64 * 2 ** 20))),
    ],
    [
      'a length that is too large',
      'too-large',
      (_, response) => void response.writeHead(200, { 'content-length': 2 ** 30 }).write('d'),
    ],
    [
      'garbage in gzip clothes',
      'bad-answer',
      (_, response) => void response.setHeader('content-encoding', 'gzip').end('garbage'),
    ],
    [
      'half a gzip',
      'bad-answer',
      (_, response) =>
        void response.setHeader('content-encoding', 'gzip').end(gzipSync('d').subarray(0, 12)),
    ],
    [
      'another encoding',
      'bad-answer',
      (_, response) => void response.setHeader('content-encoding', 'br').end('x'),
    ],
    ['garbage', 'bad-answer', (_, response) => void response.end('<html>')],
    ['nothing', 'bad-answer', (_, response) => void response.end()],
    ['a bare status', 'refused', (_, response) => void response.writeHead(500).end('oops')],
    [
      'a redirect to itself',
      'redirected',
      (asked, response) => void response.writeHead(302, { location: asked.url }).end(),
    ],
    [
      'a redirect to a file',
      'redirected',
      (_, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    ],
    [
      'a redirect to nowhere',
      'redirected',
      (_, response) => void response.writeHead(302, { location: 'http://' }).end(),
    ],
    [
      'a redirect with a password',
      'redirected',
      (_, response) =>
        void response.writeHead(302, { location: 'http://me:secret@127.0.0.1/' }).end(),
    ],
    ['a broken connection', 'unreachable', (asked) => void asked.socket.destroy()],
    [
      'a connection that breaks in the answer',
      'unreachable',
      (asked, response) => {
        response.writeHead(200, { 'content-length': 10 }).write('d', () => asked.socket.destroy());
      },
    ],
    [
      'a connection that breaks in a packed answer',
      'unreachable',
      (asked, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': 100 });
        response.write(gzipSync('d').subarray(0, 12), () => asked.socket.destroy());
      },
    ],
    [
      'a megabyte of headers',
      'bad-answer',
      (_, response) => void response.setHeader('x', 'y'.repeat(2 ** 20)).end(fine),
    ],
    ['silence', 'timed-out', () => undefined],
    ['a drip', 'timed-out', (_, response) => drip(response)],
  ])('meets %s with the error %s', async (_, code, listener) => {
    await using server = await serve(listener);
    const asked = announce(`${server.url}/announce?passkey=secret`, request, {
      timeLimit: seconds(code === 'timed-out' ? 0.2 : 20),
    });
    await expect(asked).rejects.toMatchObject({ name: 'TrackerRequestError', code });
    await expect(asked).rejects.toThrow(/^(?!.*secret)/);
  });

  it.each([
    ['no HTTP', 'bad-answer', 'SSH-2.0-OpenSSH_9.2\r\n'],
    [
      'a chunk of size -1',
      'unreachable',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n',
    ],
  ])('meets %s with the error %s', async (_, code, text) => {
    await using server = await serveRaw(text);
    await expect(announce(server.url, request)).rejects.toMatchObject({ code });
  });

  it('follows a few redirects', async () => {
    await using server = await serve((asked, response) => {
      const hop = Number(/hop=(\d)/.exec(asked.url ?? '')?.[1] ?? 0);
      if (hop === 5) response.end(fine, 'latin1');
      else response.writeHead(307, { location: `/?hop=${hop + 1}` }).end();
    });
    expect(await announce(server.url, request)).toEqual(read);
  });

  it('does not publish to where it is sent', async () => {
    await using server = await serve((_, response) => {
      response.writeHead(307, { location: '/' }).end();
    });
    await expect(publish(server.url, new Uint8Array(2))).rejects.toMatchObject({ code: 'refused' });
  });

  it.each([
    [ip, `http://127.42.9.3`, 'redirected'],
    [ip, `http://localhost`, 'redirected'],
    ['127.42.9.3', `http://127.42.9.3`, 'unreachable'],
  ])('lets %s send it to %s only if both are near: %s', async (near, target, code) => {
    await using server = await serve((_, response) => {
      response.writeHead(302, { location: `${target}:1/` }).end();
    });
    const call = { url: server.url, method: 'GET', maxBytes: 9, timeLimit: seconds(20) } as const;
    const isLocal = (address: string): boolean =>
      near === ip ? address !== ip : address !== near && address !== ip;
    await expect(callHttp({ ...call, isLocal })).rejects.toMatchObject({ code });
  });

  it('knows which addresses no tracker out in the world may send us to', () => {
    const local = [
      '127.0.0.1',
      '10.1.2.3',
      '169.254.169.254',
      '192.168.0.1',
      '::1',
      'fe80::1',
      '0.0.0.0',
      '::ffff:127.0.0.1',
    ];
    expect(local.filter((address) => !isLocalIp(address))).toEqual([]);
    const others = ['8.8.8.8', '172.32.0.1', '2001:db8::1', 'localhost', ''];
    expect(others.filter(isLocalIp)).toEqual([]);
  });

  it.each([
    'ftp://127.0.0.1:1/announce',
    'file:///etc/passwd',
    'announce',
    'http://a:b@127.0.0.1/',
  ])('does not ask %s', async (url) => {
    await expect(announce(url, request)).rejects.toMatchObject({ code: 'bad-url' });
  });

  it('says that nobody listens', async () => {
    await expect(announce(`http://${ip}:1/announce`, request)).rejects.toMatchObject({
      code: 'unreachable',
      message: `http://${ip}:1/announce: nobody listens there`,
      cause: expect.objectContaining({ code: 'ECONNREFUSED' }),
    });
    await expect(scrape(`http://${ip}:1/`, [])).rejects.toMatchObject({ code: 'bad-url' });
  });

  it('gives up when it is told to, before and during', async () => {
    await using server = await serve(() => undefined);
    const early = announce(server.url, request, { signal: AbortSignal.abort() });
    await expect(early).rejects.toMatchObject({ code: 'aborted' });
    const giving = new AbortController();
    const late = announce(server.url, request, { signal: giving.signal });
    server.server.once('connection', () => giving.abort());
    await expect(late).rejects.toMatchObject({ code: 'aborted' });
  });

  it('tells what a tracker has against a torrent, fit for a terminal', async () => {
    await using server = await serve((_, response) => {
      const message = 'no \u001b[31m"info"';
      response.writeHead(400).end(JSON.stringify({ error: { code: 'x', message } }));
    });
    const refused = publish(server.url, new Uint8Array(2));
    await expect(refused).rejects.toMatchObject({ code: 'refused' });
    await expect(refused).rejects.toThrow('no \\u{1b}[31m"info"');
    await expect(fetchCatalogue(server.url)).rejects.toMatchObject({ code: 'refused' });
  });
});

type Served = AsyncDisposable & { readonly url: string; readonly server: Server };

function serve(listener: RequestListener): Promise<Served> {
  return started(createServer({ maxHeaderSize: 2 ** 21 }, listener));
}

const serveRaw = (text: string): Promise<Served> =>
  started(createTcpServer((socket) => void socket.on('error', () => undefined).end(text)));

async function started(server: Server): Promise<Served> {
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => server.listen({ port: 0, host: ip }, resolve));
  const { port } = server.address() as AddressInfo;
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return { url: `http://${ip}:${port}`, server, [Symbol.asyncDispose]: stop };
}

type Response = Parameters<RequestListener>[1];

function endless(response: Response): void {
  const more = (): void => {
    if (!response.destroyed) response.write(Buffer.alloc(65_536, 'a'), more);
  };
  more();
}

function drip(response: Response): void {
  const timer = setInterval(() => response.write('d'), 20);
  response.on('close', () => clearInterval(timer));
}
