/** Seeds and fetches one torrent: the part of Swarmproof in a bench, through what `swarmproof/peer` exports. */
import { readFile } from 'node:fs/promises';
import { parseMetainfo } from '../../../core/exports.ts';
import { sha1 } from '../../../core/net/hash.ts';
import { type RunningTorrent, startPeer } from '../../../core/net/peer.ts';
import type { PeerOrder, ProcessOrder } from './contestant.ts';
import { Speaker } from './spoken.ts';

const speaker = await Speaker.hear<ProcessOrder>();
const { peers, torrentPath } = speaker.order;
const metainfo = parseMetainfo(await readFile(torrentPath), { sha1 });
const torrents: RunningTorrent[] = [];
for (const each of peers) torrents.push(await join(each));
const leeches = torrents.filter((_, i) => peers[i]?.role === 'leech');

await speaker.begin();
for (const [i, torrent] of torrents.entries()) torrent.meet(peers[i]?.meets ?? []);
await Promise.all(leeches.map((torrent) => torrent.completed));
if (leeches.length > 0) speaker.done();

async function join({ address, dir, role }: PeerOrder): Promise<RunningTorrent> {
  // Nobody else here waits for the disk either.
  const peer = await startPeer({ ...address, outDir: dir, fsync: 'never' });
  const path = `${dir}/${metainfo.name}`;
  return await peer.add(metainfo, { trackers: [], ...(role === 'seed' && { path }) });
}
