import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { announceRequest } from '../testing/tracker-arbitraries.ts';
import { InfoHash, PeerId } from '../torrent/ids.ts';
import { type AnnounceRequest, decodeAnnounceQuery, encodeAnnounceQuery } from './announce.ts';
import { TrackerError } from './error.ts';

const least: AnnounceRequest = {
  infoHash: InfoHash('00ff2541'.padEnd(40, '0')),
  peerId: PeerId('2d535730'.padEnd(40, '6')),
  port: 6881,
  uploaded: 0,
  downloaded: 0,
  left: 5,
  compact: true,
  noPeerId: false,
};
const leastQuery =
  'info_hash=%00%ff%25%41%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00' +
  '&peer_id=%2d%53%57%30%66%66%66%66%66%66%66%66%66%66%66%66%66%66%66%66' +
  '&port=6881&uploaded=0&downloaded=0&left=5&compact=1';

// Each row is checked in both directions.
const golden: readonly (readonly [AnnounceRequest, string])[] = [
  [least, leastQuery],
  [{ ...least, event: 'started', numwant: 50 }, `${leastQuery}&numwant=50&event=started`],
  [
    { ...least, noPeerId: true, key: 'a&b=\xff', trackerId: 'x y', ip: '::1' },
    `${leastQuery}&no_peer_id=1&key=a%26b%3d%ff&trackerid=x%20y&ip=%3a%3a1`,
  ],
];

describe('the query of an announce', () => {
  it.each(golden)('%o on the wire', (request, query) => {
    expect(encodeAnnounceQuery(request)).toBe(query);
    expect(decodeAnnounceQuery(query)).toEqual(request);
  });

  it('decode undoes encode', () => {
    fc.assert(
      fc.property(announceRequest, (request) => {
        expect(decodeAnnounceQuery(encodeAnnounceQuery(request))).toEqual(request);
      }),
    );
  });

  it('throws nothing but a TrackerError, whatever it is given', () => {
    const part = fc.constantFrom('info_hash=', '%', '%f', 'port=', '&', '=', leastQuery, 'left=-');
    const noise = fc.array(fc.oneof(part, fc.string())).map((parts) => parts.join(''));
    fc.assert(
      fc.property(noise, (query) => {
        try {
          decodeAnnounceQuery(query);
        } catch (error) {
          expect(error).toBeInstanceOf(TrackerError);
        }
      }),
    );
  });

  it('takes bytes that are not escaped for what they are', () => {
    const raw = '\x80\xff+/?*'.padEnd(20, 'a');
    const query = leastQuery.replace(/info_hash=[^&]*/, `info_hash=${raw}`);
    expect(decodeAnnounceQuery(query).infoHash).toBe(Buffer.from(raw, 'latin1').toString('hex'));
  });

  it.each([
    ['info_hash=%00', 'bad-info-hash'],
    ['info_hash=', 'bad-info-hash'],
    [`info_hash=${'%00'.repeat(21)}`, 'bad-info-hash'],
    ['info_hash=%zz', 'bad-escape'],
    ['info_hash=%4', 'bad-escape'],
    ['info_hash=\u{1f600}', 'bad-escape'],
    ['peer_id=abc', 'bad-peer-id'],
    ['port=0', 'bad-port'],
    ['port=65536', 'bad-port'],
    ['port=-1', 'bad-port'],
    ['port=80x', 'bad-port'],
    ['port=', 'bad-port'],
    ['left=-1', 'bad-number'],
    ['left=NaN', 'bad-number'],
    ['left=', 'bad-number'],
    ['uploaded=1e3', 'bad-number'],
    [`key=${'k'.repeat(257)}`, 'too-long'],
  ])('refuses %s as %s', (parameter, code) => {
    const [name = ''] = parameter.split('=');
    const others = leastQuery.split('&').filter((part) => !part.startsWith(`${name}=`));
    expect(codeOf([...others, parameter].join('&'))).toBe(code);
  });

  it.each(['info_hash', 'peer_id', 'port', 'left'])('refuses one without %s', (name) => {
    const others = leastQuery.split('&').filter((part) => !part.startsWith(`${name}=`));
    expect(codeOf(others.join('&'))).toBe('missing');
  });

  it('refuses a parameter that is given twice, and thousands of them', () => {
    expect(codeOf(`${leastQuery}&port=6882`)).toBe('repeated');
    expect(codeOf(`${leastQuery}${'&a=b'.repeat(5_000)}`)).toBe('too-many-parameters');
  });

  it.each(['18446744073709551616', '9223372036854775808', '1'.repeat(400)])(
    'never takes what is left for nothing: %s',
    (left) => {
      const query = leastQuery.replace('left=5', `left=${left}`);
      expect(decodeAnnounceQuery(query).left).toBe(Number.MAX_SAFE_INTEGER);
    },
  );

  it.each([
    ['numwant=-1', {}],
    ['numwant=NaN', {}],
    ['numwant=0', { numwant: 0 }],
    ['numwant=1000000000', { numwant: 1_000_000_000 }],
    ['event=', {}],
    ['event=exploded', {}],
    ['compact=0', { compact: false }],
    ['unknown=%00', {}],
  ])('reads %s as %o', (parameter, read) => {
    const others = leastQuery.replace(/&compact=1$/, '');
    expect(decodeAnnounceQuery(`${others}&${parameter}`)).toEqual({ ...least, ...read });
  });
});

function codeOf(query: string): string {
  try {
    decodeAnnounceQuery(query);
  } catch (error) {
    if (error instanceof TrackerError) return error.code;
  }
  return 'none';
}
