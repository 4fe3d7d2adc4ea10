/**
 * What the tracker says over UDP (BEP 15, 41): datagrams in, answers out, no socket, and no state for any client. Who has
 * not shown that it receives at its address is given nothing but a connection id, which is no longer than the question;
 * so nobody can have the tracker send much to somebody else.
 */
import { uint32At } from '../../bytes/uint32.ts';
import type { Instant } from '../../time.ts';
import type { AnnounceRequest } from '../announce.ts';
import { type IpFamily, ipBytes, peerBytes } from '../compact.ts';
import { TrackerError } from '../error.ts';
import type { TrackerNews } from '../http.ts';
import { parseIp } from '../ip.ts';
import type { Registry } from '../registry.ts';
import type { ScrapeEntry } from '../scrape.ts';
import { type UdpAnswer, announceHeadBytes, encodeUdpAnswer } from './answer.ts';
import { ConnectionIds } from './connection-ids.ts';
import { requestHeadBytes } from './numbers.ts';
import { type UdpQuestion, type UdpRequest, decodeUdpRequest } from './request.ts';

/** What fits one packet nearly everywhere; a longer answer would be cut into fragments, which many networks drop. */
const maxAnswerBytes = 1_400;

export type UdpTrackerParts = {
  readonly registry: Registry;
  /** 16 bytes that nobody can guess; a tracker that is started anew may have others. */
  readonly secret: Uint8Array;
};

export type UdpReply = {
  readonly bytes: Uint8Array;
  /** What happened, for the log. */
  readonly news?: TrackerNews;
};

/** Who asks: a client whose address was proved. */
type Client = { readonly now: Instant; readonly remoteIp: string; readonly family: IpFamily };
type Said = { readonly answer: UdpAnswer; readonly news: TrackerNews };
type Announced = Extract<UdpQuestion, { readonly type: 'announce' }>;

export class UdpTracker {
  readonly #registry: Registry;
  readonly #ids: ConnectionIds;

  constructor({ registry, secret }: UdpTrackerParts) {
    this.#registry = registry;
    this.#ids = new ConnectionIds(secret);
  }

  /** Answers a datagram from `remoteIp`, which is in canonical form; undefined: in silence. Never throws. */
  answer(now: Instant, datagram: Uint8Array, remoteIp: string): UdpReply | undefined {
    const address = parseIp(remoteIp);
    if (address === undefined || datagram.length < requestHeadBytes) return undefined;
    const family: IpFamily = address.length === ipBytes.peers ? 'peers' : 'peers6';
    const connectionId = { high: uint32At(datagram, 0), low: uint32At(datagram, 4) };
    const isConnected = this.#ids.accepts(now, address, connectionId);
    const transactionId = uint32At(datagram, 12);
    const request = readable(datagram);
    if (!(request instanceof TrackerError) && request.type === 'connect') {
      const issued = this.#ids.issue(now, address);
      const answer = { type: 'connect', transactionId, connectionId: issued } as const;
      return { bytes: encodeUdpAnswer(answer, family) };
    }
    if (!isConnected) return undefined;
    const { answer, news } =
      request instanceof TrackerError
        ? refusal(transactionId, request.message)
        : this.#said(request, { now, remoteIp, family });
    return { bytes: encodeUdpAnswer(answer, family), news };
  }

  #said(request: Exclude<UdpRequest, { readonly type: 'connect' }>, client: Client): Said {
    const { transactionId } = request;
    return request.type === 'announce'
      ? this.#announced(transactionId, request, client)
      : this.#scraped(transactionId, request, client);
  }

  #announced(transactionId: number, { request }: Announced, client: Client): Said {
    const { family, now, remoteIp } = client;
    const { defaultNumwant, interval } = this.#registry.options;
    const most = Math.floor((maxAnswerBytes - announceHeadBytes) / peerBytes[family]);
    const numwant = Math.min(request.numwant ?? defaultOf(request, defaultNumwant), most);
    const asked = { ...request, numwant };
    const input = { type: 'announce', request: asked, remoteIp, family } as const;
    const answer = this.#registry.handle(now, input);
    const news = { type: 'announced', request, answer } as const;
    if ('failure' in answer) return { ...refusal(transactionId, answer.failure), news };
    const { leechers = 0, peers, seeders = 0 } = answer;
    const said = { type: 'announce', transactionId, interval, leechers, seeders, peers } as const;
    return { answer: said, news };
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

/** Who leaves is given peers only if it names a number. */
const defaultOf = ({ event }: AnnounceRequest, defaultNumwant: number): number =>
  event === 'stopped' ? 0 : defaultNumwant;

const refusal = (transactionId: number, message: string): Said => ({
  answer: { type: 'error', transactionId, message },
  news: { type: 'refused', reason: message },
});

function readable(datagram: Uint8Array): UdpRequest | TrackerError {
  try {
    return decodeUdpRequest(datagram);
  } catch (error) {
    if (error instanceof TrackerError) return error;
    throw error;
  }
}
