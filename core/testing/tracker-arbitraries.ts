/** What peers and trackers say to each other, at random. */
import fc from 'fast-check';
import type { AnnounceRequest, AnnounceSuccess, PeerAddress } from '../tracker/announce.ts';
import type { ScrapeSuccess } from '../tracker/scrape.ts';
import { toHex } from '../bytes/hex.ts';
import { latin1 } from '../bytes/utf8.ts';
import { seconds } from '../time.ts';
import { InfoHash, PeerId } from '../torrent/ids.ts';
import { formatIp, isDialable } from '../tracker/ip.ts';

const bytesOf = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const token = fc.uint8Array({ maxLength: 20 }).map(latin1);
const count = fc.nat({ max: Number.MAX_SAFE_INTEGER });

export const infoHash: fc.Arbitrary<InfoHash> = bytesOf(20).map((bytes) => InfoHash(toHex(bytes)));
export const peerId: fc.Arbitrary<PeerId> = bytesOf(20).map((bytes) => PeerId(toHex(bytes)));
export const port: fc.Arbitrary<number> = fc.integer({ min: 1, max: 65_535 });
/** Any address, in canonical form. */
export const ip: fc.Arbitrary<string> = fc.oneof(bytesOf(4), bytesOf(16)).map(formatIp);

export const announceRequest: fc.Arbitrary<AnnounceRequest> = fc.record(
  {
    infoHash,
    peerId,
    port,
    uploaded: count,
    downloaded: count,
    left: count,
    event: fc.constantFrom('started', 'completed', 'stopped', 'paused'),
    compact: fc.boolean(),
    noPeerId: fc.boolean(),
    numwant: count,
    ip: token,
    key: token,
    trackerId: token,
  },
  {
    requiredKeys: [
      'infoHash',
      'peerId',
      'port',
      'uploaded',
      'downloaded',
      'left',
      'compact',
      'noPeerId',
    ],
  },
);

/** A peer that can be dialled. */
export const peerAddress: fc.Arbitrary<PeerAddress> = fc
  .record({ ip, port, peerId })
  .filter(isDialable);

export const announceSuccess: fc.Arbitrary<AnnounceSuccess> = fc.record(
  {
    interval: fc.nat({ max: 1e6 }).map((n) => seconds(n + 1)),
    minInterval: fc.nat({ max: 1e6 }).map((n) => seconds(n + 1)),
    seeders: count,
    leechers: count,
    downloaded: count,
    peers: fc.array(peerAddress, { maxLength: 20 }),
    trackerId: token,
    warning: fc.string({ unit: 'grapheme-ascii', maxLength: 100 }),
  },
  { requiredKeys: ['interval', 'peers'] },
);

const scrapeEntry = fc.record(
  { seeders: count, leechers: count, downloaded: count, downloaders: count },
  { requiredKeys: ['seeders', 'leechers', 'downloaded'] },
);

export const scrapeSuccess: fc.Arbitrary<ScrapeSuccess> = fc
  .array(fc.tuple(infoHash, scrapeEntry), { maxLength: 10 })
  .map((entries) => ({ files: new Map(entries) }));
