import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { PieceIndex } from '../../torrent/ids.ts';
import { MemoryDisk } from '../testing/memory-disk.ts';
import { sampleTorrent } from '../testing/sample-torrent.ts';
import { Storage } from './storage.ts';

const torrent = sampleTorrent({
  name: 'album',
  pieceLength: 700,
  files: [
    { path: ['a'], length: 1_500 },
    { path: ['b'], length: 1_600 },
  ],
});

type Damage = { readonly kind: 'flip' | 'cut' | 'zero'; readonly where: number };

const damage = fc.record<Damage>({
  kind: fc.constantFrom('flip', 'cut', 'zero'),
  where: fc.double({ min: 0, max: 0.999, noNaN: true }),
});

describe('after damage between two runs', () => {
  it('to the data, only pieces that are right are had, and the rest can be fetched', async () => {
    await fc.assert(
      fc.asyncProperty(
        damage,
        fc.constantFrom('a', 'b'),
        fc.boolean(),
        async (harm, name, isWhole) => {
          const disk = await downloaded(isWhole ? [0, 1, 2, 3, 4] : [0, 4]);
          const path = disk.paths().find((other) => other.includes(`/album/${name}`)) ?? '';
          spoil(disk, path, harm);
          await expectHonest(disk);
        },
      ),
    );
  });

  it('to the state, it is not believed', async () => {
    await fc.assert(
      fc.asyncProperty(damage, async (harm) => {
        const disk = await downloaded([0, 4]);
        spoil(disk, resumeOf(disk), harm);
        const source = await expectHonest(disk);
        expect(source).toBe('checked');
      }),
    );
  });

  it('a state of another torrent is not believed', async () => {
    const [disk, other] = [await downloaded([0, 4]), new MemoryDisk()];
    await other.mkdir('/out');
    const foreign = sampleTorrent({ name: 'album', files: 3_100, pieceLength: 700 });
    const { storage } = await Storage.open({ ...foreign, dir: '/out', disk: other });
    for (const piece of [0, 1, 2]) await storage.write(PieceIndex(piece), foreign.bytesOf(piece));
    await storage.close();
    const state = other.contentOf(resumeOf(other)) ?? new Uint8Array();
    disk.cut(resumeOf(disk), 0);
    disk.put(resumeOf(disk), state, 0);
    expect(await expectHonest(disk)).toBe('checked');
  });
});

async function downloaded(pieces: readonly number[]): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  await disk.mkdir('/out');
  const { storage } = await Storage.open({ ...torrent, dir: '/out', disk });
  for (const piece of pieces) await storage.write(PieceIndex(piece), torrent.bytesOf(piece));
  await storage.close();
  return disk;
}

const resumeOf = (disk: MemoryDisk): string =>
  disk.paths().find((path) => path.endsWith('.resume')) ?? '';

function spoil(disk: MemoryDisk, path: string, { kind, where }: Damage): void {
  const bytes = disk.contentOf(path) ?? new Uint8Array();
  const at = Math.floor(where * bytes.length);
  if (kind === 'cut') return disk.cut(path, at);
  const byte = kind === 'flip' ? 1 ^ (bytes[at] ?? 0) : 0xff ^ (bytes[at] ?? 0);
  disk.put(path, Uint8Array.of(byte), at);
}

/** Opens, compares what is had with the truth, and finishes the download; returns where the word came from. */
async function expectHonest(disk: MemoryDisk): Promise<string> {
  const { storage, source } = await Storage.open({ ...torrent, dir: '/out', disk });
  for (const piece of storage.have.clone().ones()) {
    const bytes = await storage.read(piece, 0, torrent.pieces.lengthOf(piece));
    expect(Buffer.compare(bytes, torrent.bytesOf(piece))).toBe(0);
  }
  for (let piece = 0; piece < torrent.pieces.count; piece += 1)
    await storage.write(PieceIndex(piece), torrent.bytesOf(piece));
  await storage.close();
  for (const [file, { path }] of torrent.metainfo.files.entries()) {
    const content = disk.contentOf(`/out/${path.join('/')}`) ?? new Uint8Array();
    expect(Buffer.compare(content, torrent.contentOf(file))).toBe(0);
  }
  return source;
}
