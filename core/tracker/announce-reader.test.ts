import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { PeerId, InfoHash } from '../torrent/ids.ts';
import { type AnnounceRequest, decodeAnnounceQuery, encodeAnnounceQuery } from './announce.ts';
import { readAnnounceQuery } from './announce-reader.ts';
import { Announcement } from './announcement.ts';
import { escapeBytes } from './query.ts';

const here = '192.0.2.1';
const hex = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));
const count = fc.oneof(fc.nat(), fc.maxSafeInteger().map(Math.abs));
const usual: fc.Arbitrary<AnnounceRequest> = fc
  .record(
    {
      infoHash: hex.map(InfoHash),
      peerId: hex.map(PeerId),
      port: fc.integer({ min: 1, max: 65_535 }),
      uploaded: count,
      downloaded: count,
      left: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 999_999_999_999_999 })),
      event: fc.constantFrom('started', 'completed', 'stopped', 'paused'),
      numwant: fc.nat(),
      key: fc.stringMatching(/^[\w-]{0,9}$/),
      noPeerId: fc.boolean(),
    },
    { requiredKeys: ['infoHash', 'peerId', 'port', 'uploaded', 'downloaded', 'left', 'noPeerId'] },
  )
  .map((request) => ({ ...request, uploaded: 5, downloaded: 6, compact: true }));

/** What the reader makes of a query; undefined: it leaves it alone. */
function read(query: string): Announcement | undefined {
  const announcement = new Announcement();
  // Nothing of what was there before may be left.
  announcement.read(decodeAnnounceQuery(`${valid}&event=paused&numwant=9&key=abc`), here);
  if (!readAnnounceQuery(query, announcement)) return undefined;
  announcement.ip.fill(0);
  return announcement;
}

function expected(query: string): Announcement {
  const announcement = new Announcement();
  announcement.read(decodeAnnounceQuery(query), here);
  announcement.ip.fill(0);
  return announcement;
}

const hash = 'a%00%FFb'.repeat(5);
const valid = `info_hash=${hash}&peer_id=${hash}&port=6881&left=0`;

describe('readAnnounceQuery', () => {
  it('reads every usual announce as decodeAnnounceQuery does', () => {
    fc.assert(
      fc.property(usual, (request) => {
        const query = encodeAnnounceQuery(request);
        expect(read(query)).toEqual(expected(query));
      }),
    );
  });

  it('reads hashes that are escaped as the client likes', () => {
    const bytes = fc.uint8Array({ minLength: 20, maxLength: 20 });
    const escaped = fc.tuple(bytes, fc.infiniteStream(fc.boolean())).map(([all, all2]) =>
      Array.from(all, (byte) => {
        const isUpper = all2.next().value === true;
        const digits = byte.toString(16).padStart(2, '0');
        return isUpper ? `%${digits.toUpperCase()}` : escapeBytes(String.fromCharCode(byte));
      }).join(''),
    );
    fc.assert(
      fc.property(escaped, (text) => {
        const query = `info_hash=${text}&peer_id=${text}&port=1&left=2`;
        expect(read(query)).toEqual(expected(query));
      }),
    );
  });

  it('reads nothing otherwise than decodeAnnounceQuery, whatever comes', () => {
    const names = ['info_hash', 'peer_id', 'port', 'left', 'uploaded', 'downloaded', 'event'];
    const more = ['numwant', 'key', 'compact', 'no_peer_id', 'ip', 'trackerid', 'x', ''];
    const value = fc.oneof(
      fc.constantFrom(hash, '0', '1', '00', '6881', '65536', '-1', '', 'started', 'Started'),
      fc.constantFrom('%41', '%', '%4', 'é', 'Ā', '1234567890123456', 'k'.repeat(257), '='),
      fc.string(),
    );
    const part = fc
      .tuple(fc.constantFrom(...names, ...more), value, fc.boolean())
      .map(([name, text, isBare]) => (isBare ? name : `${name}=${text}`));
    const parts = fc.array(part, { maxLength: 5 });
    fc.assert(
      fc.property(parts, parts, (before, after) => {
        for (const kept of [[valid], valid.split('&').slice(1), []]) {
          const query = [...before, ...kept, ...after].join('&');
          const found = read(query);
          if (found !== undefined) expect(found).toEqual(expected(query));
        }
      }),
    );
  });

  it.each([
    ['the empty query', ''],
    ['one that asks for dictionaries', `${valid}&compact=0`],
    ['one that names an address', `${valid}&ip=192.0.2.9`],
    ['one that gives a tracker id back', `${valid}&trackerid=t`],
    ['a repeated parameter', `${valid}&left=0`],
    ['a repeated parameter that means nothing here', `${valid}&no_peer_id=1&no_peer_id=1`],
    ['port 0', valid.replace('6881', '0')],
    ['port 65536', valid.replace('6881', '65536')],
    ['a hash of 19 bytes', valid.replace('a', '')],
    ['a hash of 21 bytes', valid.replace('a', 'aa')],
    ['half an escape', valid.replace('&peer_id', '%4&peer_id')],
    ['an escaped name', valid.replace('port', '%70ort')],
    ['too many parameters', `${valid}${'&x'.repeat(125)}`],
  ])('leaves alone %s', (_, query) => {
    expect(read(valid)).toBeDefined();
    expect(read(query)).toBeUndefined();
  });

  it('reads as many parameters as a query may have', () => {
    expect(read(`${valid}${'&x'.repeat(124)}`)).toBeDefined();
  });
});
