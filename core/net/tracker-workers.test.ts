import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { smallTorrent } from '../testing/tracker-torrents.ts';
import { minutes, seconds } from '../time.ts';
import { InfoHash, PeerId } from '../torrent/ids.ts';
import { encodeAnnounceQuery } from '../tracker/announce.ts';
import { randomStream } from '../random.ts';
import type { Logger } from './log.ts';
import { announce, fetchCatalogue, fetchTorrentFile, publish, scrape } from './tracker-client.ts';
import { startTracker } from './tracker-server.ts';
import { startTrackerWorkers } from './tracker-workers.ts';
import { UdpTrackers } from './udp-trackers.ts';
import { seederOf } from '../testing/announces.ts';

const ip = '127.42.9.1';
/** Of any shard. */
const hashes = Array.from({ length: 12 }, (_, i) => InfoHash(`0${i.toString(16)}`.repeat(20)));
const usual = { ip, port: 0, registry: { interval: minutes(30) } };
const seeding = seederOf(hashes[0] ?? InfoHash('00'.repeat(20)), { noPeerId: true });
const leeching = { ...seeding, peerId: PeerId('cd'.repeat(20)), left: 3, port: 6882 };

describe('a tracker of several workers', () => {
  it('answers as one, whichever of them hears a question', async () => {
    await using tracker = await startTrackerWorkers({ ...usual, workers: 3 });
    const { announceUrl, urls } = tracker;
    const [base = ''] = urls;
    for (const infoHash of hashes) {
      await announce(announceUrl, { ...seeding, infoHash });
      // Dictionaries, which are read by another way.
      const answer = await announce(announceUrl, { ...leeching, infoHash, compact: false });
      expect(answer).toMatchObject({ seeders: 1, leechers: 1, peers: [{ port: 6881 }] });
    }
    const { files } = (await scrape(announceUrl, hashes)) as { files: Map<InfoHash, object> };
    expect([...files.keys()]).toEqual(hashes);
    for (const counts of files.values()) expect(counts).toMatchObject({ seeders: 1, leechers: 1 });
    const stats = (await (await fetch(`${base}/stats`)).json()) as object;
    expect(stats).toMatchObject({ peers: 24, swarms: 12, seeders: 12, announces: 24 });
    const metrics = await (await fetch(`${base}/metrics`)).text();
    expect(metrics).toContain('swarmproof_tracker_announces_total 24\n');
    // Each has some of the swarms, or nothing was shared out.
    await announce(announceUrl, { ...seeding, event: 'stopped' });
    expect(await announce(announceUrl, leeching)).toMatchObject({ seeders: 0, leechers: 1 });
    await tracker.forget();
    expect(await scrape(announceUrl, hashes)).toEqual({ files: new Map() });
  });

  it('serves many questions at once on connections that are kept', async () => {
    await using tracker = await startTrackerWorkers({ ...usual, workers: 2 });
    const asked = Array.from({ length: 60 }, async (_, i) => {
      const infoHash = hashes[i % hashes.length] ?? seeding.infoHash;
      const peerId = PeerId(i.toString(16).padStart(2, '0').repeat(20));
      const query = encodeAnnounceQuery({ ...seeding, infoHash, peerId, port: 1 + i });
      return (await fetch(`${tracker.announceUrl}?${query}`)).text();
    });
    for (const text of await Promise.all(asked)) expect(text).toContain('8:interval');
    const { swarms } = await tracker.snapshot();
    expect(swarms.peers.map(({ port }) => port).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 60 }, (_, i) => 1 + i),
    );
  });

  it('answers over UDP, where one believes the connection ids of another', async () => {
    await using tracker = await startTrackerWorkers({ ...usual, workers: 2 });
    const url = tracker.udpAnnounceUrl ?? '';
    const client = new UdpTrackers({ random: randomStream(1, 'a') });
    for (const infoHash of hashes) {
      await client.announce(url, { ...seeding, infoHash });
      const answer = await client.announce(url, { ...leeching, infoHash });
      expect(answer).toMatchObject({ seeders: 1, leechers: 1, peers: [{ ip: '127.0.0.1' }] });
    }
    const answer = await client.scrape(url, [...hashes, InfoHash('ee'.repeat(20))]);
    const { files } = answer as { files: Map<InfoHash, object> };
    for (const infoHash of hashes)
      expect(files.get(infoHash)).toMatchObject({ seeders: 1, leechers: 1 });
    expect(files.get(InfoHash('ee'.repeat(20)))).toMatchObject({ seeders: 0, leechers: 0 });
  });

  it('has one catalogue, under the same ids everywhere and in its file', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'swarmproof-workers-'));
    const options = { ...usual, state: join(dir, 'catalogue'), workers: 2 };
    const registry = { ...usual.registry, publishedOnly: true };
    const torrents = ['a', 'b', 'c', 'd', 'e'].map(smallTorrent);
    {
      await using tracker = await startTrackerWorkers({ ...options, registry });
      const [base = ''] = tracker.urls;
      const refusal = await announce(tracker.announceUrl, seeding).catch((error: unknown) => error);
      expect(JSON.stringify(refusal)).toContain('published');
      await Promise.all(torrents.map(({ bytes }) => publish(base, bytes)));
      for (const { infoHash } of torrents)
        await announce(tracker.announceUrl, { ...seeding, infoHash });
      const listed = await fetchCatalogue(base);
      expect(listed.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4]);
      expect(listed.map(({ infoHash }) => infoHash).sort()).toEqual(
        torrents.map(({ infoHash }) => infoHash).sort(),
      );
      const [first] = torrents;
      const id = listed.find(({ infoHash }) => infoHash === first?.infoHash)?.id ?? -1;
      expect(await fetchTorrentFile(base, id)).toEqual(Buffer.from(first?.bytes ?? []));
      expect(await publish(base, first?.bytes ?? new Uint8Array())).toMatchObject({ isNew: false });
      await expect(fetchTorrentFile(base, 9)).rejects.toMatchObject({ code: 'not-found' });
    }
    await using again = await startTrackerWorkers(options);
    const [bytes = new Uint8Array()] = torrents.map((torrent) => torrent.bytes);
    expect(await publish(again.urls[0] ?? '', bytes)).toMatchObject({ isNew: false });
    await rm(dir, { recursive: true });
  });

  it('knows what an undivided tracker knew, and the other way round', async () => {
    const single = await startTracker(usual);
    for (const infoHash of hashes) await announce(single.announceUrl, { ...seeding, infoHash });
    const restore = single.snapshot();
    await single.stop();
    const several = await startTrackerWorkers({ ...usual, restore, workers: 2 });
    const [infoHash = seeding.infoHash] = hashes;
    expect(await announce(several.announceUrl, { ...leeching, infoHash })).toMatchObject({
      seeders: 1,
    });
    const known = await several.snapshot();
    await several.stop();
    await using last = await startTracker({ ...usual, restore: known });
    const { files } = (await scrape(last.announceUrl, hashes)) as { files: Map<InfoHash, object> };
    expect(files.size).toBe(12);
    expect(files.get(infoHash)).toMatchObject({ seeders: 1, leechers: 1 });
  });

  it('drops a peer that died in whichever of them it was, and says so once', async () => {
    const log = recordingLog();
    const registry = { interval: seconds(0.1), expireAfter: seconds(0.2) };
    await using tracker = await startTrackerWorkers({ ...usual, registry, log, workers: 2 });
    for (const infoHash of hashes) await announce(tracker.announceUrl, { ...seeding, infoHash });
    const gone = (): number =>
      log.lines
        .filter(({ message }) => message === 'peers left without a word')
        .reduce((sum, { peers = 0 }) => sum + peers, 0);
    await expect.poll(gone).toBe(12);
    expect(await scrape(tracker.announceUrl, hashes)).toEqual({ files: new Map() });
    expect(log.lines.filter(({ message }) => message === 'announce')).toHaveLength(12);
  });

  it('starts a worker anew that was lost, with the catalogue', async () => {
    const log = recordingLog();
    await using tracker = await startTrackerWorkers({ ...usual, log, workers: 2 });
    const torrents = ['a', 'b', 'c'].map(smallTorrent);
    const [base = ''] = tracker.urls;
    for (const { bytes } of torrents) await publish(base, bytes);
    const [victim] = await childrenOf(process.pid, 'tracker-worker');
    process.kill(victim ?? 0, 'SIGKILL');
    await expect
      .poll(() => log.lines.map(({ message }) => message))
      .toContain('a worker of the tracker has ended; its peers are forgotten');
    const announced = async (): Promise<number> => {
      const all = torrents.map(({ infoHash }) =>
        announce(tracker.announceUrl, { ...seeding, infoHash }),
      );
      await Promise.all(all).catch(() => undefined);
      return (await fetchCatalogue(base).catch(() => [])).length;
    };
    await expect.poll(announced, { timeout: 30_000, interval: 200 }).toBe(3);
  });

  it('says that its port is taken, by TCP or by UDP, and leaves nothing behind', async () => {
    const server = createServer().listen(0, ip);
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const start = () => startTrackerWorkers({ ...usual, port, workers: 2 });
    await expect(start()).rejects.toMatchObject({ code: 'address-in-use' });
    server.close();
    await once(server, 'close');
    const socket = createSocket('udp4').bind(port, ip);
    await once(socket, 'listening');
    await expect(start()).rejects.toMatchObject({ code: 'address-in-use' });
    socket.close();
    await once(socket, 'close');
    const tracker = await start();
    expect(tracker.address).toEqual({ ip, port });
    await tracker.stop();
    await tracker.stop();
    expect(await childrenOf(process.pid, 'tracker-worker')).toEqual([]);
    const again = createServer().listen(port, ip);
    await once(again, 'listening');
    again.close();
  });
});

/** The processes of a program that one has started. */
async function childrenOf(parent: number, program: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'latin1').catch(() => '');
    const [state, of] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = await readFile(`/proc/${name}/cmdline`, 'latin1').catch(() => '');
    if (Number(of) === parent && state !== 'Z' && command.includes(program))
      found.push(Number(name));
  }
  return found;
}

type Line = { readonly level: string; readonly message: string; readonly peers?: number };

function recordingLog(): Logger & { readonly lines: Line[] } {
  const lines: Line[] = [];
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, message, ...fields });
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
