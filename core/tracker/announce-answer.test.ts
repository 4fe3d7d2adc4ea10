import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { encodeBencode } from '../bencode/encode.ts';
import { fromLatin1, latin1 } from '../bytes/utf8.ts';
import { announceSuccess } from '../testing/tracker-arbitraries.ts';
import { millis, minutes, seconds } from '../time.ts';
import { PeerId } from '../torrent/ids.ts';
import type { AnnounceAnswer } from './announce.ts';
import { decodeAnnounceAnswer, encodeAnnounceAnswer, maxAnswerPeers } from './announce-answer.ts';
import { TrackerError } from './error.ts';

const peerId = PeerId('61'.repeat(20));
const a20 = 'a'.repeat(20);
const compact = { compact: true, noPeerId: false };
const dictionaries = { compact: false, noPeerId: false };
const anonymous = { compact: false, noPeerId: true };

// Each row is checked in both directions.
const golden: readonly (readonly [string, AnnounceAnswer, typeof compact, string])[] = [
  [
    'compact',
    {
      interval: seconds(30),
      minInterval: seconds(10),
      seeders: 1,
      leechers: 2,
      downloaded: 3,
      peers: [{ ip: '127.0.0.1', port: 6881 }],
    },
    compact,
    'd8:completei1e10:downloadedi3e10:incompletei2e8:intervali30e12:min intervali10e5:peers6:\x7f\0\0\x01\x1a\xe1e',
  ],
  [
    'both families',
    {
      interval: seconds(1),
      peers: [
        { ip: '1.2.3.4', port: 1 },
        { ip: '::1', port: 258 },
      ],
    },
    compact,
    `d8:intervali1e5:peers6:\x01\x02\x03\x04\0\x016:peers618:${'\0'.repeat(15)}\x01\x01\x02e`,
  ],
  [
    'dictionaries',
    { interval: seconds(1), peers: [{ ip: '::1', port: 80, peerId }] },
    dictionaries,
    `d8:intervali1e5:peersld2:ip3:::17:peer id20:${a20}4:porti80eeee`,
  ],
  [
    'without peer ids',
    { interval: seconds(1), peers: [{ ip: '::1', port: 80 }], trackerId: '\xff', warning: 'slow' },
    anonymous,
    'd8:intervali1e5:peersld2:ip3:::14:porti80eee10:tracker id1:\xff15:warning message4:slowe',
  ],
  [
    'failure',
    { failure: 'full', retryIn: minutes(5) },
    compact,
    'd14:failure reason4:full8:retry ini5ee',
  ],
  [
    'never again',
    { failure: 'no', retryIn: 'never' },
    compact,
    'd14:failure reason2:no8:retry in5:nevere',
  ],
];

describe('the answer to an announce', () => {
  it.each(golden)('%s on the wire', (_, answer, form, wire) => {
    expect(latin1(encodeAnnounceAnswer(answer, form))).toBe(wire);
    expect(decodeAnnounceAnswer(fromLatin1(wire))).toEqual(answer);
  });

  it('decode undoes encode in the dictionary form', () => {
    fc.assert(
      fc.property(announceSuccess, (answer) => {
        expect(decodeAnnounceAnswer(encodeAnnounceAnswer(answer, dictionaries))).toEqual(answer);
      }),
    );
  });

  it('names the same peers in the compact form, the families apart', () => {
    fc.assert(
      fc.property(announceSuccess, (answer) => {
        const read = decodeAnnounceAnswer(encodeAnnounceAnswer(answer, compact));
        const bare = answer.peers.map(({ ip, port }) => ({ ip, port }));
        const isIpv6 = ({ ip }: { ip: string }): boolean => ip.includes(':');
        const peers = [...bare.filter((p) => !isIpv6(p)), ...bare.filter(isIpv6)];
        expect(read).toEqual({ ...answer, peers });
      }),
    );
  });

  it('throws nothing but a TrackerError, whatever it is given', () => {
    const broken = announceSuccess.chain((answer) => {
      const bytes = encodeAnnounceAnswer(answer, dictionaries);
      const cut = fc.nat({ max: bytes.length - 1 });
      return fc
        .tuple(cut, fc.nat({ max: 255 }), fc.boolean())
        .map(([at, byte, isCut]) => (isCut ? bytes.slice(0, at) : bytes.with(at, byte)));
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), broken), (bytes) => {
        try {
          decodeAnnounceAnswer(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(TrackerError);
        }
      }),
    );
  });

  it.each(['', 'de', 'le', 'i1e', '4:spam', '<html>', `${'l'.repeat(9_999)}${'e'.repeat(9_999)}`])(
    'is refused when it is none: %s',
    (text) => {
      expect(() => decodeAnnounceAnswer(fromLatin1(text))).toThrow(TrackerError);
    },
  );

  it('never says to wait no time at all', () => {
    const answer = { interval: millis(1), minInterval: millis(1_001), peers: [] };
    const read = decodeAnnounceAnswer(encodeAnnounceAnswer(answer, compact));
    expect(read).toMatchObject({ interval: seconds(1), minInterval: seconds(2) });
  });

  it('leaves out peers that nobody can listen at, and what is no peer', () => {
    const dict = {
      interval: 1,
      peers: [
        { ip: '1.2.3.4', port: 0 },
        { ip: '224.0.0.1', port: 80 },
        { ip: '255.255.255.255', port: 80 },
        { ip: 'peer.example', port: 80 },
        { ip: '1.2.3.4', port: '80' },
        { port: 80 },
        7,
        { ip: '1.2.3.4', port: 80, 'peer id': 'short' },
      ],
    };
    expect(decodeAnnounceAnswer(encodeBencode(dict))).toMatchObject({
      peers: [{ ip: '1.2.3.4', port: 80 }],
    });
    const halves = { interval: 1, peers: fromLatin1('\x01\x02\x03\x04\0\x50\x01\x02') };
    expect(decodeAnnounceAnswer(encodeBencode(halves))).toMatchObject({
      peers: [{ ip: '1.2.3.4', port: 80 }],
    });
  });

  it('takes no more peers than are of use', () => {
    const peers = fromLatin1('\x01\x02\x03\x04\0\x50'.repeat(10_000));
    const read = decodeAnnounceAnswer(encodeBencode({ interval: 1, peers }));
    expect('peers' in read && read.peers.length).toBe(maxAnswerPeers);
  });

  it('shows a failure reason without what could steer a terminal', () => {
    const read = decodeAnnounceAnswer(encodeBencode({ 'failure reason': 'a\x1b[2J<b>\n' }));
    expect(read).toEqual({ failure: 'a\\u{1b}[2J<b>\\u{a}' });
  });

  it.each([
    [0, seconds(0)],
    [-1, seconds(-1)],
    [10n ** 18n, millis(1e21)],
    ['soon', undefined],
  ])('hands on an absurd interval as it is: %s', (interval, read) => {
    const answer = decodeAnnounceAnswer(encodeBencode({ interval, peers: '' }));
    expect(answer).toEqual({ ...(read !== undefined && { interval: read }), peers: [] });
  });
});
