/** Peers that share a thread, and fetch one torrent or seed it. */
import { readFile } from 'node:fs/promises';
import { parseMetainfo } from '../../../core/exports.ts';
import { inlineDisk } from '../../../core/net/disk-inline.ts';
import { sha1 } from '../../../core/net/hash.ts';
import { type PeerOptions, type RunningTorrent, startPeer } from '../../../core/net/peer.ts';
import { cacheOfMany } from '../../../core/net/storage/read-cache.ts';
import { keepHeapSmall, manyPeers } from '../../../core/net/thrifty-heap.ts';
import { seconds } from '../../../core/time.ts';
import type { PeerOrder, Role } from './contestant.ts';

export type CrewOrder = { readonly torrentPath: string; readonly peers: readonly PeerOrder[] };

/** From so many peers on a thread has always something else to do, and a trip to the pool costs more than the disk does. */
const several = 4;
/** Of all peers of a crew. */
const readCache = cacheOfMany();

/** Peers of a large crowd serve few at once, so that what they send goes out in large writes, and hold little meanwhile. */
const frugal = {
  maxBufferedBytes: 512 * 2 ** 10,
  maxUnsentBytes: 64 * 2 ** 10,
  holdHavesFor: seconds(4),
} as const;
const frugalSlots = { seed: 8, leech: 2 } as const;

function optionsOf(role: Role, count: number): Pick<PeerOptions, 'disk' | 'readCache' | 'torrent'> {
  if (count < several) return {};
  if (count < manyPeers) return { disk: inlineDisk, readCache };
  return { disk: inlineDisk, readCache, torrent: { ...frugal, uploadSlots: frugalSlots[role] } };
}

/** They have the file, or wait; what is returned sends them off, and resolves when all that they fetch is whole. */
export async function startCrew({ peers, torrentPath }: CrewOrder): Promise<() => Promise<void>> {
  if (peers.length >= manyPeers) keepHeapSmall();
  const metainfo = parseMetainfo(await readFile(torrentPath), { sha1 });
  const torrents: RunningTorrent[] = [];
  for (const { address, dir, role } of peers) {
    const options = optionsOf(role, peers.length);
    // Nobody else here waits for the disk either.
    const peer = await startPeer({ ...address, outDir: dir, fsync: 'never', ...options });
    const path = `${dir}/${metainfo.name}`;
    torrents.push(await peer.add(metainfo, { trackers: [], ...(role === 'seed' && { path }) }));
  }
  return async () => {
    for (const [i, torrent] of torrents.entries()) torrent.meet(peers[i]?.meets ?? []);
    const leeches = torrents.filter((_, i) => peers[i]?.role === 'leech');
    await Promise.all(leeches.map((torrent) => torrent.completed));
  };
}
