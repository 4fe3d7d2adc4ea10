/** The names of things in a swarm, branded so that they cannot be swapped (BEP 3, BEP 20). */
import type { Brand } from '../brand.ts';

/** SHA-1 of the bencoded info dictionary as it came (BEP 3), as 40 lowercase hex digits. */
export type InfoHash = Brand<string, 'InfoHash'>;

/** The 20 bytes a peer chose for itself (BEP 3, BEP 20), as 40 lowercase hex digits. */
export type PeerId = Brand<string, 'PeerId'>;

/** Which piece, counted from 0. */
export type PieceIndex = Brand<number, 'PieceIndex'>;

/** One connection of one peer, counted from 0 and never reused. */
export type ConnectionId = Brand<number, 'ConnectionId'>;

/** Where a peer listens. `ip` is IPv4 in dotted form or IPv6 in the canonical form of RFC 5952. */
export type Endpoint = { readonly ip: string; readonly port: number };

/** A SHA-1 of the caller's choosing, so that core needs no crypto of its own. Returns 20 bytes. */
export type Sha1 = (bytes: Uint8Array) => Uint8Array;

const hex20 = /^[0-9a-f]{40}$/;

export function InfoHash(hex: string): InfoHash {
  if (!hex20.test(hex)) throw new RangeError(`not an info hash: ${hex}`);
  return hex as InfoHash;
}

export function PeerId(hex: string): PeerId {
  if (!hex20.test(hex)) throw new RangeError(`not a peer id: ${hex}`);
  return hex as PeerId;
}

export const PieceIndex = (index: number): PieceIndex => index as PieceIndex;
export const ConnectionId = (count: number): ConnectionId => count as ConnectionId;

export const isSameEndpoint = (a: Endpoint, b: Endpoint): boolean =>
  a.port === b.port && a.ip === b.ip;

/** One string per endpoint, fit for a Map key: `1.2.3.4:80`, `[::1]:80`. */
export const endpointKey = ({ ip, port }: Endpoint): string =>
  ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
