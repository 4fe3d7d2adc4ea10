import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { randomStream } from '../random.ts';
import { nodeSha1, smallTorrent } from '../testing/tracker-torrents.ts';
import { type Instant, start } from '../time.ts';
import { InfoHash, PeerId } from '../torrent/ids.ts';
import { type AnnounceRequest, encodeAnnounceQuery } from './announce.ts';
import { type HttpAnswer, type HttpRequest, answerHttp, askHttp } from './http.ts';
import { Registry } from './registry.ts';
import { defaultRegistryOptions } from './registry-options.ts';
import type { RegistrySnapshot } from './registry-snapshot.ts';
import { encodeScrapeQuery } from './scrape.ts';
import { Sharding, joined } from './sharding.ts';
import { encodeUdpRequest } from './udp/request.ts';
import { UdpTracker } from './udp/tracker.ts';

const torrents = ['a', 'b', 'c', 'd'].map((name) => smallTorrent(name));
const hashes = [...torrents.map(({ infoHash }) => infoHash), InfoHash('0f'.repeat(20))];
const secret = new Uint8Array(16).fill(7);
const parts = () => ({ random: randomStream(5, 'peers'), sha1: nodeSha1 });

/** Several shards, asked as one tracker. */
class Sharded {
  readonly sharding: Sharding;
  readonly registries: Registry[];

  constructor(count: number, known?: RegistrySnapshot) {
    this.sharding = new Sharding(count, defaultRegistryOptions);
    const restored = known === undefined ? [] : this.sharding.split(known);
    this.registries = Array.from({ length: count }, (_, shard) => {
      const kept = restored[shard];
      return new Registry(start, { ...parts(), ...(kept !== undefined && { restored: kept }) });
    });
  }

  ask(now: Instant, request: HttpRequest): HttpAnswer {
    const shard = this.sharding.shardOfTarget(request.target);
    const [first] = this.registries;
    if (first === undefined) throw new Error('no shards');
    if (shard !== undefined) return answerHttp(this.registries[shard] ?? first, now, request);
    const asked = askHttp(first, request);
    if ('status' in asked) return asked;
    const inputs = this.sharding.asked(asked.input);
    const answers = this.registries.map((registry, i) => {
      const input = inputs[i];
      return input && registry.handle(now, input);
    });
    return asked.told(this.sharding.merged(asked.input, answers));
  }

  snapshot(now: Instant): RegistrySnapshot {
    return joined(this.registries.map((registry) => registry.snapshot(now)));
  }
}

const usual: HttpRequest = {
  method: 'GET',
  target: '/',
  remoteIp: '192.0.2.1',
  body: new Uint8Array(),
  date: '2024-02-29T00:00:00.000Z',
};

const announce = fc
  .record({
    torrent: fc.nat({ max: hashes.length - 1 }),
    peer: fc.nat({ max: 6 }),
    left: fc.nat({ max: 1 }),
    event: fc.constantFrom('started', 'completed', 'stopped', undefined),
    compact: fc.boolean(),
  })
  .map(({ compact, event, left, peer, torrent }): HttpRequest => {
    const request: AnnounceRequest = {
      ...{ infoHash: hashes[torrent] ?? InfoHash('00'.repeat(20)), port: 1 + peer, left, compact },
      ...{ peerId: PeerId(`0${peer}`.repeat(20)), uploaded: 0, downloaded: 0, noPeerId: true },
      // All of a swarm: what is drawn by lot differs from shard to shard.
      ...(event !== undefined && { event }),
      numwant: 0,
    };
    return { ...usual, target: `/announce?${encodeAnnounceQuery(request)}` };
  });
const scrape = fc
  .array(fc.constantFrom(...hashes), { maxLength: 80 })
  .map((asked) => ({ ...usual, target: `/scrape?${encodeScrapeQuery(asked)}` }));
const publish = fc
  .constantFrom(...torrents)
  .map(({ bytes }) => ({ ...usual, method: 'POST', target: '/torrents', body: bytes }));
const other = fc
  .constantFrom('/torrents', '/torrents/1.torrent', '/announce?info_hash=a', '/announce', '/x')
  .map((target) => ({ ...usual, target }));

