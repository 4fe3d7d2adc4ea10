/** The tracker's list of torrents for people. */
import type { CatalogueEntry, CataloguePeer } from '../../core/tracker/catalogue.ts';
import { endpointKey } from '../../core/torrent/ids.ts';
import { peerIdText } from './peer-id-text.ts';
import { printable } from './printable.ts';
import { countText, sizeText } from './units.ts';

export const noTorrents = 'no torrents: nobody seeds anything at this tracker';

export function catalogueTable(entries: readonly CatalogueEntry[]): string {
  if (entries.length === 0) return noTorrents;
  return entries.map((entry) => entryLines(entry).join('\n')).join('\n');
}

function entryLines(entry: CatalogueEntry): string[] {
  const facts = [
    `[${entry.id}] ${printable(entry.name)}`,
    sizeText(entry.length),
    countText(entry.pieces, 'piece'),
    countText(entry.seeders.length, 'seeder'),
    countText(entry.leechers.length, 'leecher'),
  ];
  return [
    facts.join(', '),
    `    info hash ${entry.infoHash}`,
    ...entry.seeders.map((peer) => peerLine('seeder', peer)),
    ...entry.leechers.map((peer) => peerLine('leecher', peer)),
  ];
}

const peerLine = (role: string, peer: CataloguePeer): string =>
  `    ${role.padEnd(7)} ${peerIdText(peer.peerId)} at ${endpointKey(peer)}`;
