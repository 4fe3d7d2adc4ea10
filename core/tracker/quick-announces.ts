/**
 * The usual announce over HTTP (BEP 3, 23), answered without an object for anything: of ten thousand requests that a tracker
 * hears all but a few are of this kind. It says what `answerHttp` would say, and leaves the rest to it.
 */
import { fromLatin1, concatBytes } from '../bytes/utf8.ts';
import type { Instant } from '../time.ts';
import { type AnnounceFailure, decodeAnnounceQuery } from './announce.ts';
import { encodeAnnounceAnswer } from './announce-answer.ts';
import { readAnnounceQuery } from './announce-reader.ts';
import { Announcement } from './announcement.ts';
import { secondsOf } from './answer-dict.ts';
import { peerBytes } from './compact.ts';
import {
  type AnnouncedCounts,
  type HttpAnswer,
  type HttpRequest,
  maxTargetChars,
  plainHeaders,
} from './http.ts';
import { parseIp } from './ip.ts';
import { wordsFromIp } from './ip-words.ts';
import type { CompactAnswer } from './registry-input.ts';
import type { Registry } from './registry.ts';

export type QuickAnnouncesParts = {
  readonly registry: Registry;
  /** Whether anybody wants the news of announces. */
  readonly tellsAnnounces: boolean;
};

type Success = Exclude<CompactAnswer, { readonly failure: string }>;

const route = '/announce?';
/** Room for what stands in front of the peers: the names, and five numbers of 16 digits. */
const headBytes = 192;
/** The end of the dictionary. */
const tailBytes = 1;
const end = 0x65;

export class QuickAnnounces {
  readonly #registry: Registry;
  readonly #tellsAnnounces: boolean;
  readonly #announcement = new Announcement();

  constructor({ registry, tellsAnnounces }: QuickAnnouncesParts) {
    this.#registry = registry;
    this.#tellsAnnounces = tellsAnnounces;
  }

  /** Undefined: this is nothing usual, and nothing has happened. */
  answer(
    now: Instant,
    { method, remoteIp, target }: Pick<HttpRequest, 'method' | 'target' | 'remoteIp'>,
  ): HttpAnswer | undefined {
    const registry = this.#registry;
    const announcement = this.#announcement;
    if (method !== 'GET' || !target.startsWith(route) || target.length > maxTargetChars)
      return undefined;
    if (registry.options.trackerId !== undefined) return undefined;
    const query = target.slice(route.length);
    const address = parseIp(remoteIp);
    if (address === undefined || !readAnnounceQuery(query, announcement)) return undefined;
    wordsFromIp(address, announcement.ip);
    const answer = registry.handle(now, {
      type: 'announce-compact',
      announcement,
      family: undefined,
      head: headBytes,
      tail: tailBytes,
    });
    const body = 'failure' in answer ? failureOf(answer) : written(answer);
    if (!this.#tellsAnnounces) return { status: 200, headers: plainHeaders, body };
    const request = decodeAnnounceQuery(query);
    const news = { type: 'announced', request, answer: told(answer) } as const;
    return { status: 200, headers: plainHeaders, body, news };
  }
}

const failureOf = (answer: Extract<CompactAnswer, { readonly failure: string }>): Uint8Array =>
  encodeAnnounceAnswer(answer, { compact: true, noPeerId: true });

/** The answer, its keys in order (BEP 3). */
function written(answer: Success): Uint8Array {
  const { peers, peers6 } = answer;
  const length = peers.length - headBytes - tailBytes;
  const begin = putBefore(peers, headBytes, `${headOf(answer)}5:peers${length}:`);
  if (peers6.length === 0) {
    peers[peers.length - 1] = end;
    return peers.subarray(begin);
  }
  const first = peers.subarray(begin, peers.length - tailBytes);
  return concatBytes(first, fromLatin1(`6:peers6${peers6.length}:`), peers6, Uint8Array.of(end));
}

function headOf({ downloaded, interval, leechers, minInterval, seeders }: Success): string {
  const wait = interval && secondsOf(interval);
  const least = minInterval && secondsOf(minInterval);
  return `d8:completei${seeders}e10:downloadedi${downloaded}e10:incompletei${leechers}e8:intervali${wait}e12:min intervali${least}e`;
}

/** Writes `text` so that it ends before `at`; says where it begins. */
function putBefore(bytes: Uint8Array, at: number, text: string): number {
  const begin = at - text.length;
  for (let i = 0; i < text.length; i += 1) bytes[begin + i] = text.charCodeAt(i);
  return begin;
}

/** What of an answer the log has. */
function told(answer: CompactAnswer): AnnounceFailure | AnnouncedCounts {
  if ('failure' in answer) return answer;
  const { leechers, peers, peers6, seeders } = answer;
  const four = (peers.length - headBytes - tailBytes) / peerBytes.peers;
  return { seeders, leechers, peersGiven: four + peers6.length / peerBytes.peers6 };
}
