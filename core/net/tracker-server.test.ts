import { once } from 'node:events';
import { readFile, readdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { smallTorrent } from '../testing/tracker-torrents.ts';
import { millis } from '../time.ts';
import { PeerId } from '../torrent/ids.ts';
import type { Logger } from './log.ts';
import { announce, fetchCatalogue, fetchTorrentFile, publish, scrape } from './tracker-client.ts';
import { startTracker } from './tracker-server.ts';
import { seederOf } from '../testing/announces.ts';

const tune = smallTorrent('tune.mp3');
const ip = '127.42.7.1';
const seeding = seederOf(tune.infoHash);
const leeching = { ...seeding, peerId: PeerId('cd'.repeat(20)), left: 3 };

describe('startTracker', () => {
  it('serves announce, scrape and the catalogue to a client', async () => {
    await using tracker = await startTracker({ ip, port: 0 });
    const [base = ''] = tracker.urls;
    expect(await publish(base, tune.bytes)).toMatchObject({ id: 0, isNew: true });
    expect(await publish(base, tune.bytes)).toMatchObject({ id: 0, isNew: false });
    await announce(tracker.announceUrl, seeding, { localAddress: '127.42.7.2' });
    const answer = await announce(tracker.announceUrl, leeching, { localAddress: '127.42.7.3' });
    expect(answer).toMatchObject({ seeders: 1, leechers: 1 });
    expect(answer).toHaveProperty('peers', [{ ip: '127.42.7.2', port: 6881 }]);
    const [entry] = await fetchCatalogue(base);
    expect(entry).toMatchObject({
      name: 'tune.mp3',
      seeders: [{ ip: '127.42.7.2', port: 6881, peerId: seeding.peerId }],
      leechers: [{ ip: '127.42.7.3' }],
    });
    expect(Date.parse(entry?.addedAt ?? '')).toBeGreaterThan(0);
    expect(await fetchTorrentFile(base, 0)).toEqual(Buffer.from(tune.bytes));
    await expect(fetchTorrentFile(base, 1)).rejects.toMatchObject({ code: 'not-found' });
    expect(await scrape(tracker.announceUrl, [tune.infoHash])).toMatchObject({
      files: new Map([[tune.infoHash, { seeders: 1, leechers: 1, downloaded: 0, downloaders: 1 }]]),
    });
  });

  it('drops a peer that died within the time it states', async () => {
    const registry = { interval: millis(100), expireAfter: millis(150) };
    const log = recordingLog();
    await using tracker = await startTracker({ ip, port: 0, registry, log });
    const [base = ''] = tracker.urls;
    await publish(base, tune.bytes);
    await announce(tracker.announceUrl, seeding);
    expect(tracker.expireAfter).toBe(150);
    const gone = { level: 'info', message: 'peers left without a word', peers: 1 };
    await expect.poll(() => log.lines).toContainEqual(gone);
    expect(await fetchCatalogue(base)).toEqual([]);
  });

  it('says that its port is taken', async () => {
    await using tracker = await startTracker({ ip, port: 0 });
    const { port } = tracker.address;
    await expect(startTracker({ ip, port })).rejects.toMatchObject({
      code: 'address-in-use',
      message: expect.stringContaining(`${ip}:${port}`),
    });
    await expect(startTracker({ ip: '192.0.2.1', port })).rejects.toMatchObject({
      code: 'no-such-address',
    });
  });

  it('starts again on the same port, with what it knew or without', async () => {
    const first = await startTracker({ ip, port: 0 });
    const { port } = first.address;
    const [base = ''] = first.urls;
    await publish(base, tune.bytes);
    await announce(first.announceUrl, seeding);
    const restore = first.snapshot();
    await first.stop();
    await expect(fetchCatalogue(base)).rejects.toMatchObject({ code: 'unreachable' });
    await using second = await startTracker({ ip, port, restore });
    expect(await fetchCatalogue(base)).toMatchObject([{ id: 0, seeders: [{ port: 6881 }] }]);
    second.forget();
    expect(await fetchCatalogue(base)).toEqual([]);
    expect(await publish(base, tune.bytes)).toMatchObject({ id: 0, isNew: false });
    await second.stop();
    await using third = await startTracker({ ip, port });
    expect(await publish(base, tune.bytes)).toMatchObject({ isNew: true });
    expect(third.address.port).toBe(port);
  });

  it('stops at once, whoever is connected, and leaves nothing behind', async () => {
    await expect.poll(sockets).toEqual([]); // What tests before this one left to the system.
    const tracker = await startTracker({ ip, port: 0 });
    await announce(tracker.announceUrl, seeding);
    const { port } = tracker.address;
    const texts = [
      '',
      'GET /stats HTTP/1.1\r\nHost: a\r\n\r\n',
      'POST /torrents HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nd',
    ];
    const connected = texts.map((text) => {
      const socket = connect({ host: ip, port })
        .on('error', () => undefined)
        .resume();
      socket.write(text);
      return once(socket, 'close');
    });
    await expect.poll(() => sockets().length).toBe(7);
    await tracker.stop();
    await tracker.stop();
    await Promise.all(connected);
    await expect.poll(sockets).toEqual([]);
  });

  it('does nothing any more once it has stopped', async () => {
    const log = recordingLog();
    const registry = { interval: millis(200), expireAfter: millis(200) };
    const tracker = await startTracker({ ip, port: 0, registry, log });
    await announce(tracker.announceUrl, seeding);
    await tracker.stop();
    const { length } = log.lines;
    await sleep(400);
    expect(log.lines).toHaveLength(length);
  });

  it('keeps its catalogue in a file', async () => {
    await using dir = await scratch();
    const state = join(dir.path, 'catalogue');
    const other = smallTorrent('other.mp3');
    {
      await using tracker = await startTracker({ ip, port: 0, state });
      const [base = ''] = tracker.urls;
      await Promise.all([publish(base, tune.bytes), publish(base, other.bytes)]);
    }
    await using tracker = await startTracker({ ip, port: 0, state });
    const [base = ''] = tracker.urls;
    const ids = [await publish(base, tune.bytes), await publish(base, other.bytes)];
    expect(ids.map(({ id, isNew }) => [id, isNew]).sort()).toEqual([
      [0, false],
      [1, false],
    ]);
    expect(await publish(base, smallTorrent('third').bytes)).toMatchObject({ id: 2, isNew: true });
    expect(await readdir(dir.path)).toEqual(['catalogue']);
  });

  it('ends no save in the middle', async () => {
    await using dir = await scratch();
    const state = join(dir.path, 'catalogue');
    const log = recordingLog();
    const tracker = await startTracker({ ip, port: 0, state, log });
    const answered = publish(tracker.urls[0] ?? '', tune.bytes).catch(() => undefined);
    await expect.poll(() => log.lines).toHaveLength(1);
    await tracker.stop();
    expect(await readdir(dir.path)).toEqual(['catalogue']);
    await answered;
  });

  it.each([
    ['one bit turned', (bytes: Buffer) => bytes.with(bytes.indexOf(Buffer.alloc(20)), 1)],
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 9)],
    ['empty', () => new Uint8Array()],
    ['of somebody else', () => Buffer.from('d7:versioni2ee')],
  ])('sets a damaged catalogue aside, and says so: %s', async (_, damage) => {
    await using dir = await scratch();
    const state = join(dir.path, 'catalogue');
    {
      await using tracker = await startTracker({ ip, port: 0, state });
      await publish(tracker.urls[0] ?? '', tune.bytes);
    }
    const damaged = damage(await readFile(state));
    await writeFile(state, damaged);
    const log = recordingLog();
    await using tracker = await startTracker({ ip, port: 0, state, log });
    expect(await fetchCatalogue(tracker.urls[0] ?? '')).toEqual([]);
    expect(log.lines).toContainEqual(
      expect.objectContaining({ level: 'error', movedTo: `${state}.damaged-1` }),
    );
    expect(await readFile(`${state}.damaged-1`)).toEqual(Buffer.from(damaged));
  });

  it('does not start on a catalogue that it cannot read', async () => {
    await expect(startTracker({ ip, port: 0, state: '/dev/null/catalogue' })).rejects.toThrow();
  });

  it('publishes what it cannot save, and says so', async () => {
    await using dir = await scratch();
    const log = recordingLog();
    const state = join(dir.path, 'missing', 'catalogue');
    await using tracker = await startTracker({ ip, port: 0, state, log });
    expect(await publish(tracker.urls[0] ?? '', tune.bytes)).toMatchObject({ id: 0 });
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'error', file: state }));
  });

  it('logs each announce and each publication', async () => {
    const log = recordingLog();
    await using tracker = await startTracker({ ip, port: 0, log });
    await publish(tracker.urls[0] ?? '', tune.bytes);
    await announce(tracker.announceUrl, { ...seeding, event: 'started' });
    const { infoHash } = tune;
    expect(log.lines).toEqual([
      expect.objectContaining({ level: 'info', message: 'torrent published', id: 0, infoHash }),
      expect.objectContaining({ level: 'info', message: 'announce', event: 'started', infoHash }),
    ]);
  });

  it('counts for Prometheus', async () => {
    await using tracker = await startTracker({ ip, port: 0 });
    await announce(tracker.announceUrl, seeding);
    for (let scrapes = 0; scrapes < 2; scrapes += 1) {
      const response = await fetch(`${tracker.urls[0]}/metrics`);
      expect(response.headers.get('content-type')).toContain('text/plain');
      const text = await response.text();
      expect(text).toContain('swarmproof_tracker_announces_total 1\n');
      expect(text).toContain('swarmproof_tracker_seeders 1\n');
    }
  });

  it('believes X-Forwarded-For only behind a proxy', async () => {
    for (const trustProxy of [false, true]) {
      await using tracker = await startTracker({ ip, port: 0, trustProxy });
      const query = `info_hash=${'a'.repeat(20)}&peer_id=${'b'.repeat(20)}&port=1&left=0`;
      await fetch(`${tracker.announceUrl}?${query}`, {
        headers: { 'x-forwarded-for': '10.0.0.1, 10.0.0.2' },
      });
      const [peer] = tracker.snapshot().swarms.peers;
      expect(peer?.ip).toBe(trustProxy ? '10.0.0.2' : '127.0.0.1');
    }
  });

  it('knows an IPv4 peer on an IPv6 socket by its IPv4 address, and names every address', async () => {
    await using tracker = await startTracker({ ip: '::', port: 0 });
    const { port } = tracker.address;
    await announce(`http://127.0.0.1:${port}/announce`, seeding);
    expect(tracker.snapshot().swarms.peers[0]?.ip).toBe('127.0.0.1');
    expect(tracker.urls).toContain(`http://127.0.0.1:${port}`);
  });
});

type Line = { readonly level: string; readonly message: string };

function recordingLog(): Logger & { readonly lines: Line[] } {
  const lines: Line[] = [];
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, message, ...fields });
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

async function scratch(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'swarmproof-tracker-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

const sockets = (): string[] =>
  process.getActiveResourcesInfo().filter((name) => /^TCP(?:Server|Socket)/.test(name));
