/**
 * What the tracker says over UDP (BEP 15, 41): datagrams in, answers out, no socket, and no state for any client. Who has
 * not shown that it receives at its address is given nothing but a connection id, which is no longer than the question;
 * so nobody can have the tracker send much to somebody else.
 */
import { uint32At } from '../../bytes/uint32.ts';
import { concatBytes } from '../../bytes/utf8.ts';
import type { Instant } from '../../time.ts';
import { Announcement } from '../announcement.ts';
import { type IpFamily, ipBytes, peerBytes } from '../compact.ts';
import { TrackerError } from '../error.ts';
import type { TrackerNews } from '../http.ts';
import { parseIp } from '../ip.ts';
import { wordsFromIp } from '../ip-words.ts';
import type { Registry } from '../registry.ts';
import type { ScrapeEntry } from '../scrape.ts';
import { type UdpAnswer, announceHeadBytes, encodeUdpAnswer, putAnnounceHead } from './answer.ts';
import { ConnectionIds } from './connection-ids.ts';
import { action, requestHeadBytes } from './numbers.ts';
import {
  type UdpQuestion,
  announceAt,
  decodeUdpAnnounce,
  decodeUdpRequest,
  isProtocolId,
  readUdpAnnounce,
} from './request.ts';

/** What fits one packet nearly everywhere; a longer answer would be cut into fragments, which many networks drop. */
const maxAnswerBytes = 1_400;

export type UdpTrackerParts = {
  readonly registry: Registry;
  /** 16 bytes that nobody can guess; a tracker that is started anew may have others. */
  readonly secret: Uint8Array;
  /** Whether anybody wants the news of announces that went well; the others are always told. Default true. */
  readonly tellsAnnounces?: boolean;
};

export type UdpReply = {
  readonly bytes: Uint8Array;
  /** What happened, for the log. */
  readonly news?: TrackerNews;
};

/** Who asks: a client whose address was proved. */
type Client = { readonly now: Instant; readonly address: Uint8Array; readonly family: IpFamily };
type Said = { readonly answer: UdpAnswer; readonly news: TrackerNews };

export class UdpTracker {
  readonly #registry: Registry;
  readonly #ids: ConnectionIds;
  readonly #tellsAnnounces: boolean;
  readonly #announcement = new Announcement();

  constructor({ registry, secret, tellsAnnounces = true }: UdpTrackerParts) {
    this.#registry = registry;
    this.#ids = new ConnectionIds(secret);
    this.#tellsAnnounces = tellsAnnounces;
  }

  /** Answers a datagram from `remoteIp`, which is in canonical form; undefined: in silence. Never throws. */
  answer(now: Instant, datagram: Uint8Array, remoteIp: string): UdpReply | undefined {
    const address = parseIp(remoteIp);
    if (address === undefined || datagram.length < requestHeadBytes) return undefined;
    const family: IpFamily = address.length === ipBytes.peers ? 'peers' : 'peers6';
    const connectionId = { high: uint32At(datagram, 0), low: uint32At(datagram, 4) };
    const transactionId = uint32At(datagram, 12);
    if (isProtocolId(connectionId) && uint32At(datagram, 8) === action.connect) {
      const issued = this.#ids.issue(now, address);
      const answer = { type: 'connect', transactionId, connectionId: issued } as const;
      return { bytes: encodeUdpAnswer(answer, family) };
    }
    if (!this.#ids.accepts(now, address, connectionId)) return undefined;
    try {
      return this.#reply(datagram, { now, address, family });
    } catch (error) {
      if (!(error instanceof TrackerError)) throw error;
      return written(refusal(transactionId, error.message), family);
    }
  }

  /** Throws TrackerError for what makes no sense. */
  #reply(datagram: Uint8Array, client: Client): UdpReply {
    // An announce is nearly all that a tracker hears: it is read where it lies.
    if (uint32At(datagram, 8) === action.announce) return this.#announced(datagram, client);
    const request = decodeUdpRequest(datagram);
    if (request.type !== 'scrape') throw new TrackerError('unknown-action', 'out of order');
    return written(this.#scraped(request.transactionId, request, client), client.family);
  }

  #announced(datagram: Uint8Array, { address, family, now }: Client): UdpReply {
    const { allowIpParam, defaultNumwant, interval } = this.#registry.options;
    const announcement = this.#announcement;
    readUdpAnnounce(datagram, announcement);
    const isNamed = allowIpParam && family === 'peers' && uint32At(datagram, announceAt.ip) !== 0;
    wordsFromIp(
      isNamed ? datagram.subarray(announceAt.ip, announceAt.key) : address,
      announcement.ip,
    );
    const usual = announcement.event === 'stopped' ? 0 : defaultNumwant;
    announcement.numwant = Math.min(announcement.numwant ?? usual, mostPeers[family]);
    const transactionId = uint32At(datagram, 12);
    const head = family === 'peers' ? announceHeadBytes : 0;
    const input = { type: 'announce-compact', announcement, family, head } as const;
    const answer = this.#registry.handle(now, input);
    if ('failure' in answer) {
      const said = refusal(transactionId, answer.failure);
      return written({ ...said, news: announcedNews(datagram, answer) }, family);
    }
    const { leechers, peers, peers6, seeders } = answer;
    const bytes =
      family === 'peers' ? peers : concatBytes(new Uint8Array(announceHeadBytes), peers6);
    const words = { transactionId, interval, leechers, seeders };
    putAnnounceHead(bytes, words);
    if (!this.#tellsAnnounces) return { bytes };
    const peersGiven = (bytes.length - announceHeadBytes) / peerBytes[family];
    return { bytes, news: announcedNews(datagram, { seeders, leechers, peersGiven }) };
  }

  #scraped(
    transactionId: number,
    { infoHashes }: Extract<UdpQuestion, { readonly type: 'scrape' }>,
    { now }: Client,
  ): Said {
    const answer = this.#registry.handle(now, { type: 'scrape', infoHashes });
    const news = { type: 'scraped', infoHashes } as const;
    if ('failure' in answer) return { ...refusal(transactionId, answer.failure), news };
    const entries = infoHashes.map((infoHash) => answer.files.get(infoHash) ?? unknown);
    return { answer: { type: 'scrape', transactionId, entries }, news };
  }
}

/** The place of a swarm that nobody knows is not left out: the answer goes by the order of the question. */
const unknown: ScrapeEntry = { seeders: 0, leechers: 0, downloaded: 0 };

/** As many as fit `maxAnswerBytes`. */
const mostPeers = {
  peers: Math.floor((maxAnswerBytes - announceHeadBytes) / peerBytes.peers),
  peers6: Math.floor((maxAnswerBytes - announceHeadBytes) / peerBytes.peers6),
} as const;

function announcedNews(
  datagram: Uint8Array,
  answer: Extract<TrackerNews, { readonly type: 'announced' }>['answer'],
): TrackerNews {
  return { type: 'announced', request: decodeUdpAnnounce(datagram), answer };
}

const written = ({ answer, news }: Said, family: IpFamily): UdpReply => ({
  bytes: encodeUdpAnswer(answer, family),
  news,
});

const refusal = (transactionId: number, message: string): Said => ({
  answer: { type: 'error', transactionId, message },
  news: { type: 'refused', reason: message },
});
