/** How to begin the life of a seeder of a small file, whose tracker nobody runs. */
import { join } from 'node:path';
import { PeerId } from '../../../core/torrent/ids.ts';
import { giveAll } from '../belongings.ts';
import { makeContents } from '../contents.ts';
import type { PeerOrder } from '../peer-orders.ts';

/** Everything of it lies under `dir`. */
export async function seederOrder(dir: string, ip: string): Promise<PeerOrder> {
  const announceUrl = `http://${ip}:1/announce`;
  const options = { dir: join(dir, 'contents'), inputDir: dir, announceUrl, seed: 1 };
  const [content] = await makeContents([{ bytes: 65_536, pieceBytes: 16_384 }], options);
  if (content === undefined) throw new Error('no content');
  const place = join(dir, 'peer');
  await giveAll(content, place);
  const { torrentPath } = content;
  return {
    ...{ name: 'seeder-0', peerId: PeerId('5'.repeat(40)), ip, port: 0, seed: 1, dir },
    client: 'swarmproof',
    ...{ link: { delayMs: 0 }, options: {}, corrupt: 'never', blockedIps: [], record: 'full' },
    torrents: [{ torrentPath, dir: place, isOwner: true, resume: 'trust' }],
  };
}
