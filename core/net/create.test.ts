import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashOf, parseMetainfo } from '../torrent/metainfo.ts';
import { PieceIndex } from '../torrent/ids.ts';
import { createTorrent } from './create.ts';
import type { Disk } from './disk.ts';
import { nodeDisk } from './disk-node.ts';
import { sha1 } from './hash.ts';
import { Storage } from './storage/storage.ts';
import { passThrough, passThroughFile } from './testing/logging-disk.ts';
import { sampleTorrent } from './testing/sample-torrent.ts';
import { temporaryDirectory } from './testing/temporary-directory.ts';

const { content } = sampleTorrent({ files: 3_000_000, pieceLength: 65_536 });

describe('creating a torrent', () => {
  it.each([16_384, 2 ** 20, 2 ** 21])(
    'hashes a file in pieces of %i bytes as one would by hand',
    async (pieceLength) => {
      await using dir = await temporaryDirectory();
      const path = join(dir.path, 'tune.mp3');
      await writeFile(path, content);
      const { bytes, metainfo } = await createTorrent(path, { pieceLength });
      expect([metainfo.name, metainfo.length, metainfo.isMultiFile]).toEqual([
        'tune.mp3',
        3e6,
        false,
      ]);
      expect(parseMetainfo(bytes, { sha1 }).infoHash).toBe(metainfo.infoHash);
      for (let piece = 0; piece * pieceLength < content.length; piece += 1) {
        const slice = content.subarray(piece * pieceLength, (piece + 1) * pieceLength);
        expect(hashOf(metainfo, PieceIndex(piece))).toEqual(new Uint8Array(sha1(slice)));
      }
    },
  );

  it('gives what storage then finds whole, in the order of the bytes of the paths', async () => {
    await using dir = await temporaryDirectory();
    const root = await album(dir.path);
    const { metainfo } = await createTorrent(root, { pieceLength: 16_384 });
    const paths = metainfo.files.map(({ path }) => path.slice(1).join('/'));
    expect(paths).toEqual(['Z', 'a-b', 'a/b', 'a/empty', 'é']);
    const opened = await Storage.open({ metainfo, dir: dir.path, existing: 'seed' });
    expect(opened.have.isFull).toBe(true);
    await opened.storage.close();
  });

  it('leaves out links and hidden names', async () => {
    await using dir = await temporaryDirectory();
    const root = await album(dir.path);
    const before = await createTorrent(root);
    await symlink('/etc/passwd', join(root, 'link'));
    await symlink('..', join(root, 'loop'));
    await writeFile(join(root, '.env'), 'secret');
    expect((await createTorrent(root)).metainfo.infoHash).toBe(before.metainfo.infoHash);
    await expect(createTorrent(join(root, 'link'))).rejects.toMatchObject({ code: 'unsafe-path' });
  });

  it('writes the same bytes twice, and what it is told', async () => {
    await using dir = await temporaryDirectory();
    const root = await album(dir.path);
    const options = {
      name: 'other',
      trackers: [['http://127.0.0.1:8888/announce']],
      isPrivate: true,
      comment: 'a story',
    };
    const [one, two] = [await createTorrent(root, options), await createTorrent(root, options)];
    expect(one.bytes).toEqual(two.bytes);
    expect(one.metainfo).toMatchObject(options);
  });

  it('tells how far it is', async () => {
    await using dir = await temporaryDirectory();
    const path = join(dir.path, 'tune.mp3');
    await writeFile(path, content);
    const steps: (readonly number[])[] = [];
    await createTorrent(path, { onProgress: (...step) => steps.push(step), pieceLength: 2 ** 20 });
    expect(steps).toEqual([
      [2 ** 20, 3e6],
      [2 ** 21, 3e6],
      [3e6, 3e6],
    ]);
  });

  it('stops when it is aborted, with every file closed', async () => {
    await using dir = await temporaryDirectory();
    const path = join(dir.path, 'tune.mp3');
    await writeFile(path, content);
    const abort = new AbortController();
    const { disk, open } = counting(nodeDisk);
    const onProgress = (): void => {
      abort.abort();
    };
    const creating = createTorrent(path, { onProgress, signal: abort.signal, disk });
    await expect(creating).rejects.toThrow('aborted');
    expect(open.size).toBe(0);
  });

  it('refuses what is absent, what is empty, and a file that shrinks under it', async () => {
    await using dir = await temporaryDirectory();
    const path = join(dir.path, 'tune.mp3');
    await expect(createTorrent(path)).rejects.toMatchObject({ code: 'vanished' });
    await expect(createTorrent(dir.path)).rejects.toMatchObject({ code: 'no-content' });
    await writeFile(path, content);
    const shrinking: Disk = {
      ...passThrough(nodeDisk),
      open: async (name, mode) => {
        await truncate(path, 10);
        return nodeDisk.open(name, mode);
      },
    };
    const creating = createTorrent(path, { disk: shrinking });
    await expect(creating).rejects.toMatchObject({ code: 'vanished', path });
  });
});

async function album(dir: string): Promise<string> {
  const root = join(dir, 'album');
  await mkdir(join(root, 'a'), { recursive: true });
  for (const [name, length] of [
    ['é', 5],
    ['a/b', 20_000],
    ['a/empty', 0],
    ['a-b', 40_000],
    ['Z', 1],
  ] as const)
    await writeFile(join(root, name), content.subarray(length, 2 * length));
  return root;
}

function counting(inner: Disk): { disk: Disk; open: Set<string> } {
  const open = new Set<string>();
  const disk: Disk = {
    ...passThrough(inner),
    async open(path, mode) {
      const file = await inner.open(path, mode);
      open.add(path);
      const close = (): Promise<void> => {
        open.delete(path);
        return file.close();
      };
      return { ...passThroughFile(file), close };
    },
  };
  return { disk, open };
}
