import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { fromHex, toHex } from '../../bytes/hex.ts';
import { peerAddress } from '../../testing/tracker-arbitraries.ts';
import { seconds } from '../../time.ts';
import { maxAnswerPeers } from '../announce-answer.ts';
import type { IpFamily } from '../compact.ts';
import { TrackerError } from '../error.ts';
import { type UdpAnswer, decodeUdpAnswer, encodeUdpAnswer } from './answer.ts';

const counts = { interval: seconds(1_800), leechers: 2, seeders: 0xffff_ffff };

// Written from the tables of BEP 15. Each row is checked in both directions.
const golden: readonly (readonly [string, IpFamily, UdpAnswer, string])[] = [
  [
    'connect',
    'peers',
    { type: 'connect', transactionId: 5, connectionId: { high: 0xfffefdfc, low: 1 } },
    '0000000000000005fffefdfc00000001',
  ],
  [
    'announce with IPv4 peers',
    'peers',
    {
      type: 'announce',
      transactionId: 5,
      ...counts,
      peers: [
        { ip: '127.0.0.1', port: 6881 },
        { ip: '10.2.3.4', port: 80 },
      ],
    },
    '00000001000000050000070800000002ffffffff7f0000011ae10a0203040050',
  ],
  [
    'announce with IPv6 peers',
    'peers6',
    { type: 'announce', transactionId: 5, ...counts, peers: [{ ip: '2001:db8::1', port: 6881 }] },
    '00000001000000050000070800000002ffffffff20010db80000000000000000000000011ae1',
  ],
  [
    'scrape',
    'peers',
    {
      type: 'scrape',
      transactionId: 5,
      entries: [
        { seeders: 1, downloaded: 2, leechers: 3 },
        { seeders: 0, downloaded: 0, leechers: 0 },
      ],
    },
    '0000000200000005000000010000000200000003000000000000000000000000',
  ],
  [
    'error',
    'peers',
    { type: 'error', transactionId: 5, message: 'no such torrent' },
    `0000000300000005${toHex(new TextEncoder().encode('no such torrent'))}`,
  ],
];

describe('an answer over UDP', () => {
  it.each(golden)('%s', (_, family, answer, hex) => {
    expect(toHex(encodeUdpAnswer(answer, family))).toBe(hex);
    expect(decodeUdpAnswer(fromHex(hex), family)).toEqual(answer);
  });

  it('names peers of the asker’s family only', () => {
    const peers = [
      { ip: '127.0.0.1', port: 1 },
      { ip: '::1', port: 2 },
    ];
    const answer = { type: 'announce', transactionId: 1, ...counts, peers } as const;
    for (const [i, family] of (['peers', 'peers6'] as const).entries()) {
      const decoded = decodeUdpAnswer(encodeUdpAnswer(answer, family), family);
      expect(decoded).toMatchObject({ peers: [peers[i]] });
    }
  });

  it.each([
    ['nothing', ''],
    ['half a head', '00000003000000'],
    ['connect without an id', '0000000000000001ffffffffffffff'],
    ['announce without counts', '000000010000000500000708000000020000'],
    ['an action that is none', '0000000400000005'],
  ])('is none: %s', (_, hex) => {
    expect(() => decodeUdpAnswer(fromHex(hex), 'peers')).toThrow(TrackerError);
  });

  it('takes no more peers than are of use, and none that nobody can listen at', () => {
    const peers = '0a0203041ae1'.repeat(maxAnswerPeers + 1);
    const head = '000000010000000500000708000000020000000e';
    const decoded = decodeUdpAnswer(fromHex(`${head}e00000011ae17f0000010000${peers}`), 'peers');
    const given = decoded.type === 'announce' ? decoded.peers : [];
    expect(given).toHaveLength(maxAnswerPeers);
    expect(new Set(given.map(({ ip }) => ip))).toEqual(new Set(['10.2.3.4']));
  });

  it('shows a message without what could steer a terminal', () => {
    const decoded = decodeUdpAnswer(fromHex('00000003000000051b5b324a68690a'), 'peers');
    expect(decoded).toMatchObject({ message: expect.not.stringMatching(/[\p{Cc}\p{Cf}]/u) });
  });

  it('decode undoes encode', () => {
    fc.assert(
      fc.property(anyAnswer, ([answer, family]) => {
        expect(decodeUdpAnswer(encodeUdpAnswer(answer, family), family)).toEqual(answer);
      }),
    );
  });

  it('throws nothing but a TrackerError, whatever it is given', () => {
    const nearly = fc
      .tuple(anyAnswer, fc.nat({ max: 60 }))
      .map(([[answer, family], length]) => encodeUdpAnswer(answer, family).subarray(0, length));
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ maxLength: 60 }), nearly),
        fc.constantFrom('peers' as const, 'peers6' as const),
        (bytes, family) => {
          try {
            decodeUdpAnswer(bytes, family);
          } catch (error) {
            expect(error).toBeInstanceOf(TrackerError);
          }
        },
      ),
    );
  });
});

const word = fc.nat({ max: 0xffff_ffff });
const entry = fc.record({ seeders: word, downloaded: word, leechers: word });

const anyAnswer: fc.Arbitrary<readonly [UdpAnswer, IpFamily]> = fc
  .tuple(
    fc.boolean(),
    fc.oneof(
      fc.record({
        type: fc.constant('connect' as const),
        transactionId: word,
        connectionId: fc.record({ high: word, low: word }),
      }),
      fc.record({
        type: fc.constant('announce' as const),
        transactionId: word,
        interval: fc.integer({ min: 1, max: 0xffff_ffff }).map(seconds),
        leechers: word,
        seeders: word,
        peers: fc.array(peerAddress, { maxLength: 20 }),
      }),
      fc.record({
        type: fc.constant('scrape' as const),
        transactionId: word,
        entries: fc.array(entry, { maxLength: 20 }),
      }),
      fc.record({
        type: fc.constant('error' as const),
        transactionId: word,
        message: fc.string({ unit: 'grapheme-ascii', maxLength: 50 }),
      }),
    ),
  )
  .map(([isSix, answer]) => {
    const family = isSix ? 'peers6' : 'peers';
    if (answer.type !== 'announce') return [answer, family];
    const peers = answer.peers
      .filter(({ ip }) => ip.includes(':') === isSix)
      .map(({ ip, port }) => ({ ip, port }));
    return [{ ...answer, peers }, family];
  });
