/** webtorrent, the BitTorrent engine of the npm registry. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Contestant } from './contestant.ts';
import { startSpoken } from './spoken.ts';
import { npmFile } from './programs.ts';

const program = fileURLToPath(new URL('./webtorrent-peers.js', import.meta.url));

export const webtorrent: Contestant = {
  name: 'webtorrent',
  from: { npm: 'webtorrent@3.0.21' },
  holdsMany: true,
  startsSlowly: true,
  isPresent: () => npmFile('webtorrent', 'index.js') !== undefined,
  start: (order) => {
    const entry = npmFile('webtorrent', 'index.js') ?? '';
    return startSpoken([process.execPath, program, pathToFileURL(entry).href], order);
  },
};
