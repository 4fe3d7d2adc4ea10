/** Small torrents to publish. */
import { createHash } from 'node:crypto';
import type { Sha1 } from '../torrent/ids.ts';
import { encodeBencode } from '../bencode/encode.ts';
import { parseMetainfo } from '../torrent/metainfo.ts';
import type { InfoHash } from '../torrent/ids.ts';

export const nodeSha1: Sha1 = (bytes) => createHash('sha1').update(bytes).digest();

export type SmallTorrent = { readonly bytes: Uint8Array; readonly infoHash: InfoHash };

/** A torrent of one file of 3 bytes in two pieces. */
export function smallTorrent(name: string): SmallTorrent {
  const pieces = new Uint8Array(40);
  const bytes = encodeBencode({ info: { length: 3, name, 'piece length': 2, pieces } });
  return { bytes, infoHash: parseMetainfo(bytes, { sha1: nodeSha1 }).infoHash };
}
