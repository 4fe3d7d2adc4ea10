/** What a client sends to a tracker over UDP (BEP 15; what follows an announce is BEP 41). */
import { fromHex, toHex } from '../../bytes/hex.ts';
import { setUint32, uint32At } from '../../bytes/uint32.ts';
import { concatBytes } from '../../bytes/utf8.ts';
import { never } from '../../never.ts';
import type { InfoHash, PeerId } from '../../torrent/ids.ts';
import type { AnnounceRequest } from '../announce.ts';
import type { Announcement } from '../announcement.ts';
import { TrackerError } from '../error.ts';
import { formatIp, parseIp } from '../ip.ts';
import { keyNumber, keyText } from '../key.ts';
import { idWords } from '../peer-table.ts';
import {
  type UdpConnectionId,
  action,
  countAt,
  eventOf,
  numberOf,
  protocolId,
  requestHeadBytes,
  setCount,
} from './numbers.ts';
import { decodeUrlData, encodeUrlData } from './options.ts';

/** What is asked on a connection. */
export type UdpQuestion =
  | {
      readonly type: 'announce';
      /** `ip` is IPv4 or left out: the wire has no room for more. `trackerId` is not sent. */
      readonly request: AnnounceRequest;
      /** Path and query of the tracker's URL, latin1; may be empty. */
      readonly urlData: string;
    }
  | { readonly type: 'scrape'; readonly infoHashes: readonly InfoHash[] };

export type UdpRequest = { readonly transactionId: number } & (
  { readonly type: 'connect' } | ({ readonly connectionId: UdpConnectionId } & UdpQuestion)
);

const hashBytes = 20;
/** Where the fields of an announce are, in bytes from the beginning of the datagram. */
export const announceAt = {
  infoHash: 16,
  peerId: 36,
  downloaded: 56,
  left: 64,
  uploaded: 72,
  event: 80,
  ip: 84,
  key: 88,
  numwant: 92,
  port: 96,
  end: 98,
} as const;
/** "-1: default". */
const anyNumber = 0xffff_ffff;
/** What has the topmost bit is negative, and no count. */
const maxCount = 0x7fff_ffff;

export function encodeUdpRequest(request: UdpRequest): Uint8Array {
  const { transactionId } = request;
  switch (request.type) {
    case 'connect':
      return headOf(protocolId, action.connect, transactionId);
    case 'announce':
      return concatBytes(
        headOf(request.connectionId, action.announce, transactionId),
        announceBody(request.request),
        encodeUrlData(request.urlData),
      );
    case 'scrape':
      return concatBytes(
        headOf(request.connectionId, action.scrape, transactionId),
        ...request.infoHashes.map(fromHex),
      );
    default:
      return never(request);
  }
}

/** Reads a whole datagram, which may be longer than is known here. Throws TrackerError. */
export function decodeUdpRequest(datagram: Uint8Array): UdpRequest {
  if (datagram.length < requestHeadBytes) throw tooShort();
  const connectionId = { high: uint32At(datagram, 0), low: uint32At(datagram, 4) };
  const transactionId = uint32At(datagram, 12);
  switch (uint32At(datagram, 8)) {
    case action.connect:
      if (!isProtocolId(connectionId))
        throw new TrackerError('unknown-action', 'another protocol than that of BEP 15');
      return { type: 'connect', transactionId };
    case action.announce: {
      const request = decodeUdpAnnounce(datagram);
      const urlData = decodeUrlData(datagram, announceAt.end);
      return { type: 'announce', connectionId, transactionId, request, urlData };
    }
    case action.scrape:
      return { type: 'scrape', connectionId, transactionId, infoHashes: hashesIn(datagram) };
    default:
      throw new TrackerError('unknown-action', 'neither connect, announce nor scrape');
  }
}

export const isProtocolId = ({ high, low }: UdpConnectionId): boolean =>
  high === protocolId.high && low === protocolId.low;

const tooShort = (): TrackerError => new TrackerError('too-short', 'the datagram is cut');

