import { expect, it } from 'vitest';
import { toHex } from '../../core/bytes/hex.ts';
import { fromLatin1 } from '../../core/bytes/utf8.ts';
import { InfoHash, PeerId } from '../../core/torrent/ids.ts';
import type { CatalogueEntry } from '../../core/tracker/catalogue.ts';
import { catalogueTable } from './catalogue-table.ts';

const entry: CatalogueEntry = {
  id: 0,
  name: 'music.mp3',
  length: 4_148_793,
  pieceLength: 16_384,
  pieces: 254,
  infoHash: InfoHash('ab'.repeat(20)),
  addedAt: '2026-01-01T00:00:00.000Z',
  seeders: [{ peerId: idOf('-SW0100-abcdefghijkl'), ip: '127.0.0.1', port: 8881 }],
  leechers: [{ peerId: idOf('-SW0100-mnopqrstuvwx'), ip: '::1', port: 8882 }],
};

it('shows id, name, size, pieces, seeders and leechers with their ids and addresses', () => {
  expect(catalogueTable([entry])).toBe(
    [
      '[0] music.mp3, 4.0 MiB, 254 pieces, 1 seeder, 1 leecher',
      `    info hash ${'ab'.repeat(20)}`,
      '    seeder  -SW0100-abcdefghijkl at 127.0.0.1:8881',
      '    leecher -SW0100-mnopqrstuvwx at [::1]:8882',
    ].join('\n'),
  );
});

it('says that there are no torrents', () => {
  expect(catalogueTable([])).toMatch(/^no torrents/);
});

it('lets no name and no peer id write to the terminal itself', () => {
  const peerId = idOf('\u001b]0;owned\u0007\u009b2J9876543');
  const hostile = {
    ...entry,
    name: 'a\u001b[31m\r\n[1] b',
    seeders: [{ ...entry.seeders[0], peerId }],
  };
  const table = catalogueTable([hostile as CatalogueEntry]);
  const controls = [...table].filter(
    (c) => c !== '\n' && (c < ' ' || (c >= '\u007f' && c < '\u00a0')),
  );
  expect(controls).toEqual([]);
  expect(table.split('\n')).toHaveLength(4);
});

function idOf(text: string): PeerId {
  return PeerId(toHex(fromLatin1(text)));
}
