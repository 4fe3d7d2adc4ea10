import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { fromLatin1, latin1 } from '../bytes/utf8.ts';
import { infoHash, scrapeSuccess } from '../testing/tracker-arbitraries.ts';
import { InfoHash } from '../torrent/ids.ts';
import { TrackerError } from './error.ts';
import {
  type ScrapeAnswer,
  decodeScrapeAnswer,
  decodeScrapeQuery,
  encodeScrapeAnswer,
  encodeScrapeQuery,
  scrapeUrl,
} from './scrape.ts';

const ff = InfoHash('ff'.repeat(20));
const entry = { seeders: 5, leechers: 10, downloaded: 50 };

// Each row is checked in both directions.
const golden: readonly (readonly [string, ScrapeAnswer, string])[] = [
  ['nothing known', { files: new Map() }, 'd5:filesdee'],
  [
    'one swarm',
    { files: new Map([[ff, entry]]) },
    `d5:filesd20:${'\xff'.repeat(20)}d8:completei5e10:downloadedi50e10:incompletei10eeee`,
  ],
  [
    'one with partial seeds',
    { files: new Map([[ff, { ...entry, downloaders: 7 }]]) },
    `d5:filesd20:${'\xff'.repeat(20)}d8:completei5e10:downloadedi50e11:downloadersi7e10:incompletei10eeee`,
  ],
  ['failure', { failure: 'too many' }, 'd14:failure reason8:too manye'],
];

describe('scrape', () => {
  it.each(golden)('%s on the wire', (_, answer, wire) => {
    expect(latin1(encodeScrapeAnswer(answer))).toBe(wire);
    expect(decodeScrapeAnswer(fromLatin1(wire))).toEqual(answer);
  });

  it('decode undoes encode, of the answer and of the query', () => {
    fc.assert(
      fc.property(scrapeSuccess, fc.array(infoHash, { maxLength: 20 }), (answer, hashes) => {
        expect(decodeScrapeAnswer(encodeScrapeAnswer(answer))).toEqual(answer);
        expect(decodeScrapeQuery(encodeScrapeQuery(hashes))).toEqual(hashes);
      }),
    );
  });

  it('throws nothing but a TrackerError, whatever it is given', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (bytes, query) => {
        for (const decode of [() => decodeScrapeAnswer(bytes), () => decodeScrapeQuery(query)])
          try {
            decode();
          } catch (error) {
            expect(error).toBeInstanceOf(TrackerError);
          }
      }),
    );
  });

  it('leaves out entries that are none', () => {
    const wire = `d5:filesd3:abcd8:completei1e10:incompletei1ee20:${'a'.repeat(20)}i1e20:${'b'.repeat(20)}d8:completei-1e10:incompletei1eeee`;
    expect(decodeScrapeAnswer(fromLatin1(wire))).toEqual({ files: new Map() });
    expect(() => decodeScrapeAnswer(fromLatin1('de'))).toThrow(TrackerError);
  });

  it.each([
    ['http://a/announce', 'http://a/scrape'],
    ['http://a/x/announce.php?key=1', 'http://a/x/scrape.php?key=1'],
    ['http://a/announce?x=/announce', 'http://a/scrape?x=/announce'],
    ['http://a/', undefined],
    ['http://a/announce/x', undefined],
    ['http://a/?q=/announce', undefined],
  ])('asks %s at %s', (announceUrl, url) => {
    expect(scrapeUrl(announceUrl)).toBe(url);
  });
});
