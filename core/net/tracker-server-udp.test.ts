import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../random.ts';
import { smallTorrent } from '../testing/tracker-torrents.ts';
import { millis } from '../time.ts';
import { InfoHash, PeerId } from '../torrent/ids.ts';
import type { AnnounceRequest } from '../tracker/announce.ts';
import { createTorrent } from './create.ts';
import { startPeer } from './peer.ts';
import { TrackerClient, announce, publish, scrape } from './tracker-client.ts';
import { startTracker } from './tracker-server.ts';

const ip = '127.42.11.1';
const infoHash = InfoHash('ab'.repeat(20));
const leeching: AnnounceRequest = {
  ...{ infoHash, peerId: PeerId('cd'.repeat(20)), port: 6881, left: 3 },
  ...{ uploaded: 0, downloaded: 0, compact: true, noPeerId: true },
};
const seeding = { ...leeching, peerId: PeerId('ef'.repeat(20)), left: 0 };

describe('a tracker over UDP', () => {
  it('knows over UDP whom it knows over HTTP, on the same port', async () => {
    await using tracker = await startTracker({ ip, port: 0 });
    const udp = tracker.udpAnnounceUrl ?? '';
    expect(udp).toBe(`udp://${ip}:${tracker.address.port}/announce`);
    await announce(tracker.announceUrl, seeding, { localAddress: '127.42.11.2' });
    const answer = await announce(udp, leeching, { localAddress: '127.42.11.3' });
    expect(answer).toMatchObject({ seeders: 1, leechers: 1, interval: 30_000 });
    expect(answer).toHaveProperty('peers', [{ ip: '127.42.11.2', port: 6881 }]);
    const entry = { seeders: 1, leechers: 1, downloaded: 0 };
    const unknown = InfoHash('00'.repeat(20));
    expect(await scrape(udp, [infoHash, unknown])).toEqual({
      files: new Map([
        [infoHash, entry],
        [unknown, { seeders: 0, leechers: 0, downloaded: 0 }],
      ]),
    });
    expect(await scrape(tracker.announceUrl, [infoHash])).toMatchObject({
      files: new Map([[infoHash, entry]]),
    });
  });

  it('speaks IPv6 to IPv6 and IPv4 to IPv4, from one socket', async () => {
    await using tracker = await startTracker({ ip: '::', port: 0 });
    const { port } = tracker.address;
    const six = `udp://[::1]:${port}/announce`;
    const four = `udp://127.0.0.1:${port}`;
    await announce(six, seeding);
    await announce(four, { ...seeding, peerId: PeerId('01'.repeat(20)), port: 6882 });
    expect(await announce(six, leeching)).toMatchObject({
      peers: [{ ip: '::1', port: 6881 }],
      seeders: 2,
    });
    expect(await announce(four, { ...leeching, peerId: PeerId('02'.repeat(20)) })).toMatchObject({
      peers: [{ ip: '127.0.0.1', port: 6882 }],
      seeders: 2,
    });
  });

  it('does not listen where it was told not to', async () => {
    await using tracker = await startTracker({ ip, port: 0, udp: false });
    expect(tracker.udpAnnounceUrl).toBeUndefined();
    const url = tracker.announceUrl.replace('http', 'udp');
    await expect(announce(url, leeching, { timeLimit: millis(200) })).rejects.toMatchObject({
      code: 'timed-out',
    });
  });

  it('says that its port is taken, also when it is somebody’s UDP', async () => {
    const held = createSocket('udp4').bind(0, ip);
    await once(held, 'listening');
    const { port } = held.address();
    await expect(startTracker({ ip, port })).rejects.toMatchObject({ code: 'address-in-use' });
    await using http = await startTracker({ ip, port, udp: false });
    expect(http.address.port).toBe(port);
    held.close();
  });

  it('tells the client why it refuses', async () => {
    await using tracker = await startTracker({ ip, port: 0, registry: { publishedOnly: true } });
    const tune = smallTorrent('tune.mp3');
    const [base = ''] = tracker.urls;
    const udp = tracker.udpAnnounceUrl ?? '';
    expect(await announce(udp, leeching)).toEqual({
      failure: expect.stringContaining('published'),
    });
    await publish(base, tune.bytes);
    expect(await announce(udp, { ...leeching, infoHash: tune.infoHash })).toHaveProperty('peers');
  });

  it('goes on answering through a storm of datagrams that make no sense', async () => {
    await using tracker = await startTracker({ ip, port: 0 });
    const socket = createSocket('udp4').bind(0, '127.42.11.9');
    await once(socket, 'listening');
    const answers: number[] = [];
    socket.on('message', (bytes) => answers.push(bytes.length));
    const random = randomStream(1, 'storm');
    for (let n = 0; n < 2_000; n += 1) {
      const bytes = Uint8Array.from({ length: n % 120 }, () => random() * 256);
      socket.send(bytes, tracker.address.port, ip);
    }
    await announce(tracker.udpAnnounceUrl ?? '', leeching);
    expect(answers).toEqual([]);
    socket.close();
  });
});

