import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { randomStream } from '../../random.ts';
import { nodeSha1, smallTorrent } from '../../testing/tracker-torrents.ts';
import { type Instant, after, seconds, start } from '../../time.ts';
import { InfoHash, PeerId } from '../../torrent/ids.ts';
import type { AnnounceRequest } from '../announce.ts';
import { Registry, type RegistryParts } from '../registry.ts';
import { type UdpAnswer, decodeUdpAnswer } from './answer.ts';
import type { UdpConnectionId } from './numbers.ts';
import { type UdpRequest, encodeUdpRequest } from './request.ts';
import { UdpTracker } from './tracker.ts';

const infoHash = InfoHash('aa'.repeat(20));
const here = '192.0.2.1';

describe('UdpTracker', () => {
  it('counts and names as over HTTP', () => {
    const table = new Table();
    table.announce({ peerId: id(1), left: 0 }, '192.0.2.7');
    table.announce({ peerId: id(2) }, '192.0.2.8');
    expect(table.announce({ peerId: id(3) })).toMatchObject({
      type: 'announce',
      transactionId: 7,
      interval: seconds(30),
      seeders: 1,
      leechers: 2,
      peers: expect.arrayContaining([
        { ip: '192.0.2.7', port: 6881 },
        { ip: '192.0.2.8', port: 6881 },
      ]),
    });
    expect(table.announce({ peerId: id(3), left: 0, event: 'completed' })).toMatchObject({
      seeders: 2,
      leechers: 1,
      peers: [{ ip: '192.0.2.8' }],
    });
    expect(table.announce({ peerId: id(2), event: 'stopped' }, '192.0.2.8')).toMatchObject({
      leechers: 0,
      peers: [],
    });
    const infoHashes = [InfoHash('bb'.repeat(20)), infoHash];
    expect(table.ask({ type: 'scrape', infoHashes })).toMatchObject({
      entries: [
        { seeders: 0, downloaded: 0, leechers: 0 },
        { seeders: 2, downloaded: 1, leechers: 0 },
      ],
    });
  });

  it('gives IPv6 peers to IPv6 callers and IPv4 peers to the others, and no more than fit a packet', () => {
    const table = new Table();
    for (let n = 0; n < 300; n += 1) {
      table.announce({ peerId: id(n) }, `10.0.0.${n % 200}`);
      table.announce({ peerId: id(1_000 + n) }, `2001:db8::${n.toString(16)}`);
    }
    const six = table.announce({ peerId: id(5_000), numwant: 200 }, '2001:db8::1:1');
    const four = table.announce({ peerId: id(5_001), numwant: 200 }, here);
    expect(peersOf(six)).toHaveLength(76);
    expect(peersOf(six).every((ip) => ip.startsWith('2001:db8::'))).toBe(true);
    expect(peersOf(four)).toHaveLength(200);
    expect(peersOf(four).every((ip) => ip.startsWith('10.0.0.'))).toBe(true);
    expect(six).toMatchObject({ leechers: 601 });
  });

  it('says why it refuses, to those whose address is proved', () => {
    const table = new Table({ options: { publishedOnly: true } });
    expect(table.announce({})).toMatchObject({
      type: 'error',
      transactionId: 7,
      message: expect.stringContaining('published'),
    });
    const infoHashes = Array.from({ length: 75 }, () => infoHash);
    expect(table.ask({ type: 'scrape', infoHashes })).toMatchObject({ type: 'error' });
    expect(table.ask({ type: 'scrape', infoHashes: [] })).toMatchObject({ type: 'error' });
    const cut = encodeUdpRequest(table.request({ type: 'scrape', infoHashes }, here)).slice();
    cut[11] = 9;
    expect(table.send(cut)).toMatchObject({ type: 'error', transactionId: 7 });
  });

  it('is silent to whoever has no connection id, or one that is old or of somebody else', () => {
    const table = new Table();
    const asked = table.request({ type: 'scrape', infoHashes: [infoHash] }, here);
    const bytes = encodeUdpRequest(asked);
    expect(table.send(bytes)).toBeDefined();
    expect(table.send(bytes, '192.0.2.2')).toBeUndefined();
    table.now = after(table.now, seconds(119));
    expect(table.send(bytes)).toBeDefined();
    table.now = after(table.now, seconds(3));
    expect(table.send(bytes)).toBeUndefined();
    for (const byte of [0, 0xff])
      expect(table.send(bytes.slice().fill(byte, 0, 8))).toBeUndefined();
  });

  it('never sends more than it got to whoever has not shown to be there, and never throws', () => {
    const table = new Table();
    for (let n = 0; n < 20; n += 1) table.announce({ peerId: id(n) }, `10.0.0.${n}`);
    const parts = fc.constantFrom('', '0000041727101980', '00000000', '00000001', '00000002', 'ff');
    const nearly = fc
      .tuple(fc.array(parts), fc.uint8Array({ maxLength: 120 }))
      .map(([hex, tail]) => Uint8Array.of(...Buffer.from(hex.join(''), 'hex'), ...tail));
    fc.assert(
      fc.property(nearly, (bytes) => {
        const reply = table.tracker.answer(table.now, bytes, here);
        expect(reply?.bytes.length ?? 0).toBeLessThanOrEqual(Math.min(16, bytes.length));
      }),
    );
  });

  it('answers any datagram of a proved client with an answer or an error under its transaction id', () => {
    const table = new Table();
    fc.assert(
      fc.property(
        fc.nat({ max: 3 }),
        fc.uint8Array({ minLength: 4, maxLength: 200 }),
        (action, tail) => {
          const { high, low } = table.connect(here);
          const head = new DataView(new ArrayBuffer(12));
          for (const [i, word] of [high, low, action].entries()) head.setUint32(4 * i, word);
          const reply = table.send(Uint8Array.of(...new Uint8Array(head.buffer), ...tail));
          expect(reply?.transactionId).toBe(new DataView(tail.buffer).getUint32(0));
          expect(reply?.type).not.toBe('connect');
        },
      ),
    );
  });

  it('publishes nothing over UDP, but knows what was published', () => {
    const table = new Table();
    const tune = smallTorrent('tune.mp3');
    table.registry.handle(table.now, { type: 'publish', torrent: tune.bytes, addedAt: '' });
    table.announce({ infoHash: tune.infoHash, left: 0 });
    expect(table.registry.handle(table.now, { type: 'list' })).toMatchObject([
      { name: 'tune.mp3', seeders: [{ ip: here, port: 6881 }] },
    ]);
  });
});

