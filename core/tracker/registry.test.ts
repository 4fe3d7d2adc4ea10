import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { randomStream } from '../random.ts';
import { type Tested, trackerCommands } from '../testing/tracker-commands.ts';
import { TrackerModel } from '../testing/tracker-model.ts';
import { nodeSha1, smallTorrent } from '../testing/tracker-torrents.ts';
import { type Instant, after, millis, minutes, seconds, start } from '../time.ts';
import { InfoHash, PeerId } from '../torrent/ids.ts';
import type { AnnounceAnswer, AnnounceRequest } from './announce.ts';
import { Registry } from './registry.ts';
import type { RegistryOptions } from './registry-options.ts';

const tune = smallTorrent('tune.mp3');
const peerId = (n: number) => PeerId(n.toString(16).padStart(40, '0'));
const request = (n: number, change: Partial<AnnounceRequest> = {}): AnnounceRequest => ({
  infoHash: tune.infoHash,
  peerId: peerId(n),
  port: 6881,
  uploaded: 0,
  downloaded: 0,
  left: 1,
  compact: true,
  noPeerId: false,
  ...change,
});

describe('Registry', () => {
  it('does what a naive tracker does, whatever happens in whatever order', () => {
    const limits = { maxSwarms: 2, maxPeersPerSwarm: 4, maxPeersPerAddress: 4, defaultNumwant: 3 };
    fc.assert(
      fc.property(trackerCommands, fc.nat(), (commands, seed) => {
        fc.modelRun(() => {
          const options = { ...limits, interval: millis(60), maxNumwant: 4 };
          const parts = { random: randomStream(seed, 'peers'), sha1: nodeSha1, options };
          const registry = new Registry(start, parts);
          const model = new TrackerModel(start, millis(90), registry.options);
          const tested: Tested = { registry, parts };
          return { model, real: tested };
        }, commands);
      }),
    );
  });

  it('drops a peer that was silent for as long as it states, and not a moment earlier', () => {
    const registry = made({ interval: seconds(30) });
    expect(registry.expireAfter).toBe(seconds(45));
    announce(registry, request(1, { left: 0 }));
    publish(registry);
    const end = registry.deadline as Instant;
    expect(end).toBe(after(start, registry.expireAfter));
    expect(registry.handle((end - 1) as Instant, { type: 'list' })).toHaveLength(1);
    expect(registry.handle(end, { type: 'list' })).toEqual([]);
    expect(registry.handle(end, { type: 'stats' })).toMatchObject({ peers: 0, expired: 1 });
    expect(registry.deadline).toBeUndefined();
  });

  it('takes a torrent without seeders off the list, and puts it back under its id', () => {
    const registry = made();
    publish(registry, 'first');
    publish(registry);
    announce(registry, request(1, { left: 0 }));
    expect(ids(registry)).toEqual([1]);
    announce(registry, request(1, { left: 0, event: 'stopped' }));
    expect(ids(registry)).toEqual([]);
    announce(registry, request(2, { left: 1 }));
    expect(ids(registry)).toEqual([]);
    announce(registry, request(2, { left: 0, event: 'completed' }));
    expect(ids(registry)).toEqual([1]);
  });

  it('counts a completion once, and of nobody who came complete', () => {
    const registry = made();
    announce(registry, request(1, { left: 0, event: 'completed' }));
    announce(registry, request(2, { left: 1, event: 'completed' }));
    for (const left of [0, 1, 0, 1, 0])
      announce(registry, request(2, { left, event: 'completed' }));
    expect(announce(registry, request(3))).toMatchObject({ downloaded: 1 });
  });

  it('counts no completion twice when it is restarted', () => {
    const registry = made();
    for (const left of [1, 0, 1]) announce(registry, request(2, { left, event: 'completed' }));
    const restored = registry.snapshot(start);
    const parts = { random: randomStream(1, 'peers'), sha1: nodeSha1, restored };
    const second = new Registry(start, parts);
    announce(second, request(2, { left: 0, event: 'completed' }));
    expect(announce(second, request(3))).toMatchObject({ seeders: 1, downloaded: 1 });
  });

  it('remembers the completions of an empty swarm only if the torrent was published', () => {
    for (const isPublished of [true, false]) {
      const registry = made();
      if (isPublished) publish(registry);
      for (const left of [1, 0]) announce(registry, request(1, { left, event: 'completed' }));
      announce(registry, request(1, { left: 0, event: 'stopped' }));
      const downloaded = isPublished ? 1 : 0;
      expect(registry.snapshot(start).swarms.downloaded).toHaveLength(downloaded);
      expect(announce(registry, request(2))).toMatchObject({ downloaded });
      expect(registry.snapshot(start).swarms.downloaded).toHaveLength(downloaded);
    }
  });

  it('believes a peer that has moved only with the key it came with', () => {
    const registry = made();
    announce(registry, request(1, { key: 'secret', left: 0 }), '127.0.0.1');
    for (const change of [{}, { key: 'guess' }, { event: 'stopped' } as const])
      expect(announce(registry, request(1, change), '127.0.0.2')).toHaveProperty('failure');
    expect(announce(registry, request(1, { port: 1 }))).toHaveProperty('failure');
    expect(peersFor(registry)).toEqual(['127.0.0.1']);
    announce(registry, request(1, { key: 'secret' }), '127.0.0.2');
    expect(peersFor(registry)).toEqual(['127.0.0.2']);
  });

  it('gives seeders no seeders, and nobody itself', () => {
    const registry = made();
    for (const n of [1, 2, 3]) announce(registry, request(n, { left: 0 }));
    for (const n of [4, 5]) announce(registry, request(n));
    announce(registry, request(6, { event: 'paused' }));
    expect(idsGiven(registry, request(1, { left: 0 }))).toEqual([4, 5, 6]);
    expect(idsGiven(registry, request(4))).toEqual([1, 2, 3, 5, 6]);
    expect(idsGiven(registry, request(6, { event: 'paused' }))).toEqual([4, 5]);
  });

  it('lets one look at a swarm without being in it', () => {
    const registry = made();
    announce(registry, request(1, { left: 0 }));
    announce(registry, request(2));
    const look = announce(registry, request(3, { event: 'stopped', numwant: 10 }));
    expect(look).toMatchObject({ seeders: 1, leechers: 1 });
    expect('peers' in look && look.peers).toHaveLength(2);
    expect(announce(registry, request(4, { event: 'stopped' }))).toMatchObject({ peers: [] });
    expect(announce(registry, request(2))).toMatchObject({ seeders: 1, leechers: 1 });
  });

  it('ignores ip= and says so, unless it may believe it', () => {
    const claim = request(1, { ip: '::FFFF:10.9.8.7', left: 0 });
    const strict = made();
    expect(announce(strict, claim, '127.0.0.1')).toHaveProperty('warning');
    expect(peersFor(strict)).toEqual(['127.0.0.1']);
    const open = made({ allowIpParam: true });
    expect(announce(open, claim, '127.0.0.1')).not.toHaveProperty('warning');
    expect(peersFor(open)).toEqual(['10.9.8.7']);
    for (const ip of ['224.0.0.1', 'host.example', '0.0.0.0', ''])
      expect(announce(open, request(2, { ip }))).toHaveProperty('failure');
  });

  it('refuses torrents that nobody published, if it is told to', () => {
    const registry = made({ publishedOnly: true });
    expect(announce(registry, request(1))).toHaveProperty('failure');
    publish(registry);
    expect(announce(registry, request(1))).toHaveProperty('peers');
  });

  it('is full for one address before it is full for all', () => {
    const registry = made({ maxPeersPerAddress: 10, maxSwarms: 100 });
    const hashed = (n: number) => ({ infoHash: InfoHash(n.toString(16).padStart(40, '0')) });
    for (let n = 0; n < 1_000; n += 1) announce(registry, request(n, hashed(n)), '127.0.0.1');
    expect(registry.handle(start, { type: 'stats' })).toMatchObject({ peers: 10, swarms: 10 });
    expect(announce(registry, request(0, hashed(0)), '127.0.0.1')).toHaveProperty('peers');
    expect(announce(registry, request(1, hashed(2_000)), '127.0.0.2')).toHaveProperty('peers');
    for (let n = 0; n < 1_000; n += 1)
      announce(registry, request(n, hashed(n)), `127.0.${n >> 3}.3`);
    expect(registry.handle(start, { type: 'stats' }).swarms).toBe(100);
    expect(announce(registry, request(1, hashed(9_999)), '127.0.0.4')).toMatchObject({
      failure: 'this tracker is full',
      retryIn: minutes(5),
    });
  });

  it('gives at most so many peers, however many are wanted', () => {
    const registry = made({ maxNumwant: 20, defaultNumwant: 5 });
    for (let n = 0; n < 100; n += 1) announce(registry, request(n));
    expect(idsGiven(registry, request(100, { numwant: 1e9 }))).toHaveLength(20);
    expect(idsGiven(registry, request(101))).toHaveLength(5);
    expect(idsGiven(registry, request(102, { numwant: 0 }))).toHaveLength(0);
  });

  it('refuses a scrape of everything, and of too many', () => {
    const registry = made({ maxScrapeHashes: 2 });
    for (const count of [0, 3]) {
      const infoHashes = Array.from({ length: count }, () => tune.infoHash);
      expect(registry.handle(start, { type: 'scrape', infoHashes })).toHaveProperty('failure');
    }
  });

  it('refuses what is no torrent, and more torrents than it may keep', () => {
    const registry = made({ maxPublished: 1, maxPublishedBytes: 1_000 });
    const torrent = new Uint8Array([100, 101]);
    expect(registry.handle(start, { type: 'publish', torrent, addedAt: '' })).toMatchObject({
      type: 'refused',
      code: 'missing-key',
      offset: 0,
    });
    expect(publish(registry)).toMatchObject({ isNew: true });
    expect(publish(registry)).toMatchObject({ isNew: false });
    expect(publish(registry, 'another')).toMatchObject({ type: 'refused', code: 'full' });
    expect(publish(made({ maxPublishedBytes: 10 }))).toMatchObject({ code: 'full' });
  });

  it('keeps its own copy of a published torrent', () => {
    const registry = made();
    const torrent = tune.bytes.slice();
    registry.handle(start, { type: 'publish', torrent, addedAt: '' });
    torrent.fill(0);
    expect(registry.handle(start, { type: 'torrent-file', id: 0 })).toEqual(tune.bytes);
    expect(registry.handle(start, { type: 'torrent-file', id: 1 })).toBeUndefined();
  });

  it('chooses the same peers from the same seed', () => {
    const answers = [1, 1, 2].map((seed) => {
      const registry = made({}, seed);
      for (let n = 0; n < 50; n += 1) announce(registry, request(n));
      return idsGiven(registry, request(99, { numwant: 10 }));
    });
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).not.toEqual(answers[2]);
  });
});

const made = (options: Partial<RegistryOptions> = {}, seed = 1): Registry =>
  new Registry(start, { random: randomStream(seed, 'peers'), sha1: nodeSha1, options });

const announce = (
  registry: Registry,
  asked: AnnounceRequest,
  remoteIp = '127.0.0.1',
): AnnounceAnswer => registry.handle(start, { type: 'announce', request: asked, remoteIp });

const publish = (registry: Registry, name = 'tune.mp3') =>
  registry.handle(start, { type: 'publish', torrent: smallTorrent(name).bytes, addedAt: '' });

const ids = (registry: Registry): number[] =>
  registry.handle(start, { type: 'list' }).map(({ id }) => id);

/** Where a stranger is sent. */
function peersFor(registry: Registry): string[] {
  const answer = announce(registry, request(999, { event: 'stopped', numwant: 99 }));
  return 'peers' in answer ? answer.peers.map(({ ip }) => ip) : [];
}

function idsGiven(registry: Registry, asked: AnnounceRequest): number[] {
  const answer = announce(registry, asked);
  const peers = 'peers' in answer ? answer.peers : [];
  return peers.map((peer) => Number.parseInt(peer.peerId ?? '', 16)).sort((a, b) => a - b);
}
