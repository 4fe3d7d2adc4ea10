/** The pieces a peer may fetch while choked, the same for everybody who computes them (BEP 6, "allowed fast set"). */
import type { InfoHash, Sha1 } from '../torrent/ids.ts';
import { fromHex } from '../bytes/hex.ts';
import { parseIp } from '../bytes/ip.ts';
import { concatBytes } from '../bytes/utf8.ts';
import { PieceIndex } from '../torrent/ids.ts';

export type AllowedFastOptions = {
  /** The address of the peer that may fetch. */
  readonly ip: string;
  readonly infoHash: InfoHash;
  readonly pieceCount: number;
  /** How many pieces, at most. */
  readonly count: number;
  readonly sha1: Sha1;
};

const ipv4Bytes = 4;
const indexesPerHash = 5;

/** `count` pieces, or all when there are fewer; none for an IPv6 address, for which BEP 6 defines no set. */
export function allowedFastSet(options: AllowedFastOptions): readonly PieceIndex[] {
  const { infoHash, pieceCount, sha1 } = options;
  const ip = parseIp(options.ip);
  if (ip?.length !== ipv4Bytes) return [];
  const count = Math.min(options.count, pieceCount);
  const set = new Set<PieceIndex>();
  // The last byte of the address does not count: several addresses in one network get no more than one.
  let x = concatBytes(ip.subarray(0, 3), Uint8Array.of(0), fromHex(infoHash));
  while (set.size < count) {
    x = sha1(x);
    const view = new DataView(x.buffer, x.byteOffset, x.byteLength);
    for (let i = 0; i < indexesPerHash && set.size < count; i += 1)
      set.add(PieceIndex(view.getUint32(4 * i) % pieceCount));
  }
  return [...set];
}
