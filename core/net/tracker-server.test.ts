import { readFile, readdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { smallTorrent } from '../testing/tracker-torrents.ts';
import { millis } from '../time.ts';
import { PeerId } from '../torrent/ids.ts';
import type { AnnounceRequest } from '../tracker/announce.ts';
import type { Logger } from './log.ts';
import { announce, fetchCatalogue, fetchTorrentFile, publish, scrape } from './tracker-client.ts';
import { startTracker } from './tracker-server.ts';

const tune = smallTorrent('tune.mp3');
const ip = '127.42.7.1';
const seeding: AnnounceRequest = {
  infoHash: tune.infoHash,
  peerId: PeerId('ab'.repeat(20)),
  port: 6881,
  uploaded: 0,
  downloaded: 0,
  left: 0,
  compact: true,
  noPeerId: false,
};
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
    await using tracker = await startTracker({ ip, port: 0, registry });
    const [base = ''] = tracker.urls;
    await publish(base, tune.bytes);
    await announce(tracker.announceUrl, seeding);
    expect(tracker.expireAfter).toBe(150);
    // Its own timer frees the memory; the lists are right without it.
    await expect.poll(() => tracker.snapshot().swarms.peers).toEqual([]);
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
    await expect.poll(resources).toEqual([]); // What tests before this one left to the system.
    const tracker = await startTracker({ ip, port: 0 });
    await announce(tracker.announceUrl, seeding);
    const idle = await fetch(`${tracker.urls[0]}/stats`);
    await idle.text();
    const active = fetch(`${tracker.urls[0]}/torrents`, {
      method: 'POST',
      duplex: 'half',
      body: new ReadableStream({ pull: () => new Promise(() => {}) }),
    });
    await expect.poll(() => resources().length).toBeGreaterThan(3);
    const failed = expect(active).rejects.toThrow();
    await tracker.stop();
    await tracker.stop();
    await failed;
    await expect.poll(resources).toEqual([]);
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

  it.each([
    ['one bit turned', (bytes: Buffer) => bytes.with(bytes.length >> 1, 0)],
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

/** Sockets, servers and timers of this process that keep it alive; fetch keeps connections of its own. */
const resources = (): string[] =>
  process
    .getActiveResourcesInfo()
    .filter((name) => /^TCP(?:Server|Socket)/.test(name))
    .sort();
