/** What a peer tells its tracker: the query of an announce (BEP 3, "trackers"; BEP 7, 21, 23). */
import type { Duration } from '../time.ts';
import type { Endpoint, InfoHash, PeerId } from '../torrent/ids.ts';
import { TrackerError, type TrackerErrorCode } from './error.ts';
import { Query, escapeBytes, escapeHex, hashInHex } from './query.ts';

/** `paused` is a peer that is incomplete and wants no more (BEP 21); without an event it is a regular announce. */
export type AnnounceEvent = 'started' | 'completed' | 'stopped' | 'paused';

export type AnnounceRequest = {
  readonly infoHash: InfoHash;
  readonly peerId: PeerId;
  /** Where the peer listens, 1 to 65535. */
  readonly port: number;
  /** Bytes of payload since `started`. */
  readonly uploaded: number;
  readonly downloaded: number;
  /** Bytes still missing: 0 is a seeder. More than fits a number is the largest number that fits. */
  readonly left: number;
  readonly event?: AnnounceEvent;
  /** Six bytes a peer instead of a dictionary (BEP 23). */
  readonly compact: boolean;
  /** Leave the peer ids out of the dictionaries. */
  readonly noPeerId: boolean;
  /** How many peers are wanted; undefined leaves it to the tracker. */
  readonly numwant?: number;
  /** Where the peer wants to be known instead of where it speaks from. Trackers may ignore it. */
  readonly ip?: string;
  /** A secret between peer and tracker, by which a peer that changes its address is known again (BEP 7). */
  readonly key?: string;
  /** What an earlier answer of this tracker asked to be given back. */
  readonly trackerId?: string;
};

/** A peer in an answer. `peerId` is known from the dictionary form only. */
export type PeerAddress = Endpoint & { readonly peerId?: PeerId };

/** What a tracker says of a swarm. Everything but the peers may be missing on the wire. */
export type AnnounceSuccess = {
  /** How long to wait before the next announce, as the tracker wrote it: it may be absurd. Whole seconds on the wire. */
  readonly interval?: Duration;
  readonly minInterval?: Duration;
  readonly seeders?: number;
  /** Everybody who is incomplete, the paused ones too. */
  readonly leechers?: number;
  /** How often the torrent was completed. */
  readonly downloaded?: number;
  readonly peers: readonly PeerAddress[];
  readonly trackerId?: string;
  readonly warning?: string;
};

/** The tracker refuses, and may say when to ask again (BEP 31). */
export type AnnounceFailure = {
  readonly failure: string;
  readonly retryIn?: Duration | 'never';
};

export type AnnounceAnswer = AnnounceSuccess | AnnounceFailure;

/** What keys and tracker ids are remembered of a peer, at most; real ones have 8 characters. */
const maxTokenChars = 256;

const events: ReadonlySet<string> = new Set<AnnounceEvent>([
  'started',
  'completed',
  'stopped',
  'paused',
]);

/** What follows the question mark. `key` and `trackerId` are latin1; a character above U+00FF is the caller's bug. */
export function encodeAnnounceQuery(request: AnnounceRequest): string {
  const { event, ip, key, numwant, trackerId } = request;
  return [
    `info_hash=${escapeHex(request.infoHash)}`,
    `peer_id=${escapeHex(request.peerId)}`,
    `port=${request.port}`,
    `uploaded=${request.uploaded}`,
    `downloaded=${request.downloaded}`,
    `left=${request.left}`,
    `compact=${request.compact ? 1 : 0}`,
    ...(request.noPeerId ? ['no_peer_id=1'] : []),
    ...(numwant === undefined ? [] : [`numwant=${numwant}`]),
    ...(event === undefined ? [] : [`event=${event}`]),
    ...(key === undefined ? [] : [`key=${escapeBytes(key)}`]),
    ...(trackerId === undefined ? [] : [`trackerid=${escapeBytes(trackerId)}`]),
    ...(ip === undefined ? [] : [`ip=${escapeBytes(ip)}`]),
  ].join('&');
}

/**
 * Reads what follows the question mark, as it came. Throws TrackerError. An event that nobody knows is a regular
 * announce, and a numwant that is no count is left to the tracker: neither can do harm.
 */
export function decodeAnnounceQuery(rawQuery: string): AnnounceRequest {
  const query = new Query(rawQuery);
  const event = query.find('event');
  const numwant = query.find('numwant');
  return {
    infoHash: hashOf(query, 'info_hash', 'bad-info-hash') as InfoHash,
    peerId: hashOf(query, 'peer_id', 'bad-peer-id') as PeerId,
    port: portOf(query),
    uploaded: bytesOf(query, 'uploaded') ?? 0,
    downloaded: bytesOf(query, 'downloaded') ?? 0,
    left: leftOf(query),
    compact: query.find('compact') !== '0',
    noPeerId: query.find('no_peer_id') === '1',
    ...(event !== undefined && events.has(event) && { event: event as AnnounceEvent }),
    ...(numwant !== undefined && /^\d+$/.test(numwant) && { numwant: countOf(numwant) }),
    ...tokenOf(query, 'ip', 'ip'),
    ...tokenOf(query, 'key', 'key'),
    ...tokenOf(query, 'trackerid', 'trackerId'),
  };
}

function hashOf(query: Query, name: string, code: TrackerErrorCode): string {
  const hex = hashInHex(query.need(name));
  if (hex === undefined) throw new TrackerError(code, `${name} is not 20 bytes`);
  return hex;
}

function portOf(query: Query): number {
  const text = query.need('port');
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new TrackerError('bad-port', 'port is not from 1 to 65535');
  return port;
}

function leftOf(query: Query): number {
  const left = bytesOf(query, 'left');
  if (left === undefined) throw new TrackerError('missing', 'left is missing');
  return left;
}

function bytesOf(query: Query, name: string): number | undefined {
  const text = query.find(name);
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new TrackerError('bad-number', `${name} is not a count of bytes`);
  return countOf(text);
}

/** What is beyond exact numbers stays large: it must never wrap round to 0 and look like a seeder. */
const countOf = (digits: string): number => Math.min(Number(digits), Number.MAX_SAFE_INTEGER);

function tokenOf<Name extends string>(
  query: Query,
  name: string,
  field: Name,
): { readonly [Key in Name]?: string } {
  const token = query.find(name);
  if (token === undefined) return {};
  if (token.length > maxTokenChars)
    throw new TrackerError('too-long', `${name} has more than ${maxTokenChars} characters`);
  return { [field]: token } as { readonly [Key in Name]?: string };
}