function headOf({ high, low }: UdpConnectionId, number: number, transactionId: number): Uint8Array {
  const head = new Uint8Array(requestHeadBytes);
  setUint32(head, 0, high);
  setUint32(head, 4, low);
  setUint32(head, 8, number);
  setUint32(head, 12, transactionId);
  return head;
}

function announceBody(request: AnnounceRequest): Uint8Array {
  const { downloaded, event, infoHash, ip, key, left, numwant, peerId, port, uploaded } = request;
  const at = announceAt;
  const whole = new Uint8Array(at.end);
  whole.set(fromHex(infoHash), at.infoHash);
  whole.set(fromHex(peerId), at.peerId);
  setCount(whole, at.downloaded, downloaded);
  setCount(whole, at.left, left);
  setCount(whole, at.uploaded, uploaded);
  setUint32(whole, at.event, numberOf(event));
  const address = ip === undefined ? undefined : parseIp(ip);
  if (address?.length === 4) whole.set(address, at.ip);
  setUint32(whole, at.key, key === undefined ? 0 : keyNumber(key));
  setUint32(whole, at.numwant, numwant === undefined ? anyNumber : Math.min(numwant, maxCount));
  whole[at.port] = port >>> 8;
  whole[at.port + 1] = port;
  return whole.subarray(requestHeadBytes);
}

/** The announce in a datagram that is one, without its options. Throws TrackerError. */
export function decodeUdpAnnounce(datagram: Uint8Array): AnnounceRequest {
  const at = announceAt;
  if (datagram.length < at.end) throw tooShort();
  const port = portIn(datagram);
  const event = eventOf(uint32At(datagram, at.event));
  const numwant = uint32At(datagram, at.numwant);
  const key = uint32At(datagram, at.key);
  return {
    infoHash: hashAt(datagram, at.infoHash) as InfoHash,
    peerId: hashAt(datagram, at.peerId) as PeerId,
    port,
    uploaded: countAt(datagram, at.uploaded),
    downloaded: countAt(datagram, at.downloaded),
    left: countAt(datagram, at.left),
    compact: true,
    noPeerId: true,
    ...(event !== undefined && { event }),
    ...(numwant <= maxCount && { numwant }),
    ...(key !== 0 && { key: keyText(key) }),
    ...(uint32At(datagram, at.ip) !== 0 && { ip: formatIp(datagram.subarray(at.ip, at.key)) }),
  };
}

/**
 * Reads an announce into `announcement`, without an object for anything. The address is the caller's business. Throws
 * TrackerError, for what `decodeUdpRequest` does.
 */
export function readUdpAnnounce(datagram: Uint8Array, announcement: Announcement): void {
  const at = announceAt;
  if (datagram.length < at.end) throw tooShort();
  if (datagram.length > at.end) decodeUrlData(datagram, at.end);
  announcement.port = portIn(datagram);
  for (let i = 0; i < idWords; i += 1) {
    announcement.infoHash[i] = uint32At(datagram, at.infoHash + 4 * i);
    announcement.peerId[i] = uint32At(datagram, at.peerId + 4 * i);
  }
  announcement.isSeeder =
    uint32At(datagram, at.left) === 0 && uint32At(datagram, at.left + 4) === 0;
  announcement.event = eventOf(uint32At(datagram, at.event));
  announcement.key = uint32At(datagram, at.key);
  const numwant = uint32At(datagram, at.numwant);
  announcement.numwant = numwant <= maxCount ? numwant : undefined;
}

function portIn(datagram: Uint8Array): number {
  const port = ((datagram[announceAt.port] ?? 0) << 8) | (datagram[announceAt.port + 1] ?? 0);
  if (port === 0) throw new TrackerError('bad-port', 'port is not from 1 to 65535');
  return port;
}

/** What is less than a hash at the end is left out. */
function hashesIn(datagram: Uint8Array): InfoHash[] {
  const hashes: InfoHash[] = [];
  for (let at = requestHeadBytes; at + hashBytes <= datagram.length; at += hashBytes)
    hashes.push(hashAt(datagram, at) as InfoHash);
  return hashes;
}

const hashAt = (datagram: Uint8Array, at: number): string =>
  toHex(datagram.subarray(at, at + hashBytes));
