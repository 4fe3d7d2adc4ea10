/** What a tracker answers to an announce (BEP 3, 7, 23; `retry in` is BEP 31). */
import type { BencodeDict, BencodeValue } from '../bencode/value.ts';
import type { AnnounceAnswer, AnnounceSuccess, PeerAddress } from './announce.ts';
import { encodeBencode } from '../bencode/encode.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { fromLatin1, latin1 } from '../bytes/utf8.ts';
import { type Duration, millis, minutes, seconds } from '../time.ts';
import { PeerId } from '../torrent/ids.ts';
import { decodeAnswerDict, secondsOf, shownText } from './answer-dict.ts';
import { decodeCompact, encodeCompact } from './compact.ts';
import { TrackerError } from './error.ts';
import { canonicalIp, isDialable } from './ip.ts';

/** Peers taken from one answer: ten times what a torrent connects to; the rest would only be kept in memory. */
export const maxAnswerPeers = 500;

export type AnswerForm = { readonly compact: boolean; readonly noPeerId: boolean };

/** The answer in the form the client asked for. */
export function encodeAnnounceAnswer(answer: AnnounceAnswer, form: AnswerForm): Uint8Array {
  if ('failure' in answer) {
    const { failure, retryIn } = answer;
    const minutesLeft = typeof retryIn === 'number' ? Math.ceil(retryIn / minutes(1)) : retryIn;
    return encodeBencode({ 'failure reason': failure, 'retry in': minutesLeft });
  }
  return encodeBencode({
    complete: answer.seeders,
    incomplete: answer.leechers,
    downloaded: answer.downloaded,
    interval: answer.interval && secondsOf(answer.interval),
    'min interval': answer.minInterval && secondsOf(answer.minInterval),
    'tracker id': answer.trackerId === undefined ? undefined : fromLatin1(answer.trackerId),
    'warning message': answer.warning,
    ...peersIn(answer.peers, form),
  });
}

/**
 * Reads any tracker's answer. Peers that nobody can listen at, and those beyond `maxAnswerPeers`, are left out;
 * texts are fit to be shown. Throws TrackerError when it is no answer at all.
 */
export function decodeAnnounceAnswer(bytes: Uint8Array): AnnounceAnswer {
  const dict = decodeAnswerDict(bytes);
  const failure = dict.get('failure reason');
  if (failure instanceof Uint8Array) {
    const retryIn = retryOf(dict.get('retry in'));
    return { failure: shownText(failure), ...(retryIn !== undefined && { retryIn }) };
  }
  if (!dict.has('interval') && !dict.has('peers') && !dict.has('peers6'))
    throw new TrackerError('bad-answer', 'an answer with neither an interval nor peers');
  return { ...countsIn(dict), ...wordsIn(dict), peers: usablePeers(peersOf(dict)) };
}

function peersIn(
  peers: readonly PeerAddress[],
  { compact, noPeerId }: AnswerForm,
): Parameters<typeof encodeBencode>[0] & object {
  if (compact) {
    const families = encodeCompact(peers);
    return families.peers6.length > 0 ? families : { peers: families.peers };
  }
  return {
    peers: peers.map(({ ip, port, peerId }) => ({
      'peer id': noPeerId || peerId === undefined ? undefined : fromHex(peerId),
      ip,
      port,
    })),
  };
}

function countsIn(
  dict: BencodeDict,
): Pick<AnnounceSuccess, 'seeders' | 'leechers' | 'downloaded' | 'interval' | 'minInterval'> {
  const seeders = countOf(dict.get('complete'));
  const leechers = countOf(dict.get('incomplete'));
  const downloaded = countOf(dict.get('downloaded'));
  const interval = waitOf(dict.get('interval'));
  const minInterval = waitOf(dict.get('min interval'));
  return {
    ...(seeders !== undefined && { seeders }),
    ...(leechers !== undefined && { leechers }),
    ...(downloaded !== undefined && { downloaded }),
    ...(interval !== undefined && { interval }),
    ...(minInterval !== undefined && { minInterval }),
  };
}

function wordsIn(dict: BencodeDict): Pick<AnnounceSuccess, 'trackerId' | 'warning'> {
  const trackerId = dict.get('tracker id');
  const warning = dict.get('warning message');
  return {
    ...(trackerId instanceof Uint8Array && { trackerId: latin1(trackerId) }),
    ...(warning instanceof Uint8Array && { warning: shownText(warning) }),
  };
}

function* peersOf(dict: BencodeDict): Generator<PeerAddress, void> {
  for (const family of ['peers', 'peers6'] as const) {
    const value = dict.get(family);
    if (value instanceof Uint8Array) yield* decodeCompact(value, family);
    else if (Array.isArray(value)) yield* listedPeers(value as readonly BencodeValue[]);
  }
}

/** Peers as dictionaries (BEP 3). A name instead of an address is left out: resolving it is nobody's business here. */
function* listedPeers(list: readonly BencodeValue[]): Generator<PeerAddress, void> {
  for (const item of list) {
    if (!(item instanceof Map)) continue;
    const peer: BencodeDict = item;
    const ip = peer.get('ip');
    const port = peer.get('port');
    const peerId = peer.get('peer id');
    const address = ip instanceof Uint8Array ? canonicalIp(latin1(ip)) : undefined;
    if (address === undefined || typeof port !== 'number') continue;
    const isId = peerId instanceof Uint8Array && peerId.length === 20;
    yield { ip: address, port, ...(isId && { peerId: PeerId(toHex(peerId)) }) };
  }
}

/** Without those that nobody can listen at, and those beyond `maxAnswerPeers`. */
export function usablePeers(peers: Iterable<PeerAddress>): PeerAddress[] {
  const kept: PeerAddress[] = [];
  for (const peer of peers) {
    if (kept.length === maxAnswerPeers) break;
    if (isDialable(peer)) kept.push(peer);
  }
  return kept;
}

const countOf = (value: BencodeValue | undefined): number | undefined =>
  typeof value === 'number' && value >= 0 ? value : undefined;

/** However absurd it is: whoever waits must clamp it. */
function waitOf(value: BencodeValue | undefined): Duration | undefined {
  if (typeof value === 'bigint') return millis(Number(value) * 1_000);
  return typeof value === 'number' ? seconds(value) : undefined;
}

/** Minutes as a number or as its digits, or `never`. */
function retryOf(value: BencodeValue | undefined): Duration | 'never' | undefined {
  const text = value instanceof Uint8Array ? latin1(value) : String(value);
  if (text === 'never') return 'never';
  return /^[1-9]\d{0,5}$/.test(text) ? minutes(Number(text)) : undefined;
}
