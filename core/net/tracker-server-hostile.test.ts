import { type Socket, connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { encodeBencode } from '../bencode/encode.ts';
import { type HttpLimits, defaultHttpLimits } from './http-listener.ts';
import { fetchCatalogue, publish } from './tracker-client.ts';
import { type RunningTracker, startTracker } from './tracker-server.ts';

const ip = '127.42.8.1';
/** Longer than a test may take. */
const patient: Partial<HttpLimits> = {
  headersTimeoutMs: 90_000,
  requestTimeoutMs: 90_000,
  idleTimeoutMs: 90_000,
};
const halfBody = 'POST /torrents HTTP/1.1\r\nHost: a\r\nContent-Length: 10000\r\n\r\nd4';
/** Short, so that the tests need not wait. */
const hasty: Partial<HttpLimits> = {
  headersTimeoutMs: 200,
  requestTimeoutMs: 400,
  idleTimeoutMs: 300,
};
const query = `info_hash=${'a'.repeat(20)}&peer_id=${'b'.repeat(20)}&left=0`;

/** Asks the tracker to hang up afterwards. */
const last = 'Host: a\r\nConnection: close\r\n';

describe('a tracker among strangers', () => {
  it.each([
    ['a BitTorrent handshake', '400', '\x13BitTorrent protocol\0\0\0\0\0\0\0\0'],
    ['a TLS hello', '400', '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03'],
    ['binary', '400', '\0\xff\xfe\r\n\r\n'],
    ['HTTP/0.9', '400', 'GET /announce\r\n\r\n'],
    [
      'a body of two lengths',
      '400',
      `POST /torrents HTTP/1.1\r\n${last}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    [
      'a chunk of size -1',
      '400',
      `POST /torrents HTTP/1.1\r\n${last}Transfer-Encoding: chunked\r\n\r\n-1\r\n`,
    ],
    ['a request without a host', '400', 'GET /stats HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['a 64 KiB address', '431', `GET /?${'a'.repeat(65_536)} HTTP/1.1\r\n${last}\r\n`],
    ['a 9 KiB address', '414', `GET /?${'a'.repeat(9_000)} HTTP/1.1\r\n${last}\r\n`],
    ['a megabyte of headers', '431', `GET / HTTP/1.1\r\n${'X: y\r\n'.repeat(200_000)}\r\n`],
    [
      'a body of 16 MiB and a byte',
      '413',
      `POST /torrents HTTP/1.1\r\n${last}Content-Length: 16777217\r\n\r\n`,
    ],
    [
      'an announce with a body',
      '405',
      `POST /announce?${query}&port=1 HTTP/1.1\r\n${last}Content-Length: 1\r\n\r\nx`,
    ],
    ['a HEAD', '405', `HEAD /announce?${query}&port=1 HTTP/1.1\r\n${last}\r\n`],
    ['a tunnel', '', `CONNECT example.com:443 HTTP/1.1\r\n${last}\r\n`],
  ])('refuses %s with %s and goes on', async (_, status, text) => {
    await using tracker = await startTracker({ ip, port: 0 });
    const said = await exchange(tracker, text);
    expect(said.slice(0, 12)).toBe(status === '' ? '' : `HTTP/1.1 ${status}`);
    await expectAlive(tracker);
    expect(tracker.snapshot().swarms.peers).toEqual([]);
  });

  it('refuses a body without a length as soon as it is too large', async () => {
    const limits = { maxBodyBytes: 1_000 };
    await using tracker = await startTracker({ ip, port: 0, limits });
    const chunk = `400\r\n${'x'.repeat(1_024)}\r\n`;
    const head = `POST /torrents HTTP/1.1\r\n${last}Transfer-Encoding: chunked\r\n\r\n`;
    expect((await exchange(tracker, `${head}${chunk}`)).slice(0, 12)).toBe('HTTP/1.1 413');
  });

  it.each([
    ['port=0', 'port is not from 1 to 65535'],
    ['port=1&a%zz', 'a percent sign without two hex digits'],
    ['port=1&left=0', 'left is given twice'],
    [`port=1${'&x'.repeat(3_000)}`, 'more than 128 parameters'],
  ])('answers an announce with %s by a failure reason', async (parameter, reason) => {
    await using tracker = await startTracker({ ip, port: 0 });
    const request = `GET /announce?${query}&${parameter} HTTP/1.1\r\n${last}\r\n`;
    const said = await exchange(tracker, request);
    expect(said).toContain(`d14:failure reason${reason.length}:${reason}e`);
    expect(tracker.snapshot().swarms.peers).toEqual([]);
  });

  it.each<[string, string, string, Partial<HttpLimits>]>([
    ['says nothing', '', '', { headersTimeoutMs: 200 }],
    ['stops in its head', 'GET /announce HTTP/1.1\r\nHost: a\r\n', '', { headersTimeoutMs: 200 }],
    ['drips its head', 'GET /stats HTTP/1.1\r\nX: ', 'y', { headersTimeoutMs: 200 }],
    ['stops in its body', halfBody, '', { headersTimeoutMs: 100, requestTimeoutMs: 300 }],
    ['drips its body', halfBody, 'y', { headersTimeoutMs: 100, requestTimeoutMs: 300 }],
    [
      'waits for ever between requests',
      'GET /stats HTTP/1.1\r\nHost: a\r\n\r\n',
      '',
      { idleTimeoutMs: 200 },
    ],
  ])('cuts off a client that %s, and serves the others', async (_, text, drip, short) => {
    await using tracker = await startTracker({ ip, port: 0, limits: { ...patient, ...short } });
    const socket = connectTo(tracker);
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    socket.resume().write(text);
    const dripping = setInterval(() => drip !== '' && socket.write(drip), 20);
    await expectAlive(tracker);
    await closed;
    clearInterval(dripping);
  });

  it('closes a client that does not take its answer', async () => {
    await using tracker = await startTracker({ ip, port: 0, limits: hasty });
    const torrent = largeTorrent();
    await publish(tracker.urls[0] ?? '', torrent);
    const socket = connectTo(tracker);
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    let taken = 0;
    socket.pause().on('data', (part: Buffer) => {
      taken += part.length;
    });
    socket.write('GET /torrents/0.torrent HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(50));
    await expectAlive(tracker);
    await sleep((hasty.idleTimeoutMs ?? 0) * 4);
    socket.resume();
    await closed;
    // What the system had taken off its hands may still come; the rest was given up.
    expect(taken).toBeLessThan(50 * torrent.length);
  });

  it('serves so many requests on one connection, and then no more', async () => {
    const limits = { ...hasty, maxRequestsPerConnection: 3 };
    await using tracker = await startTracker({ ip, port: 0, limits });
    const said = await exchange(tracker, 'GET /stats HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(500));
    expect(said.match(/HTTP\/1\.1 200/g)).toHaveLength(3);
  });

  it('takes no more connections than it can serve, and recovers', async () => {
    const limits = { ...patient, maxConnections: 4 };
    await using tracker = await startTracker({ ip, port: 0, limits });
    const held = [1, 2, 3, 4].map(() => connectTo(tracker));
    await Promise.all(held.map((socket) => once(socket, 'connect')));
    const request = `GET /stats HTTP/1.1\r\n${last}\r\n`;
    expect(await exchange(tracker, request)).toBe('');
    for (const socket of held) socket.destroy();
    await expectAlive(tracker);
  });

  it('holds no more of all uploads together than it may, and recovers', async () => {
    const limits = {
      ...patient,
      maxBufferedBytes: 100_000,
      requestTimeoutMs: 400,
      headersTimeoutMs: 400,
    };
    await using tracker = await startTracker({ ip, port: 0, limits });
    const upload = (length: number): Promise<string> =>
      exchange(
        tracker,
        `POST /torrents HTTP/1.1\r\n${last}Content-Length: ${length}\r\n\r\n${'x'.repeat(60_000)}`,
      );
    const answers = await Promise.all([upload(90_000), upload(90_000), upload(90_000)]);
    expect(answers.filter((said) => said.startsWith('HTTP/1.1 503'))).toHaveLength(2);
    expect(await upload(60_000)).toContain('HTTP/1.1 400');
  });

  it('has limits that a slow but honest client keeps', () => {
    expect(defaultHttpLimits.headersTimeoutMs).toBeGreaterThanOrEqual(5_000);
    expect(defaultHttpLimits.requestTimeoutMs).toBeLessThanOrEqual(30_000);
  });
});

function connectTo({ address }: RunningTracker): Socket {
  const socket = connect({ host: address.ip, port: address.port });
  return socket.on('error', () => socket.destroy());
}

/** Everything that is said until the tracker closes. */
async function exchange(tracker: RunningTracker, text: string): Promise<string> {
  const socket = connectTo(tracker);
  socket.write(text, 'latin1');
  let said = '';
  socket.setEncoding('latin1').on('data', (part) => {
    said += String(part);
  });
  await new Promise<void>((resolve) => socket.on('close', () => resolve()));
  return said;
}

/** A machine that stands still for a moment is cut off as well; so it may ask again. */
async function expectAlive(tracker: RunningTracker): Promise<void> {
  const ask = (): Promise<unknown> =>
    fetchCatalogue(tracker.urls[0] ?? '').catch((error: unknown) => error);
  await expect.poll(ask, { timeout: 5_000 }).toEqual([]);
}

/** A .torrent of about a megabyte. */
function largeTorrent(): Uint8Array {
  const count = 50_000;
  const pieces = new Uint8Array(20 * count);
  return encodeBencode({ info: { length: count, name: 'large', 'piece length': 1, pieces } });
}
