/** Swarmproof's part in `create-recheck`: one thread hashes, as one of libtorrent's does. */
import { readFile, writeFile } from 'node:fs/promises';
import { parseMetainfo } from '../../../core/exports.ts';
import { createTorrent } from '../../../core/net/create.ts';
import { sha1 } from '../../../core/net/hash.ts';
import { startPeer } from '../../../core/net/peer.ts';
import { Speaker } from '../participants/spoken.ts';
import type { HashingOrder } from './hashing-order.ts';

const speaker = await Speaker.hear<HashingOrder>();
const { dir, job, path, pieceLength, torrentPath } = speaker.order;
if (job === 'create') {
  await speaker.begin();
  const { bytes } = await createTorrent(path, { pieceLength });
  await writeFile(torrentPath, bytes);
} else {
  const metainfo = parseMetainfo(await readFile(torrentPath), { sha1 });
  const peer = await startPeer({ outDir: dir });
  await speaker.begin();
  const torrent = await peer.add(metainfo, { path, trackers: [], resume: 'check' });
  await torrent.completed;
}
speaker.done();