const id = (n: number): PeerId => PeerId(n.toString(16).padStart(40, '0'));

const peersOf = (answer: UdpAnswer | undefined): string[] =>
  answer?.type === 'announce' ? answer.peers.map(({ ip }) => ip) : [];

/** A tracker on the table, and clients at any address. */
class Table {
  now: Instant = after(start, seconds(5_000));
  readonly registry: Registry;
  readonly tracker: UdpTracker;

  constructor(parts: Partial<RegistryParts> = {}) {
    const random = randomStream(1, 'udp');
    this.registry = new Registry(this.now, { random, sha1: nodeSha1, ...parts });
    this.tracker = new UdpTracker({ registry: this.registry, secret: new Uint8Array(16).fill(5) });
  }

  send(bytes: Uint8Array, ip = here): UdpAnswer | undefined {
    const reply = this.tracker.answer(this.now, bytes, ip);
    return reply && decodeUdpAnswer(reply.bytes, ip.includes(':') ? 'peers6' : 'peers');
  }

  connect(ip: string): UdpConnectionId {
    const answer = this.send(encodeUdpRequest({ type: 'connect', transactionId: 6 }), ip);
    if (answer?.type !== 'connect') throw new Error('no connection');
    return answer.connectionId;
  }

  request(
    question: Pick<UdpRequest & { type: 'scrape' }, 'type' | 'infoHashes'>,
    ip: string,
  ): UdpRequest {
    return { ...question, transactionId: 7, connectionId: this.connect(ip) };
  }

  ask(question: Parameters<typeof this.request>[0]): UdpAnswer | undefined {
    return this.send(encodeUdpRequest(this.request(question, here)));
  }

  announce(changes: Partial<AnnounceRequest>, ip = here): UdpAnswer | undefined {
    const request = {
      ...{ infoHash, peerId: id(0), port: 6881, uploaded: 0, downloaded: 0, left: 1 },
      ...{ compact: true, noPeerId: true, ...changes },
    };
    const connectionId = this.connect(ip);
    const question = { type: 'announce', transactionId: 7, connectionId, urlData: '' } as const;
    return this.send(encodeUdpRequest({ ...question, request }), ip);
  }
}
