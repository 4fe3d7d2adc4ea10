/** What the tracker says over HTTP (BEP 3, BEP 48, and the catalogue): requests in, answers out, no socket. */
import type { Instant } from '../time.ts';
import type { InfoHash } from '../torrent/ids.ts';
import type { AnnounceAnswer, AnnounceFailure, AnnounceRequest } from './announce.ts';
import type { Publication } from './catalogue.ts';
import type { PublishAnswer } from './publications.ts';
import type { InputOf, RegistryAnswers, RegistryInput } from './registry-input.ts';
import type { Registry } from './registry.ts';
import { encodeBencode } from '../bencode/encode.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { decodeAnnounceQuery } from './announce.ts';
import { encodeAnnounceAnswer } from './announce-answer.ts';
import { TrackerError } from './error.ts';
import { decodeScrapeQuery, encodeScrapeAnswer } from './scrape.ts';

export type HttpRequest = {
  readonly method: string;
  /** Path and query as they came, a character a byte. */
  readonly target: string;
  /** Where the request came from, in canonical form. */
  readonly remoteIp: string;
  readonly body: Uint8Array;
  /** The date now, ISO 8601. */
  readonly date: string;
};

export type HttpAnswer = {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** What happened, for the log. */
  readonly news?: TrackerNews;
};

/** What was said of the swarm, and how many peers were named. */
export type AnnouncedCounts = {
  readonly seeders: number;
  readonly leechers: number;
  readonly peersGiven: number;
};

export type TrackerNews =
  | {
      readonly type: 'announced';
      readonly request: AnnounceRequest;
      readonly answer: AnnounceFailure | AnnouncedCounts;
    }
  | { readonly type: 'published'; readonly publication: Publication; readonly isNew: boolean }
  | { readonly type: 'scraped'; readonly infoHashes: readonly InfoHash[] }
  /** The request made no sense. */
  | { readonly type: 'refused'; readonly reason: string };

/** Of answers to announces and scrapes. */
export const plainHeaders: HttpAnswer['headers'] = headersOf('text/plain');

/** Room for a scrape of 74 torrents with every byte escaped. */
export const maxTargetChars = 8_192;

/** What a registry is to be asked, and how what it says is told. */
export type HttpQuestion = {
  readonly input: RegistryInput;
  readonly told: (answer: RegistryAnswers[keyof RegistryAnswers]) => HttpAnswer;
};

/** What is said of how the tracker works. */
export type TrackerRules = Pick<Registry, 'options' | 'expireAfter'>;

type Asked = HttpRequest & { readonly rules: TrackerRules; readonly query: string };
type Route = {
  readonly method: string;
  readonly path: RegExp;
  readonly ask: (asked: Asked, match: RegExpExecArray) => HttpQuestion | HttpAnswer;
};

const routes: readonly Route[] = [
  { method: 'GET', path: /^\/announce$/, ask: announced },
  { method: 'GET', path: /^\/scrape$/, ask: scraped },
  { method: 'GET', path: /^\/torrents$/, ask: listed },
  { method: 'POST', path: /^\/torrents$/, ask: published },
  { method: 'GET', path: /^\/torrents\/(0|[1-9]\d{0,8})\.torrent$/, ask: torrentFile },
  { method: 'GET', path: /^\/stats$/, ask: stats },
];

/** Answers any request. What is wrong with an announce or a scrape is told in the protocol's own way, as a failure. */
export function answerHttp(registry: Registry, now: Instant, request: HttpRequest): HttpAnswer {
  const asked = askHttp(registry, request);
  return 'status' in asked ? asked : asked.told(registry.handle(now, asked.input));
}

/** What is to be asked for a request; or its answer, where nobody need be asked. */
export function askHttp(rules: TrackerRules, request: HttpRequest): HttpQuestion | HttpAnswer {
  const { method, target } = request;
  if (target.length > maxTargetChars) return wrong(414, 'too-long', 'the address is too long');
  const cut = target.indexOf('?');
  const path = cut < 0 ? target : target.slice(0, cut);
  const query = cut < 0 ? '' : target.slice(cut + 1);
  const known = routes.filter((route) => route.path.test(path));
  if (known.length === 0) return wrong(404, 'not-found', 'nothing is here');
  const route = known.find((candidate) => candidate.method === method);
  const match = route?.path.exec(path);
  if (route === undefined || !match) return notAllowed(known.map((other) => other.method));
  return orFailure(() => route.ask({ ...request, rules, query }, match));
}

