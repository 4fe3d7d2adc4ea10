/** Asks trackers over HTTP (BEP 3, BEP 48) and over UDP (BEP 15), and the catalogue of ours. */
import { randomInt } from 'node:crypto';
import { type Random, randomStream } from '../random.ts';
import { type Duration, seconds } from '../time.ts';
import type { InfoHash } from '../torrent/ids.ts';
import { decodeUtf8, latin1 } from '../bytes/utf8.ts';
import { printable } from '../torrent/printable.ts';
import {
  type AnnounceAnswer,
  type AnnounceRequest,
  encodeAnnounceQuery,
} from '../tracker/announce.ts';
import { decodeAnnounceAnswer } from '../tracker/announce-answer.ts';
import {
  type CatalogueEntry,
  type Publication,
  decodeCatalogue,
  decodePublication,
  decodeRefusal,
} from '../tracker/catalogue.ts';
import { TrackerError } from '../tracker/error.ts';
import {
  type ScrapeAnswer,
  decodeScrapeAnswer,
  encodeScrapeQuery,
  scrapeUrl,
} from '../tracker/scrape.ts';
import { type HttpReply, callHttp } from './http-client.ts';
import { TrackerRequestError } from './http-error.ts';
import { UdpTrackers } from './udp-trackers.ts';

export type TrackerRequestOptions = {
  readonly signal?: AbortSignal;
  /** The address to speak from. */
  readonly localAddress?: string;
  /** For the whole exchange, redirects included. Default 15 s, and 55 s over UDP, where what is lost is sent again. */
  readonly timeLimit?: Duration;
};

const defaultTimeLimit = seconds(15);
/** An announce of 200 peers has 20 KB in its longest form. */
const maxAnswerBytes = 2 ** 20;
/** A torrent as large as a publication may be, and a list of ten thousand. */
const maxFileBytes = 16 * 2 ** 20;

export type TrackerClientOptions = {
  /** The address to speak from. */
  readonly localAddress?: string;
  /** For transaction ids: whoever can guess them can answer in a tracker's place. */
  readonly random: Random;
};

/** Asks any trackers, over what their URLs say. Close it: UDP keeps a socket, since its connections serve for a minute. */
export class TrackerClient implements AsyncDisposable {
  readonly #options: TrackerClientOptions;
  readonly #udp: UdpTrackers;

  constructor(options: TrackerClientOptions) {
    this.#options = options;
    this.#udp = new UdpTrackers({ ip: options.localAddress, random: options.random });
  }

