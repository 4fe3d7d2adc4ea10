/** The pieces a peer may fetch while choked, the same for everybody who computes them (BEP 6, "allowed fast set"). */
import type { InfoHash, Sha1 } from '../torrent/ids.ts';
import { PieceIndex } from '../torrent/ids.ts';
import { fromHex } from '../bytes/hex.ts';

export type AllowedFastOptions = {
  /** The address of the peer that may fetch. */
  readonly ip: string;
  readonly infoHash: InfoHash;
  readonly pieceCount: number;
  /** How many pieces, at most. */
  readonly count: number;
  readonly sha1: Sha1;
};

/** `count` pieces, or all when there are fewer; none for an IPv6 address, for which BEP 6 defines no set. */
export function allowedFastSet(options: AllowedFastOptions): readonly PieceIndex[] {
  const { ip, infoHash, pieceCount, sha1 } = options;
  const network = networkOf(ip);
  if (network === undefined) return [];
  const count = Math.min(options.count, pieceCount);
  const set = new Set<PieceIndex>();
  let x = Uint8Array.from([...network, ...fromHex(infoHash)]);
  while (set.size < count) {
    x = Uint8Array.from(sha1(x));
    const view = new DataView(x.buffer);
    for (let i = 0; i < 5 && set.size < count; i += 1)
      set.add(PieceIndex(view.getUint32(4 * i) % pieceCount));
  }
  return [...set];
}

/** The three most significant bytes of an IPv4 address, and a zero: peers of one network share a set. */
function networkOf(ip: string): readonly number[] | undefined {
  const parts = ip.split('.').map(Number);
  const isIpv4 = parts.length === 4 && parts.every((part) => part >= 0 && part <= 255);
  return isIpv4 ? [...parts.slice(0, 3), 0] : undefined;
}
