/** Seeds and fetches one torrent with webtorrent, whose entry is the argument. */
import { readFile } from 'node:fs/promises';
import type { PeerOrder, ProcessOrder } from './contestant.ts';
import { Speaker } from './spoken.ts';

/** What of webtorrent is used here. */
type Client = {
  readonly add: (torrent: Uint8Array, options: object, onReady: (torrent: Torrent) => void) => void;
  readonly on: (event: 'error', listener: (error: Error) => void) => void;
};
type Torrent = {
  readonly addPeer: (address: string) => void;
  readonly on: (event: 'done', listener: () => void) => void;
};
type Entry = { readonly default: new (options: object) => Client };

const { default: WebTorrent } = (await import(process.argv[2] ?? '')) as Entry;
const speaker = await Speaker.hear<ProcessOrder>();
const { peers, torrentPath } = speaker.order;
const bytes = await readFile(torrentPath);
const torrents = await Promise.all(peers.map(join));
const leeches = torrents.filter((_, i) => peers[i]?.role === 'leech');
const completed = leeches.map(
  (torrent) => new Promise<void>((resolve) => torrent.on('done', resolve)),
);

await speaker.begin();
for (const [i, torrent] of torrents.entries())
  for (const { ip, port } of peers[i]?.meets ?? []) torrent.addPeer(`${ip}:${port}`);
await Promise.all(completed);
if (leeches.length > 0) speaker.done();

/** No uTP, no encryption and nobody but who is named, as with the others; the seeder believes its file. */
function join({ address, dir, role }: PeerOrder): Promise<Torrent> {
  const finding = { dht: false, tracker: false, lsd: false, utPex: false, webSeeds: false };
  const client = new WebTorrent({
    ...finding,
    ...{ utp: false, natUpnp: false, natPmp: false, secure: false, torrentPort: address.port },
  });
  client.on('error', (error) => {
    throw error;
  });
  const options = { path: dir, skipVerify: role === 'seed', announce: [] };
  return new Promise((resolve) => client.add(bytes, options, resolve));
}
