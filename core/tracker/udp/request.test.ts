import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { fromHex, toHex } from '../../bytes/hex.ts';
import { latin1 } from '../../bytes/utf8.ts';
import { announceRequest, infoHash as anyHash } from '../../testing/tracker-arbitraries.ts';
import { InfoHash, PeerId } from '../../torrent/ids.ts';
import { TrackerError } from '../error.ts';
import { formatIp } from '../ip.ts';
import { keyText } from '../key.ts';
import { type UdpRequest, decodeUdpRequest, encodeUdpRequest } from './request.ts';

const infoHash = InfoHash('11'.repeat(20));
const peerId = PeerId('22'.repeat(20));
const connectionId = { high: 0x01020304, low: 0xfffefdfc };
const head = '01020304fffefdfc';

const announce: UdpRequest = {
  type: 'announce',
  connectionId,
  transactionId: 0xa0b0c0d0,
  urlData: '',
  request: {
    infoHash,
    peerId,
    port: 0x1ae1,
    downloaded: 1,
    left: 2 ** 40 + 2,
    uploaded: 3,
    event: 'started',
    key: 'deadbeef',
    compact: true,
    noPeerId: true,
  },
};
const ids = `${infoHash}${peerId}`;
const announceHex = [
  ...[head, '00000001', 'a0b0c0d0', ids],
  ...['0000000000000001', '0000010000000002', '0000000000000003'],
  ...['00000002', '00000000', 'deadbeef', 'ffffffff', '1ae1'],
].join('');

// Written from the tables of BEP 15, and the example of BEP 41. Each row is checked in both directions.
const golden: readonly (readonly [string, UdpRequest, string])[] = [
  ['connect', { type: 'connect', transactionId: 0x12345678 }, '00000417271019800000000012345678'],
  ['announce', announce, announceHex],
  [
    'announce with the path and query of the URL',
    { ...announce, urlData: '/dir?a=b&c=d' },
    `${announceHex}020c2f6469723f613d6226633d64`,
  ],
  [
    'announce of a seeder that leaves, with an address and a numwant',
    {
      ...announce,
      request: { ...announce.request, left: 0, event: 'stopped', ip: '10.0.0.1', numwant: 7 },
    },
    [
      ...[head, '00000001', 'a0b0c0d0', ids],
      ...['0000000000000001', '0000000000000000', '0000000000000003'],
      ...['00000003', '0a000001', 'deadbeef', '00000007', '1ae1'],
    ].join(''),
  ],
  [
    'scrape',
    {
      type: 'scrape',
      connectionId,
      transactionId: 9,
      infoHashes: [infoHash, InfoHash('33'.repeat(20))],
    },
    `${head}0000000200000009${infoHash}${'33'.repeat(20)}`,
  ],
];

