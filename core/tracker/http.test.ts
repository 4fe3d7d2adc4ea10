import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { decodeUtf8, latin1 } from '../bytes/utf8.ts';
import { randomStream } from '../random.ts';
import { nodeSha1, smallTorrent } from '../testing/tracker-torrents.ts';
import { millis, start } from '../time.ts';
import { PeerId } from '../torrent/ids.ts';
import { type AnnounceRequest, encodeAnnounceQuery } from './announce.ts';
import { decodeAnnounceAnswer } from './announce-answer.ts';
import { decodeCatalogue } from './catalogue.ts';
import { type HttpAnswer, type HttpRequest, answerHttp, maxTargetChars } from './http.ts';
import { Registry } from './registry.ts';
import { decodeScrapeAnswer, encodeScrapeQuery } from './scrape.ts';
import { seederOf } from '../testing/announces.ts';

const tune = smallTorrent('tune & more.mp3');
const seeding = seederOf(tune.infoHash);
const announceTarget = (change: Partial<AnnounceRequest> = {}): string =>
  `/announce?${encodeAnnounceQuery({ ...seeding, ...change })}`;

describe('the tracker over HTTP', () => {
  it('publishes, lists and hands out a torrent', () => {
    const ask = tracker();
    const first = ask({ method: 'POST', target: '/torrents', body: tune.bytes });
    expect(first.status).toBe(201);
    const publication = { id: 0, infoHash: tune.infoHash, name: 'tune & more.mp3' };
    expect(jsonOf(first)).toEqual(publication);
    expect(first.news).toEqual({ type: 'published', publication, isNew: true });
    expect(ask({ method: 'POST', target: '/torrents', body: tune.bytes }).status).toBe(200);
    expect(jsonOf(ask({ target: '/torrents' }))).toEqual([]);
    ask({ target: announceTarget() });
    expect(decodeCatalogue(decodeUtf8(ask({ target: '/torrents' }).body) ?? '')).toEqual([
      {
        ...publication,
        length: 3,
        pieceLength: 2,
        pieces: 2,
        addedAt: '2024-02-29T00:00:00.000Z',
        seeders: [{ peerId: seeding.peerId, ip: '127.0.0.1', port: 6881 }],
        leechers: [],
      },
    ]);
    expect(ask({ target: '/torrents/0.torrent' }).body).toEqual(tune.bytes);
  });

  it('answers announce and scrape', () => {
    const ask = tracker();
    const { body, news } = ask({ target: announceTarget({ event: 'started' }) });
    expect(decodeAnnounceAnswer(body)).toMatchObject({ seeders: 1, leechers: 0, peers: [] });
    expect(news).toMatchObject({ type: 'announced', request: { event: 'started' } });
    const scraped = ask({ target: `/scrape?${encodeScrapeQuery([tune.infoHash])}` });
    const counts = { seeders: 1, leechers: 0, downloaded: 0, downloaders: 0 };
    expect(decodeScrapeAnswer(scraped.body)).toEqual({
      files: new Map([[tune.infoHash, counts]]),
    });
  });

  it('gives dictionaries to those who ask for them', () => {
    const ask = tracker();
    ask({ target: announceTarget() });
    const other = { peerId: PeerId('cd'.repeat(20)), compact: false, left: 1 };
    const { body } = ask({ target: announceTarget(other) });
    expect(decodeAnnounceAnswer(body)).toMatchObject({ peers: [{ peerId: seeding.peerId }] });
    const anonymous = ask({ target: announceTarget({ ...other, noPeerId: true }) });
    expect(latin1(anonymous.body)).not.toContain('peer id');
  });

  it('tells what is wrong with an announce as a failure reason, and remembers nothing of it', () => {
    const ask = tracker();
    const target = announceTarget().replace('port=6881', 'port=0');
    const { body, news, status } = ask({ target });
    expect(status).toBe(200);
    expect(decodeAnnounceAnswer(body)).toEqual({ failure: 'port is not from 1 to 65535' });
    expect(news).toEqual({ type: 'refused', reason: 'port is not from 1 to 65535' });
    expect(jsonOf(ask({ target: '/stats' }))).toMatchObject({ peers: 0, swarms: 0 });
    expect(decodeScrapeAnswer(ask({ target: '/scrape' }).body)).toHaveProperty('failure');
    expect(decodeScrapeAnswer(ask({ target: '/scrape?info_hash=a' }).body)).toHaveProperty(
      'failure',
    );
  });

  it('states how stale its lists can be', () => {
    const stats = jsonOf(tracker(millis(500))({ target: '/stats' }));
    expect(stats).toMatchObject({ intervalSec: 0.5, expireAfterSec: 0.75 });
    expect(stats).toHaveProperty('staleness', expect.stringContaining('0.75 s'));
  });

  it.each([
    ['POST', '/announce', 405, 'GET'],
    ['HEAD', '/announce', 405, 'GET'],
    ['DELETE', '/torrents', 405, 'GET, POST'],
    ['POST', '/torrents/0.torrent', 405, 'GET'],
    ['GET', '/torrents/0.torrent', 404, undefined],
    ['GET', '/torrents/00.torrent', 404, undefined],
    ['GET', '/torrents/../../etc/passwd', 404, undefined],
    ['GET', '/torrents/99999999999999999999.torrent', 404, undefined],
    ['GET', '/', 404, undefined],
    ['GET', '', 404, undefined],
    ['GET', '/announce/', 404, undefined],
    ['GET', `/announce?${'a'.repeat(maxTargetChars)}`, 414, undefined],
    ['POST', '/torrents', 400, undefined],
  ])('%s %s is a %i', (method, target, status, allow) => {
    const answer = tracker()({ method, target });
    expect(answer.status).toBe(status);
    expect(answer.headers['allow']).toBe(allow);
    expect(jsonOf(answer)).toHaveProperty('error.message');
  });

  it('tells where a torrent is wrong', () => {
    const body = tune.bytes.slice(0, 20);
    const answer = tracker()({ method: 'POST', target: '/torrents', body });
    expect(jsonOf(answer)).toMatchObject({ error: { code: 'truncated', offset: 19 } });
  });

  it('never throws, and never lets a browser guess', () => {
    const part = fc.constantFrom(
      '/',
      'announce',
      'torrents',
      '?',
      '&',
      '%',
      'info_hash=',
      '.torrent',
    );
    const target = fc.array(fc.oneof(part, fc.string())).map((parts) => `/${parts.join('')}`);
    const method = fc.constantFrom('GET', 'POST', 'HEAD', 'PATCH', '');
    fc.assert(
      fc.property(fc.record({ method, target, body: fc.uint8Array() }), (request) => {
        const { headers } = tracker()(request);
        expect(headers['x-content-type-options']).toBe('nosniff');
        expect(headers['content-type']).not.toContain('html');
      }),
    );
  });
});

function tracker(interval = millis(30_000)): (request: Partial<HttpRequest>) => HttpAnswer {
  const random = randomStream(1, 'peers');
  const registry = new Registry(start, { random, sha1: nodeSha1, options: { interval } });
  const usual: HttpRequest = {
    method: 'GET',
    target: '/',
    remoteIp: '127.0.0.1',
    body: new Uint8Array(),
    date: '2024-02-29T00:00:00.000Z',
  };
  return (request) => answerHttp(registry, start, { ...usual, ...request });
}

const jsonOf = ({ body }: HttpAnswer): unknown => JSON.parse(decodeUtf8(body) ?? '');