describe('Sharding', () => {
  it('answers as one tracker would, however many shards there are', () => {
    const requests = fc.array(fc.oneof(announce, announce, scrape, publish, other));
    fc.assert(
      fc.property(requests, fc.integer({ min: 1, max: 4 }), (asked, count) => {
        const sharded = new Sharded(count);
        const whole = new Registry(start, parts());
        for (const [i, request] of asked.entries()) {
          const now = i as Instant;
          expect(sharded.ask(now, request)).toEqual(answerHttp(whole, now, request));
        }
        const now = asked.length as Instant;
        const { scrapes, ...expected } = whole.handle(now, { type: 'stats' });
        const stats = { ...usual, target: '/stats' };
        const told = Buffer.from(sharded.ask(now, stats).body).toString();
        expect(JSON.parse(told)).toMatchObject(expected);
        expect(scrapes).toBeGreaterThanOrEqual(0);
        expect(sorted(sharded.snapshot(now))).toEqual(sorted(whole.snapshot(now)));
      }),
    );
  });

  it('gives what one tracker knew to the shards, each its own', () => {
    fc.assert(
      fc.property(fc.array(announce, { maxLength: 30 }), (asked) => {
        const whole = new Registry(start, parts());
        for (const request of asked) answerHttp(whole, start, request);
        const known = whole.snapshot(start);
        const sharded = new Sharded(3, known);
        expect(sorted(sharded.snapshot(start))).toEqual(sorted(known));
        for (const [shard, registry] of sharded.registries.entries())
          for (const { infoHash } of registry.snapshot(start).swarms.peers)
            expect(sharded.sharding.shardOf(infoHash)).toBe(shard);
      }),
    );
  });

  it('knows an announce by its hash, however that is written and over either protocol', () => {
    const sharding = new Sharding(1_000, defaultRegistryOptions);
    const infoHash = InfoHash(`12345678${'ab'.repeat(16)}`);
    const owner = 0x1234_5678 % 1_000;
    const request = { ...announceOf(infoHash), ip: '192.0.2.8' };
    const query = encodeAnnounceQuery(request);
    expect(sharding.shardOf(infoHash)).toBe(owner);
    expect(sharding.shardOfTarget(`/announce?${query}`)).toBe(owner);
    expect(sharding.shardOfTarget(`/announce?${query.replace('info_', 'info%5F')}`)).toBe(owner);
    const connectionId = { high: 1, low: 2 };
    const datagram = { type: 'announce', transactionId: 1, connectionId, urlData: '' } as const;
    expect(sharding.shardOfDatagram(encodeUdpRequest({ ...datagram, request }))).toBe(owner);
    const connect = encodeUdpRequest({ type: 'connect', transactionId: 1 });
    expect(sharding.shardOfDatagram(connect)).toBeUndefined();
    expect(sharding.shardOfTarget(`/scrape?${encodeScrapeQuery([infoHash])}`)).toBeUndefined();
  });

  it('puts the answer to a scrape over UDP together from the entries of the owners', () => {
    const sharded = new Sharded(3);
    for (const infoHash of hashes)
      for (let peer = 0; peer < hashes.indexOf(infoHash); peer += 1) {
        const request = { ...announceOf(infoHash), peerId: PeerId(`0${peer}`.repeat(20)) };
        sharded.ask(start, { ...usual, target: `/announce?${encodeAnnounceQuery(request)}` });
      }
    const doors = sharded.registries.map((registry) => new UdpTracker({ registry, secret }));
    const connect = encodeUdpRequest({ type: 'connect', transactionId: 1 });
    const said = Buffer.from(doors[0]?.answer(start, connect, usual.remoteIp)?.bytes ?? []);
    const connectionId = { high: said.readUInt32BE(8), low: said.readUInt32BE(12) };
    const scraped = (id: typeof connectionId): Uint8Array | undefined => {
      const question = { type: 'scrape', transactionId: 9, infoHashes: hashes } as const;
      const asked = encodeUdpRequest({ ...question, connectionId: id });
      expect(sharded.sharding.shardOfDatagram(asked)).toBe('all');
      const answers = doors.map((door) => door.answer(start, asked, usual.remoteIp)?.bytes);
      return sharded.sharding.mergedDatagram(asked, answers);
    };
    const answer = Buffer.from(scraped(connectionId) ?? []);
    const seeders = hashes.map((_, i) => answer.readUInt32BE(8 + 12 * i));
    expect(seeders).toEqual(hashes.map((_, i) => i));
    expect(answer.readUInt32BE(4)).toBe(9);
    expect(scraped({ ...connectionId, low: connectionId.low ^ 1 })).toBeUndefined();
  });
});

const announceOf = (infoHash: InfoHash): AnnounceRequest => ({
  ...{ infoHash, peerId: PeerId('aa'.repeat(20)), port: 6881, left: 0 },
  ...{ uploaded: 0, downloaded: 0, compact: true, noPeerId: true },
});

/** In an order of their own: swarms have none among each other. */
function sorted({ catalogue, swarms }: RegistrySnapshot): object {
  const keyed = <Item extends object>(items: readonly Item[]): string[] =>
    items.map((item) => JSON.stringify(item)).sort();
  return { catalogue, peers: keyed(swarms.peers), downloaded: keyed(swarms.downloaded) };
}