describe('a request over UDP', () => {
  it.each(golden)('%s', (_, request, hex) => {
    expect(toHex(encodeUdpRequest(request))).toBe(hex);
    expect(decodeUdpRequest(fromHex(hex))).toEqual(request);
  });

  it('may be followed by padding and by options that nobody knows (BEP 41)', () => {
    const options = ['01', '01', '0300', '0403616263', '02022f61', '02012f', '00', '0299'];
    const decoded = decodeUdpRequest(fromHex(announceHex + options.join('')));
    expect(decoded).toEqual({ ...announce, urlData: '/a/' });
    expect(decodeUdpRequest(fromHex(`${announceHex}0200`))).toEqual(announce);
  });

  it.each([
    ['an option without its length', `${announceHex}02`, 'bad-option'],
    ['an option that is longer than the datagram', `${announceHex}02052f`, 'bad-option'],
    ['padding without end', announceHex + '01'.repeat(65), 'too-long'],
    ['a URL without end', announceHex + `02ff${'61'.repeat(255)}`.repeat(9), 'too-long'],
    ['port 0', `${announceHex.slice(0, -4)}0000`, 'bad-port'],
    ['an announce that is cut', announceHex.slice(0, -2), 'too-short'],
    ['a head that is cut', announceHex.slice(0, 30), 'too-short'],
    ['nothing', '', 'too-short'],
    ['an unknown action', `${head}0000000400000001`, 'unknown-action'],
    ['an answer', `${head}0000000300000001`, 'unknown-action'],
    ['another protocol', '000004172710198100000000deadbeef', 'unknown-action'],
  ])('is refused for %s', (_, hex, code) => {
    expect(() => decodeUdpRequest(fromHex(hex))).toThrow(expect.objectContaining({ code }));
  });

  it.each([
    ['an event that nobody knows', { event: undefined }, { 80: '00000100' }],
    ['an event above those there are', { event: undefined }, { 80: '00000005' }],
    ['a paused peer', { event: 'paused' }, { 80: '00000004' }],
    ['a negative numwant', { numwant: undefined }, { 92: 'fffffffe' }],
    ['a huge numwant', { numwant: 0x7fffffff }, { 92: '7fffffff' }],
    ['more left than numbers hold', { left: Number.MAX_SAFE_INTEGER }, { 64: 'f'.repeat(16) }],
    ['no key', { key: undefined }, { 88: '00000000' }],
  ])('is understood with %s', (_, expected, changes) => {
    const bytes = fromHex(announceHex);
    for (const [at, hex] of Object.entries(changes)) bytes.set(fromHex(hex), Number(at));
    const decoded = decodeUdpRequest(bytes);
    const request: Record<string, unknown> = 'request' in decoded ? decoded.request : {};
    for (const [name, value] of Object.entries(expected)) expect(request[name]).toEqual(value);
  });

  it('decode undoes encode', () => {
    fc.assert(
      fc.property(anyUdpRequest, (request) => {
        expect(decodeUdpRequest(encodeUdpRequest(request))).toEqual(request);
      }),
    );
  });

  it('throws nothing but a TrackerError, whatever it is given', () => {
    const nearly = fc
      .tuple(anyUdpRequest, fc.uint8Array({ maxLength: 40 }), fc.nat({ max: 130 }))
      .map(([request, tail, length]) =>
        Uint8Array.of(...encodeUdpRequest(request).subarray(0, length), ...tail),
      );
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 130 }), nearly), (bytes) => {
        try {
          decodeUdpRequest(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(TrackerError);
        }
      }),
    );
  });
});

const word = fc.nat({ max: 0xffff_ffff });
const anyId = fc.record({ high: word, low: word });

/** What over UDP comes out as it went in. */
const anyAnnounce = fc
  .tuple(
    announceRequest,
    fc.option(fc.integer({ min: 1, max: 0xffff_ffff }), { nil: undefined }),
    fc.option(fc.nat({ max: 0x7fff_ffff }), { nil: undefined }),
    fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }), { nil: undefined }),
  )
  .map(([request, key, numwant, ip]) => {
    const { event, infoHash: hash, peerId: id, port, uploaded, downloaded, left } = request;
    const address = ip === undefined ? '0.0.0.0' : formatIp(ip);
    return {
      ...{ infoHash: hash, peerId: id, port, uploaded, downloaded, left },
      ...{ compact: true, noPeerId: true },
      ...(event !== undefined && { event }),
      ...(key !== undefined && { key: keyText(key) }),
      ...(numwant !== undefined && { numwant }),
      ...(address !== '0.0.0.0' && { ip: address }),
    };
  });

const anyUdpRequest: fc.Arbitrary<UdpRequest> = fc.oneof(
  fc.record({ type: fc.constant('connect' as const), transactionId: word }),
  fc.record({
    type: fc.constant('announce' as const),
    connectionId: anyId,
    transactionId: word,
    request: anyAnnounce,
    urlData: fc.uint8Array({ maxLength: 600 }).map(latin1),
  }),
  fc.record({
    type: fc.constant('scrape' as const),
    connectionId: anyId,
    transactionId: word,
    infoHashes: fc.array(anyHash, { maxLength: 80 }),
  }),
);