describe('a client over UDP', () => {
  it('asks for a connection once for all that it asks within a minute', async () => {
    await using tracker = await startTracker({ ip, port: 0 });
    const relay = await eavesdrop(tracker.address.port);
    await using client = new TrackerClient({ random: randomStream(1, 'a') });
    for (const request of [leeching, seeding, leeching]) await client.announce(relay.url, request);
    await client.scrape(relay.url, [infoHash]);
    expect(relay.actions).toEqual([0, 1, 1, 1, 2]);
    relay.close();
  });

  it('does not listen to anybody but the tracker', async () => {
    const tracker = createSocket('udp4').bind(0, ip);
    const stranger = createSocket('udp4').bind(0, '127.42.11.8');
    await Promise.all([once(tracker, 'listening'), once(stranger, 'listening')]);
    tracker.on('message', (bytes, from) => {
      const lie = Buffer.concat([Buffer.of(0, 0, 0, 3), bytes.subarray(12, 16), Buffer.from('no')]);
      stranger.send(lie, from.port, from.address);
    });
    const url = `udp://${ip}:${tracker.address().port}`;
    await expect(announce(url, leeching, { timeLimit: millis(300) })).rejects.toMatchObject({
      code: 'timed-out',
    });
    tracker.close();
    stranger.close();
  });

  it('says what is no tracker', async () => {
    await expect(announce('udp://no-such-host.invalid:80', leeching)).rejects.toMatchObject({
      code: 'unreachable',
    });
    const given = { signal: AbortSignal.abort() };
    await expect(announce(`udp://${ip}:1`, leeching, given)).rejects.toMatchObject({
      code: 'timed-out',
    });
  });

  it('downloads a file with nothing but a UDP tracker', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'swarmproof-udp-'));
    const source = join(dir, 'source.bin');
    await writeFile(source, Buffer.alloc(300_001, 'swarm'));
    await using tracker = await startTracker({ ip, port: 0 });
    const trackers = [[tracker.udpAnnounceUrl ?? '']];
    const { metainfo } = await createTorrent(source, { trackers });
    {
      await using seeder = await startPeer({ ip: '127.42.11.4' });
      await seeder.add(metainfo, { path: source });
      await using leecher = await startPeer({ ip: '127.42.11.5', outDir: join(dir, 'out') });
      const torrent = await leecher.add(metainfo);
      await torrent.completed;
      const url = tracker.announceUrl;
      await expect
        .poll(() => scrape(url, [metainfo.infoHash]))
        .toMatchObject({ files: new Map([[metainfo.infoHash, { seeders: 2, downloaded: 1 }]]) });
    }
    expect(await readFile(join(dir, 'out', 'source.bin'))).toEqual(await readFile(source));
    // Both have said farewell.
    expect(await scrape(tracker.announceUrl, [metainfo.infoHash])).toEqual({ files: new Map() });
    await rm(dir, { recursive: true });
  });
});

/** Stands between clients and the tracker, and notes what is asked. */
async function eavesdrop(port: number): Promise<{
  readonly url: string;
  readonly actions: readonly number[];
  readonly close: () => void;
}> {
  const front = createSocket('udp4').bind(0, ip);
  const back = createSocket('udp4').bind(0, ip);
  await Promise.all([once(front, 'listening'), once(back, 'listening')]);
  const actions: number[] = [];
  let client = 0;
  front.on('message', (bytes, from) => {
    client = from.port;
    actions.push(bytes.readUInt32BE(8));
    back.send(bytes, port, ip);
  });
  back.on('message', (bytes) => front.send(bytes, client, '127.0.0.1'));
  const close = (): void => {
    front.close();
    back.close();
  };
  return { url: `udp://${ip}:${front.address().port}/announce`, actions, close };
}
