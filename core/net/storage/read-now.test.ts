import { truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PieceIndex } from '../../torrent/ids.ts';
import { inlineDisk } from '../disk-inline.ts';
import { nodeDisk } from '../disk-node.ts';
import { placeContent, type SampleTorrent, sampleTorrent } from '../testing/sample-torrent.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import type { StorageOptions } from './options.ts';
import { cacheOfMany, ReadCache } from './read-cache.ts';
import { Storage } from './storage.ts';

const p = PieceIndex;
const single = sampleTorrent({ files: 100_000, pieceLength: 16_384 });
const many = sampleTorrent({
  name: 'album',
  pieceLength: 16_384,
  files: [
    { path: ['a'], length: 30_000 },
    { path: ['.pad', '2'], length: 2_768, isPad: true },
    { path: ['b'], length: 50_000 },
  ],
});

describe('what is read at once', () => {
  it('is what is read otherwise, or nothing', async () => {
    await using dir = await temporaryDirectory();
    for (const torrent of [single, many]) {
      const seeds = await Promise.all([seedOf(torrent, dir.path), seedOf(torrent, dir.path)]);
      const [now, later] = seeds;
      // A file that nobody has read from is not open yet.
      for (const [piece] of torrent.metainfo.files.entries()) await now.read(p(piece), 0, 1);
      let count = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.nat(torrent.pieces.count - 1),
          fc.nat(17_000),
          fc.integer({ min: 1, max: 17_000 }),
          async (piece, begin, length) => {
            const block = now.readNow(p(piece), begin, length);
            if (block === undefined) return;
            count += 1;
            expect(block).toEqual(await later.read(p(piece), begin, length));
          },
        ),
      );
      expect(count).toBeGreaterThan(10);
      await Promise.all(seeds.map((storage) => storage.close()));
    }
  });

  it('follows a download: nothing that is not had, and what has just been written', async () => {
    await using dir = await temporaryDirectory();
    const { storage } = await Storage.open({ ...prompt(single), dir: dir.path });
    for (let piece = 0; piece < single.pieces.count; piece += 1) {
      expect(storage.readNow(p(piece), 0, 100)).toBeUndefined();
      await storage.write(p(piece), single.bytesOf(piece));
      if (piece < single.pieces.count - 1)
        expect(storage.readNow(p(piece), 0, 100)).toEqual(single.bytesOf(piece).subarray(0, 100));
    }
    // It has another name now, under which nobody has opened it yet.
    expect(storage.readNow(p(0), 200, 100)).toEqual(single.bytesOf(0).subarray(200, 300));
    await storage.close();
  });

  it('is nothing once the file was cut or changed by somebody else, and whoever waits is told why', async () => {
    for (const spoil of [
      (path: string) => truncate(path, 20_000),
      (path: string) => writeFile(path, single.content.slice().fill(7)),
      (path: string) => utimes(path, 1, 1),
    ]) {
      await using dir = await temporaryDirectory();
      const storage = await seedOf(single, dir.path);
      await storage.read(p(0), 0, 1);
      expect(storage.readNow(p(1), 0, 1)).toEqual(single.bytesOf(1).subarray(0, 1));
      await spoil(join(dir.path, 'sample'));
      expect(storage.readNow(p(3), 0, 1)).toBeUndefined();
      await expect(storage.read(p(3), 0, 1)).rejects.toMatchObject({ code: 'vanished' });
      await storage.abandon();
    }
  });

  it('is nothing on a disk that is waited for', async () => {
    await using dir = await temporaryDirectory();
    const storage = await seedOf(single, dir.path, { disk: nodeDisk, cache: new ReadCache() });
    expect(storage.isPrompt).toBe(false);
    await storage.read(p(0), 0, 1);
    expect(storage.readNow(p(0), 0, 1)).toEqual(single.bytesOf(0).subarray(0, 1));
    const other = await seedOf(single, dir.path, { disk: nodeDisk, cache: cacheOfMany() });
    await other.read(p(0), 0, 1);
    expect(other.readNow(p(1), 0, 1)).toBeUndefined();
    await Promise.all([storage, other].map((each) => each.close()));
  });
});

const prompt = ({
  metainfo,
}: SampleTorrent): Pick<StorageOptions, 'metainfo' | 'disk' | 'cache'> => ({
  metainfo,
  disk: inlineDisk,
  cache: cacheOfMany(),
});

async function seedOf(
  torrent: SampleTorrent,
  dir: string,
  options: Partial<StorageOptions> = {},
): Promise<Storage> {
  await placeContent(torrent, dir);
  const spec = { ...prompt(torrent), dir, existing: 'seed' as const, ...options };
  return (await Storage.open(spec)).storage;
}
