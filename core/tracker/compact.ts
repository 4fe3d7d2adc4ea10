/** Peers as bytes: 6 for an IPv4 peer (BEP 23), 18 for an IPv6 peer (BEP 7). */
import type { Endpoint } from '../torrent/ids.ts';
import type { PeerAddress } from './announce.ts';
import { concatBytes } from '../bytes/utf8.ts';
import { formatIp, parseIp } from './ip.ts';

/** Bytes of an address in `peers` and in `peers6`. */
export const ipBytes = { peers: 4, peers6: 16 } as const;

/** Bytes of a peer in either list. */
export const peerBytes = { peers: 6, peers6: 18 } as const;

/** The two families of addresses, under the names that their lists have. */
export type IpFamily = keyof typeof ipBytes;

/** The peers of each family, end to end. Every `ip` is an address; anything else is the caller's bug. */
export function encodeCompact(peers: readonly Endpoint[]): {
  readonly peers: Uint8Array;
  readonly peers6: Uint8Array;
} {
  const families: Record<IpFamily, Uint8Array[]> = { peers: [], peers6: [] };
  for (const { ip, port } of peers) {
    const address = parseIp(ip);
    if (address === undefined) throw new RangeError(`not an address: ${ip}`);
    const family = address.length === ipBytes.peers ? 'peers' : 'peers6';
    families[family].push(address, Uint8Array.of(port >>> 8, port & 0xff));
  }
  return { peers: concatBytes(...families.peers), peers6: concatBytes(...families.peers6) };
}

/** The peers of one family. Bytes at the end that make no whole peer are left out. */
export function* decodeCompact(bytes: Uint8Array, family: IpFamily): Generator<PeerAddress, void> {
  const length = peerBytes[family];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + length <= bytes.length; at += length) {
    const end = at + ipBytes[family];
    yield { ip: formatIp(bytes.subarray(at, end)), port: view.getUint16(end) };
  }
}
