/** What a tracker answers over UDP (BEP 15). */
import { setUint32, uint32At } from '../../bytes/uint32.ts';
import { concatBytes, encodeUtf8 } from '../../bytes/utf8.ts';
import { never } from '../../never.ts';
import { type Duration, seconds } from '../../time.ts';
import type { PeerAddress } from '../announce.ts';
import { usablePeers } from '../announce-answer.ts';
import { secondsOf, shownText } from '../answer-dict.ts';
import { type IpFamily, decodeCompact, encodeCompact } from '../compact.ts';
import { TrackerError } from '../error.ts';
import type { ScrapeEntry } from '../scrape.ts';
import { type UdpConnectionId, action, answerHeadBytes } from './numbers.ts';

export type UdpAnswer = { readonly transactionId: number } & (
  | { readonly type: 'connect'; readonly connectionId: UdpConnectionId }
  | {
      readonly type: 'announce';
      readonly interval: Duration;
      readonly leechers: number;
      readonly seeders: number;
      readonly peers: readonly PeerAddress[];
    }
  /** In the order of the question. */
  | { readonly type: 'scrape'; readonly entries: readonly ScrapeEntry[] }
  | { readonly type: 'error'; readonly message: string }
);

type Variant<Type extends UdpAnswer['type']> = Extract<UdpAnswer, { readonly type: Type }>;

export const announceHeadBytes = 20;
const entryBytes = 12;

/** The peers of one family, which is that of the packet the question came in; the others are left out. */
export function encodeUdpAnswer(answer: UdpAnswer, family: IpFamily): Uint8Array {
  switch (answer.type) {
    case 'connect':
      return wordsOf(answer, [answer.connectionId.high, answer.connectionId.low]);
    case 'announce': {
      const head = new Uint8Array(announceHeadBytes);
      putAnnounceHead(head, answer);
      return concatBytes(head, encodeCompact(answer.peers)[family]);
    }
    case 'scrape':
      return wordsOf(
        answer,
        answer.entries.flatMap(({ downloaded, leechers, seeders }) => [
          seeders,
          downloaded,
          leechers,
        ]),
      );
    case 'error':
      return concatBytes(wordsOf(answer, []), encodeUtf8(answer.message));
    default:
      return never(answer);
  }
}

/** Writes what stands in front of the peers. */
export function putAnnounceHead(
  bytes: Uint8Array,
  { interval, leechers, seeders, transactionId }: Omit<Variant<'announce'>, 'type' | 'peers'>,
): void {
  setUint32(bytes, 0, action.announce);
  setUint32(bytes, 4, transactionId);
  setUint32(bytes, 8, secondsOf(interval));
  setUint32(bytes, 12, leechers);
  setUint32(bytes, 16, seeders);
}

/**
 * Reads a whole datagram. Peers that nobody can listen at and more of them than are of use are left out; texts are fit to
 * be shown. Throws TrackerError.
 */
export function decodeUdpAnswer(datagram: Uint8Array, family: IpFamily): UdpAnswer {
  if (datagram.length < answerHeadBytes) throw tooShort();
  const transactionId = uint32At(datagram, 4);
  switch (uint32At(datagram, 0)) {
    case action.connect:
      return { transactionId, ...connectOf(datagram) };
    case action.announce:
      return { transactionId, ...announceOf(datagram, family) };
    case action.scrape:
      return { transactionId, type: 'scrape', entries: entriesIn(datagram) };
    case action.error: {
      const message = shownText(datagram.subarray(answerHeadBytes));
      return { transactionId, type: 'error', message };
    }
    default:
      throw new TrackerError('unknown-action', 'an answer to no question that there is');
  }
}

const tooShort = (): TrackerError => new TrackerError('too-short', 'the datagram is cut');

function wordsOf(answer: UdpAnswer, words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(answerHeadBytes + 4 * words.length);
  setUint32(bytes, 0, action[answer.type]);
  setUint32(bytes, 4, answer.transactionId);
  for (const [i, word] of words.entries()) setUint32(bytes, answerHeadBytes + 4 * i, word);
  return bytes;
}

function connectOf(datagram: Uint8Array): Omit<Variant<'connect'>, 'transactionId'> {
  if (datagram.length < answerHeadBytes + 8) throw tooShort();
  const connectionId = { high: uint32At(datagram, 8), low: uint32At(datagram, 12) };
  return { type: 'connect', connectionId };
}

function announceOf(
  datagram: Uint8Array,
  family: IpFamily,
): Omit<Variant<'announce'>, 'transactionId'> {
  if (datagram.length < announceHeadBytes) throw tooShort();
  return {
    type: 'announce',
    interval: seconds(uint32At(datagram, 8)),
    leechers: uint32At(datagram, 12),
    seeders: uint32At(datagram, 16),
    peers: usablePeers(decodeCompact(datagram.subarray(announceHeadBytes), family)),
  };
}

function entriesIn(datagram: Uint8Array): ScrapeEntry[] {
  const entries: ScrapeEntry[] = [];
  for (let at = answerHeadBytes; at + entryBytes <= datagram.length; at += entryBytes)
    entries.push({
      seeders: uint32At(datagram, at),
      downloaded: uint32At(datagram, at + 4),
      leechers: uint32At(datagram, at + 8),
    });
  return entries;
}
