/** One peer with many torrents. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseMetainfo } from '../../../core/exports.ts';
import { sha1 } from '../../../core/net/hash.ts';
import { type RunningTorrent, startPeer } from '../../../core/net/peer.ts';
import { Speaker } from '../participants/spoken.ts';
import type { TorrentsOrder } from './torrents.ts';

const speaker = await Speaker.hear<TorrentsOrder>();
const { address, dir, other, role, torrentPaths } = speaker.order;
const peer = await startPeer({ ...address, outDir: dir, fsync: 'never' });
const torrents: RunningTorrent[] = [];
for (const path of torrentPaths) {
  const metainfo = parseMetainfo(await readFile(path), { sha1 });
  const seeded = role === 'seed' && { path: join(dir, metainfo.name) };
  torrents.push(await peer.add(metainfo, { trackers: [], ...seeded }));
}

await speaker.begin();
if (role === 'leech') {
  for (const torrent of torrents) torrent.meet([other]);
  await Promise.all(torrents.map(({ completed }) => completed));
  speaker.done();
}
