/** Peers that share a thread, and fetch one torrent or seed it. */
import { readFile } from 'node:fs/promises';
import { parseMetainfo } from '../../../core/exports.ts';
import { inlineDisk } from '../../../core/net/disk-inline.ts';
import { sha1 } from '../../../core/net/hash.ts';
import { type RunningTorrent, startPeer } from '../../../core/net/peer.ts';
import type { PeerOrder } from './contestant.ts';

export type CrewOrder = { readonly torrentPath: string; readonly peers: readonly PeerOrder[] };

/** From so many peers on a thread has always something else to do, and a trip to the pool costs more than the disk does. */
const crowd = 4;

/** They have the file, or wait; what is returned sends them off, and resolves when all that they fetch is whole. */
export async function startCrew({ peers, torrentPath }: CrewOrder): Promise<() => Promise<void>> {
  const metainfo = parseMetainfo(await readFile(torrentPath), { sha1 });
  const torrents: RunningTorrent[] = [];
  for (const { address, dir, role } of peers) {
    const disk = peers.length >= crowd && { disk: inlineDisk };
    // Nobody else here waits for the disk either.
    const peer = await startPeer({ ...address, outDir: dir, fsync: 'never', ...disk });
    const path = `${dir}/${metainfo.name}`;
    torrents.push(await peer.add(metainfo, { trackers: [], ...(role === 'seed' && { path }) }));
  }
  return async () => {
    for (const [i, torrent] of torrents.entries()) torrent.meet(peers[i]?.meets ?? []);
    const leeches = torrents.filter((_, i) => peers[i]?.role === 'leech');
    await Promise.all(leeches.map((torrent) => torrent.completed));
  };
}