  /** Rejects with TrackerRequestError. A tracker that answers with a failure reason is an answer. */
  async announce(
    url: string,
    request: AnnounceRequest,
    options: Omit<TrackerRequestOptions, 'localAddress'> = {},
  ): Promise<AnnounceAnswer> {
    if (isUdp(url)) return this.#udp.announce(url, request, options);
    const full = `${url}${url.includes('?') ? '&' : '?'}${encodeAnnounceQuery(request)}`;
    const reply = await ask(full, maxAnswerBytes, { ...this.#local, ...options });
    return read(url, reply, decodeAnnounceAnswer);
  }

  /** Asks the tracker of an announce URL about some swarms. Rejects with TrackerRequestError. */
  async scrape(
    announceUrl: string,
    infoHashes: readonly InfoHash[],
    options: Omit<TrackerRequestOptions, 'localAddress'> = {},
  ): Promise<ScrapeAnswer> {
    if (isUdp(announceUrl)) return this.#udp.scrape(announceUrl, infoHashes, options);
    const url = scrapeUrl(announceUrl);
    if (url === undefined)
      throw new TrackerRequestError('bad-url', 'this tracker cannot be asked for its counts');
    const full = `${url}${url.includes('?') ? '&' : '?'}${encodeScrapeQuery(infoHashes)}`;
    const reply = await ask(full, maxAnswerBytes, { ...this.#local, ...options });
    return read(url, reply, decodeScrapeAnswer);
  }

  close(): Promise<void> {
    return this.#udp.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #local(): Pick<TrackerRequestOptions, 'localAddress'> {
    const { localAddress } = this.#options;
    return localAddress === undefined ? {} : { localAddress };
  }
}

/** `TrackerClient.announce` for one question alone. */
export async function announce(
  url: string,
  request: AnnounceRequest,
  { localAddress, ...options }: TrackerRequestOptions = {},
): Promise<AnnounceAnswer> {
  await using client = clientFrom(localAddress);
  return await client.announce(url, request, options);
}

/** `TrackerClient.scrape` for one question alone. */
export async function scrape(
  announceUrl: string,
  infoHashes: readonly InfoHash[],
  { localAddress, ...options }: TrackerRequestOptions = {},
): Promise<ScrapeAnswer> {
  await using client = clientFrom(localAddress);
  return await client.scrape(announceUrl, infoHashes, options);
}

function clientFrom(localAddress: string | undefined): TrackerClient {
  const random = randomStream(randomInt(2 ** 47), 'transactions');
  return new TrackerClient({ random, ...(localAddress !== undefined && { localAddress }) });
}

const isUdp = (url: string): boolean => /^udp:/i.test(url);

/** The list of a tracker of ours; `base` is like `http://127.0.0.1:8888`. Rejects with TrackerRequestError. */
export async function fetchCatalogue(
  base: string,
  options: TrackerRequestOptions = {},
): Promise<readonly CatalogueEntry[]> {
  const url = `${base}/torrents`;
  const reply = accepted(url, await ask(url, maxFileBytes, options));
  return read(url, reply, (bytes) => decodeCatalogue(textOf(bytes)));
}

/** The .torrent with that id. Rejects with TrackerRequestError, code `not-found` when there is none. */
export async function fetchTorrentFile(
  base: string,
  id: number,
  options: TrackerRequestOptions = {},
): Promise<Uint8Array> {
  const url = `${base}/torrents/${id}.torrent`;
  return accepted(url, await ask(url, maxFileBytes, options)).body;
}

/** Publishes a .torrent; one that is there already keeps its id (`isNew` is false). Rejects with TrackerRequestError. */
export async function publish(
  base: string,
  torrent: Uint8Array,
  options: TrackerRequestOptions = {},
): Promise<Publication & { readonly isNew: boolean }> {
  const url = `${base}/torrents`;
  const { timeLimit = defaultTimeLimit, ...rest } = options;
  const call = { url, method: 'POST', body: torrent, maxBytes: maxAnswerBytes, timeLimit } as const;
  const reply = accepted(url, await callHttp({ ...call, ...rest }));
  const publication = read(url, reply, (bytes) => decodePublication(textOf(bytes)));
  return { ...publication, isNew: reply.status === 201 };
}

function ask(
  url: string,
  maxBytes: number,
  { timeLimit = defaultTimeLimit, ...rest }: TrackerRequestOptions,
): Promise<HttpReply> {
  return callHttp({ url, method: 'GET', maxBytes, timeLimit, ...rest });
}

/** Reads a reply, whatever its status: some trackers tell their failure reason under another than 200. */
function read<Answer>(
  url: string,
  reply: HttpReply,
  decode: (bytes: Uint8Array) => Answer,
): Answer {
  try {
    return decode(reply.body);
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    accepted(url, reply);
    throw new TrackerRequestError('bad-answer', `${shown(url)}: ${error.message}`, error);
  }
}

/** The reply, if it is one: anything but 200 and 201 is a refusal. */
function accepted(url: string, reply: HttpReply): HttpReply {
  const { body, status } = reply;
  if (status === 200 || status === 201) return reply;
  const reason = decodeRefusal(textOf(body));
  const words = reason === undefined ? `status ${status}` : printable(reason);
  throw new TrackerRequestError(
    status === 404 ? 'not-found' : 'refused',
    `${shown(url)}: ${words}`,
  );
}

/** Without the query, which may hold a passkey. */
const shown = (url: string): string => url.replace(/[?#].*$/, '');

const textOf = (bytes: Uint8Array): string => decodeUtf8(bytes) ?? latin1(bytes);
