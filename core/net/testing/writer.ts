/** A program to be killed: downloads a sample torrent into the directory it is given, and says which pieces it has. */
import { PieceIndex } from '../../torrent/ids.ts';
import { Storage } from '../storage/storage.ts';
import { sampleTorrent } from './sample-torrent.ts';

/** Two files of which the pieces overlap, large enough to be killed in many different places. */
export const writtenTorrent: ReturnType<typeof sampleTorrent> = sampleTorrent({
  name: 'album',
  pieceLength: 16_384,
  files: [
    { path: ['a'], length: 700_000 },
    { path: ['deep', 'b'], length: 1_300_000 },
  ],
});

const [dir] = process.argv.slice(2);
if (dir !== undefined && process.argv[1]?.endsWith('writer.ts') === true) await download(dir);

async function download(target: string): Promise<void> {
  const { metainfo, pieces, bytesOf } = writtenTorrent;
  const { storage } = await Storage.open({ metainfo, dir: target });
  const missing = Array.from({ length: pieces.count }, (_, index) => PieceIndex(index))
    .filter((piece) => !storage.have.has(piece))
    // A fixed order that jumps about.
    .sort((a, b) => ((a * 37) % pieces.count) - ((b * 37) % pieces.count));
  for (const [index, piece] of missing.entries()) {
    await storage.write(piece, bytesOf(piece));
    process.stdout.write(`${piece}\n`);
    if (index % 10 === 9) await storage.checkpoint();
  }
  await storage.close();
}