/** A JSON body that says what is wrong. */
export function wrong(status: number, code: string, message: string): HttpAnswer {
  return {
    ...json(status, { error: { code, message } }),
    news: { type: 'refused', reason: message },
  };
}

/** 405, with the methods that are allowed. */
export function notAllowed(methods: readonly string[]): HttpAnswer {
  const answer = wrong(405, 'method-not-allowed', `only ${methods.join(' and ')} is answered here`);
  return { ...answer, headers: { ...answer.headers, allow: methods.join(', ') } };
}

function announced({ query, remoteIp }: Asked): HttpQuestion {
  const request = decodeAnnounceQuery(query);
  return question({ type: 'announce', request, remoteIp }, (answer) => {
    const news = { type: 'announced', request, answer: countsOf(answer) } as const;
    return { ...plain(encodeAnnounceAnswer(answer, request)), news };
  });
}

/** Ties the answer to its question. */
function question<Type extends RegistryInput['type']>(
  input: InputOf<Type> & { readonly type: Type },
  told: (answer: RegistryAnswers[Type]) => HttpAnswer,
): HttpQuestion {
  return { input, told: (answer) => told(answer as RegistryAnswers[Type]) };
}

function countsOf(answer: AnnounceAnswer): AnnounceFailure | AnnouncedCounts {
  if ('failure' in answer) return answer;
  const { leechers = 0, peers, seeders = 0 } = answer;
  return { seeders, leechers, peersGiven: peers.length };
}

function scraped({ query }: Asked): HttpQuestion {
  const infoHashes = decodeScrapeQuery(query);
  return question({ type: 'scrape', infoHashes }, (answer) => ({
    ...plain(encodeScrapeAnswer(answer)),
    news: { type: 'scraped', infoHashes },
  }));
}

function listed(): HttpQuestion {
  return question({ type: 'list' }, (entries) => json(200, entries));
}

function published({ body, date }: Asked): HttpQuestion {
  return question({ type: 'publish', torrent: body, addedAt: date }, publicationAnswer);
}

function publicationAnswer(answer: PublishAnswer): HttpAnswer {
  if (answer.type === 'published') {
    const { isNew, publication } = answer;
    const news = { type: 'published', publication, isNew } as const;
    return { ...json(isNew ? 201 : 200, publication), news };
  }
  const { code, message, offset } = answer;
  return {
    ...json(code === 'full' ? 507 : 400, { error: { code, message, offset } }),
    news: { type: 'refused', reason: message },
  };
}

function torrentFile(_: Asked, [, digits]: RegExpExecArray): HttpQuestion {
  const id = Number(digits);
  return question({ type: 'torrent-file', id }, (body) => {
    if (body === undefined) return wrong(404, 'not-found', `no torrent has the id ${id}`);
    const disposition = `attachment; filename="${id}.torrent"`;
    const headers = {
      ...headersOf('application/x-bittorrent'),
      'content-disposition': disposition,
    };
    return { status: 200, headers, body };
  });
}

function stats({ rules }: Asked): HttpQuestion {
  const { interval, minInterval } = rules.options;
  const expireAfterSec = rules.expireAfter / 1_000;
  return question({ type: 'stats' }, (counts) =>
    json(200, {
      ...counts,
      intervalSec: interval / 1_000,
      minIntervalSec: minInterval / 1_000,
      expireAfterSec,
      staleness: `a peer that says stopped leaves the lists at once, one that dies within ${expireAfterSec} s`,
    }),
  );
}

function orFailure(ask: () => HttpQuestion | HttpAnswer): HttpQuestion | HttpAnswer {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    const reason = error.message;
    return {
      ...plain(encodeBencode({ 'failure reason': reason })),
      news: { type: 'refused', reason },
    };
  }
}

/** Clients take no other status than 200 for an answer. */
const plain = (body: Uint8Array): HttpAnswer => ({ status: 200, headers: plainHeaders, body });

const json = (status: number, value: unknown): HttpAnswer => ({
  status,
  headers: headersOf('application/json; charset=utf-8'),
  body: encodeUtf8(JSON.stringify(value)),
});

/** Names and peer ids are strangers' bytes: no browser shall take an answer for a page. */
function headersOf(contentType: string): Record<string, string> {
  return {
    'content-type': contentType,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  };
}
