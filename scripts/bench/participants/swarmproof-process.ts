/** Seeds or fetches one torrent, and says so: the part of Swarmproof in a bench, through what `swarmproof/peer` exports. */
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parseMetainfo } from '../../../core/exports.ts';
import { sha1 } from '../../../core/net/hash.ts';
import { startPeer } from '../../../core/net/peer.ts';
import type { TransferOrder } from '../contestant.ts';

const order = JSON.parse(process.argv[2] ?? '{}') as TransferOrder;
const { address, dir, role, torrentPath } = order;
const metainfo = parseMetainfo(await readFile(torrentPath), { sha1 });
// Nobody else here waits for the disk either.
const peer = await startPeer({ ...address, outDir: dir, fsync: 'never' });
const path = `${dir}/${metainfo.name}`;
const torrent = await peer.add(metainfo, { trackers: [], ...(role === 'seed' && { path }) });

createInterface({ input: process.stdin }).on('line', (line) => {
  const [, ip = '', port] = line.split(' ');
  torrent.meet([{ ip, port: Number(port) }]);
});
say('ready');
await torrent.completed;
if (role === 'leech') say('done');

function say(word: string): void {
  process.stdout.write(`${word}\n`);
}
