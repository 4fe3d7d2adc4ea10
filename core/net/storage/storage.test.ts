import { mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Bitfield } from '../../torrent/bitfield.ts';
import { PieceIndex } from '../../torrent/ids.ts';
import type { Disk } from '../disk.ts';
import { nodeDisk } from '../disk-node.ts';
import { placeContent, sampleTorrent } from '../testing/sample-torrent.ts';
import type { SampleTorrent } from '../testing/sample-torrent.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { faultyDisk } from '../testing/faulty-disk.ts';
import { passThrough, passThroughFile } from '../testing/logging-disk.ts';
import { MemoryDisk } from '../testing/memory-disk.ts';
import type { StorageOptions } from './options.ts';
import { Storage } from './storage.ts';

const p = PieceIndex;
const single = sampleTorrent({ files: 100_000, pieceLength: 16_384 });
const many = sampleTorrent({
  name: 'album',
  pieceLength: 16_384,
  files: [
    { path: ['a'], length: 20_000 },
    { path: ['deep', 'empty'], length: 0 },
    { path: ['deep', 'b'], length: 10 },
    { path: ['.pad', '6'], length: 12_758, isPad: true },
    { path: ['deep', 'er', 'c'], length: 50_000 },
  ],
});

describe('a download', () => {
  it('lies under a partial name until its last piece, and then under the final one', async () => {
    await using dir = await temporaryDirectory();
    const { storage, source, have } = await open(single, dir.path);
    expect([source, have.size]).toEqual(['new', 0]);
    for (const piece of [3, 0, 6, 1, 5, 2]) await write(storage, single, piece);
    expect(await visible(dir.path)).toEqual(['sample.part']);
    await write(storage, single, 4);
    expect(await visible(dir.path)).toEqual(['sample']);
    expect(await readFile(join(dir.path, 'sample'))).toEqual(Buffer.from(single.content));
    await storage.close();
  });

  it('gets its final name when its last pieces land in the same moment', async () => {
    const disk = new MemoryDisk();
    const { storage } = await open(single, '/', { disk });
    await Promise.all([3, 0, 6, 1, 5, 2, 4].map((piece) => write(storage, single, piece)));
    expect(disk.contentOf('/sample.part')).toBeUndefined();
    expect(disk.contentOf('/sample')).toEqual(single.content);
    await storage.close();
  });

  it('makes directories and empty files, leaves pads out, and names each file as it becomes whole', async () => {
    await using dir = await temporaryDirectory();
    const { storage } = await open(many, dir.path, { name: 'mine' });
    await write(storage, many, 0);
    await write(storage, many, 1);
    const whole = ['mine/a', 'mine/deep/b', 'mine/deep/empty'];
    expect(await visible(dir.path)).toEqual(whole);
    for (const piece of [4, 5, 3, 2]) await write(storage, many, piece);
    expect(await visible(dir.path)).toEqual([...whole, 'mine/deep/er/c']);
    expect(await readFile(join(dir.path, 'mine/deep/er/c'))).toEqual(
      Buffer.from(many.contentOf(4)),
    );
    await storage.close();
  });

  it('serves the pieces it has while others arrive, and never one it has not', async () => {
    await using dir = await temporaryDirectory();
    const { storage } = await open(single, dir.path);
    await write(storage, single, 0);
    expect(await storage.read(p(0), 5, 100)).toEqual(part(single, 0, { begin: 5, length: 100 }));
    expect(storage.readCached(p(1), 0, 100)).toBeUndefined();
    await expect(storage.read(p(1), 0, 100)).rejects.toThrow(RangeError);
    await write(storage, single, 1);
    expect(storage.readCached(p(1), 0, 100)).toBeUndefined();
    expect(await storage.read(p(1), 0, 100)).toEqual(part(single, 1, { begin: 0, length: 100 }));
    expect(storage.readCached(p(1), 7, 9)).toEqual(part(single, 1, { begin: 7, length: 9 }));
    expect(storage.readCached(p(0), 16_000, 1_000)).toBeUndefined();
    await storage.close();
  });

  it('serves while the file gets its final name', async () => {
    await using dir = await temporaryDirectory();
    let reads: Promise<unknown>[] = [];
    const disk = slowRename(() => {
      const other = [1, 0].map((piece) => storage.read(p(piece), 0, 100));
      reads = [...other, storage.checkpoint()];
    });
    const { storage } = await open(single, dir.path, { disk });
    const last = single.pieces.count - 1;
    for (let piece = 0; piece < last; piece += 1) await write(storage, single, piece);
    await write(storage, single, last);
    expect(reads).toHaveLength(3);
    expect(await Promise.all(reads)).toEqual([
      part(single, 1, { begin: 0, length: 100 }),
      part(single, 0, { begin: 0, length: 100 }),
      undefined,
    ]);
    await storage.close();
  });

  it('goes on after a clean end without hashing', async () => {
    await using dir = await temporaryDirectory();
    const first = await open(single, dir.path);
    await write(first.storage, single, 2);
    await write(first.storage, single, 6);
    await first.storage.close();
    const again = await open(single, dir.path);
    expect([again.source, [...again.have.ones()]]).toEqual(['resume', [2, 6]]);
    await again.storage.close();
  });

  it('hashes what is there after an end without a word, and has every piece that was written', async () => {
    await using dir = await temporaryDirectory();
    const first = await open(single, dir.path);
    await write(first.storage, single, 0);
    await first.storage.close();
    const second = await open(single, dir.path);
    await write(second.storage, single, 2);
    await second.storage.abandon();
    const third = await open(single, dir.path);
    expect([third.source, [...third.have.ones()]]).toEqual(['checked', [0, 2]]);
    await third.storage.close();
  });

  it('believes no state that was not its last word, even where the times of files stand still', async () => {
    const disk = new MemoryDisk();
    await disk.mkdir('/out');
    const still: Disk = {
      ...passThrough(disk),
      stat: async (path) => {
        const found = await disk.stat(path);
        return found && { ...found, mtimeMs: 0 };
      },
    };
    const first = await open(single, '/out', { disk: still });
    await write(first.storage, single, 6);
    await first.storage.close();
    const second = await open(single, '/out', { disk: still });
    await write(second.storage, single, 1);
    await second.storage.abandon();
    const third = await open(single, '/out', { disk: still });
    expect([third.source, [...third.have.ones()]]).toEqual(['checked', [1, 6]]);
    await write(third.storage, single, 0);
    await third.storage.checkpoint();
    await write(third.storage, single, 2);
    await third.storage.abandon();
    const fourth = await open(single, '/out', { disk: still });
    expect([fourth.source, [...fourth.have.ones()]]).toEqual(['checked', [0, 1, 2, 6]]);
    await fourth.storage.close();
  });

  it('gives a file its final name when it finds it whole under the partial one', async () => {
    await using dir = await temporaryDirectory();
    await writeFile(join(dir.path, 'sample.part'), Buffer.concat([single.content, Buffer.of(1)]));
    const { storage, have } = await open(single, dir.path);
    expect(have.isFull).toBe(true);
    expect(await readFile(join(dir.path, 'sample'))).toEqual(Buffer.from(single.content));
    await storage.close();
  });

  it('repairs a damaged file of its own under the partial name', async () => {
    await using dir = await temporaryDirectory();
    await complete(single, dir.path);
    await flip(join(dir.path, 'sample'), 40_000);
    const { storage, source, have } = await open(single, dir.path);
    expect([source, have.has(2), have.size]).toEqual(['checked', false, 6]);
    expect(await visible(dir.path)).toEqual(['sample.part']);
    await write(storage, single, 2);
    expect(await readFile(join(dir.path, 'sample'))).toEqual(Buffer.from(single.content));
    await storage.close();
  });

  it('leaves a file alone that has its name and another content', async () => {
    await using dir = await temporaryDirectory();
    await writeFile(join(dir.path, 'sample'), 'a diary');
    await expect(open(single, dir.path)).rejects.toMatchObject({ code: 'exists' });
    await rm(join(dir.path, 'sample'));
    const { storage } = await open(single, dir.path);
    for (let piece = 0; piece < 6; piece += 1) await write(storage, single, piece);
    await writeFile(join(dir.path, 'sample'), 'a diary');
    await expect(write(storage, single, 6)).rejects.toMatchObject({ code: 'exists' });
    expect(await readFile(join(dir.path, 'sample'), 'utf8')).toBe('a diary');
    await storage.abandon();
  });

  it('is not led out of its directory by a link', async () => {
    await using dir = await temporaryDirectory();
    await using outside = await temporaryDirectory();
    await mkdir(join(dir.path, 'album'));
    await symlink(outside.path, join(dir.path, 'album', 'deep'));
    await expect(open(many, dir.path)).rejects.toMatchObject({ code: 'unsafe-path' });
    await symlink(join(outside.path, 'target'), join(dir.path, 'sample.part'));
    await expect(open(single, dir.path)).rejects.toMatchObject({ code: 'unsafe-path' });
    expect(await readdir(outside.path)).toEqual([]);
  });

  it('finds out that its file was deleted, and goes on after a recheck', async () => {
    await using dir = await temporaryDirectory();
    const { storage } = await open(single, dir.path);
    await write(storage, single, 0);
    await rm(join(dir.path, 'sample.part'));
    await expect(storage.checkpoint()).rejects.toMatchObject({ code: 'vanished' });
    await expect(write(storage, single, 1)).rejects.toMatchObject({ code: 'vanished' });
    expect((await storage.recheck()).size).toBe(0);
    for (let piece = 0; piece < 7; piece += 1) await write(storage, single, piece);
    expect(await visible(dir.path)).toEqual(['sample']);
    await storage.close();
  });

  it('does not claim a piece that could not be synced, until it is written again', async () => {
    await using dir = await temporaryDirectory();
    let isBroken = false;
    const disk = faultyDisk(nodeDisk, ({ name }) =>
      isBroken && name === 'fsync' ? 'EIO' : undefined,
    );
    const { storage } = await open(single, dir.path, { disk });
    await write(storage, single, 0);
    await storage.checkpoint();
    await write(storage, single, 1);
    isBroken = true;
    await expect(storage.checkpoint()).rejects.toMatchObject({ code: 'io', errno: 'EIO' });
    isBroken = false;
    expect([...(await storage.recheck()).ones()]).toEqual([0]);
    await write(storage, single, 1);
    await storage.checkpoint();
    expect([...(await storage.recheck()).ones()]).toEqual([0, 1]);
    await storage.close();
  });

  it('says how much it needs and what is free, and refuses what no disk of this size could hold', async () => {
    await using dir = await temporaryDirectory();
    const skip = new Bitfield(7);
    skip.set(6);
    const { storage, space } = await open(single, dir.path, { skip });
    expect(space.neededBytes).toBe(6 * 16_384);
    expect(space.freeBytes).toBeGreaterThan(0);
    await storage.close();
    const small = {
      ...nodeDisk,
      space: () => Promise.resolve({ freeBytes: 5, totalBytes: 99_999 }),
    };
    await expect(open(single, dir.path, { disk: small })).rejects.toMatchObject({
      code: 'disk-full',
    });
  });

  it('saves what it has by itself, and says at the next write when it could not', async () => {
    await using dir = await temporaryDirectory();
    let [isFull, failures] = [false, 0];
    const disk = faultyDisk(nodeDisk, ({ name }) => {
      if (!isFull || name !== 'rename') return undefined;
      failures += 1;
      return 'ENOSPC';
    });
    const { storage } = await open(single, dir.path, { disk, checkpointEveryMs: 1 });
    await write(storage, single, 0);
    await until(async () => (await readdir(dir.path)).some((name) => name.endsWith('.resume')));
    isFull = true;
    await write(storage, single, 1);
    await until(() => Promise.resolve(failures > 0));
    isFull = false;
    await expect(storage.checkpoint()).rejects.toMatchObject({ code: 'disk-full' });
    await expect(write(storage, single, 2)).rejects.toMatchObject({ code: 'disk-full' });
    await storage.recheck();
    await write(storage, single, 6);
    await storage.close();
  });

  it('keeps no more than four writes on the disk at a time', async () => {
    await using dir = await temporaryDirectory();
    let [now, most] = [0, 0];
    const disk: Disk = {
      ...passThrough(nodeDisk),
      open: async (path, mode) => {
        const file = await nodeDisk.open(path, mode);
        const counted = async (bytes: Uint8Array, position: number): Promise<number> => {
          now += 1;
          most = Math.max(most, now);
          return file.write(bytes, position).finally(() => (now -= 1));
        };
        return { ...passThroughFile(file), write: counted };
      },
    };
    const { storage } = await open(single, dir.path, { disk });
    await Promise.all([0, 1, 2, 3, 4, 5, 6].map((piece) => write(storage, single, piece)));
    expect([most, storage.have.isFull]).toEqual([4, true]);
    await storage.close();
  });

  it('keeps no state when told so', async () => {
    await using dir = await temporaryDirectory();
    const { storage } = await open(single, dir.path, { resume: 'none' });
    await write(storage, single, 0);
    await storage.close();
    expect(await readdir(dir.path)).toEqual(['sample.part']);
  });

  it('never syncs when told so, and syncs each piece when told that', async () => {
    expect(await syncsOf('never')).toBe(0);
    expect(await syncsOf('always')).toBeGreaterThan(2 * 7);
  });

  it('stops hashing when it is aborted, and leaves nothing open', async () => {
    await using dir = await temporaryDirectory();
    await placeContent(single, dir.path);
    const before = await openDescriptors();
    const abort = new AbortController();
    const onProgress = (): void => {
      abort.abort();
    };
    const large = sampleTorrent({ files: 3_000_000, pieceLength: 65_536, name: 'large' });
    await placeContent(large, dir.path);
    const opening = open(large, dir.path, { onProgress, signal: abort.signal });
    await expect(opening).rejects.toThrow('aborted');
    expect(await openDescriptors()).toBe(before);
  });

  it('leaves no file open after close or abandon', async () => {
    await using dir = await temporaryDirectory();
    const before = await openDescriptors();
    const { storage } = await open(many, dir.path);
    await Promise.all([0, 1, 2, 3, 4, 5].map((piece) => write(storage, many, piece)));
    await storage.read(p(0), 0, 16_384);
    expect(await openDescriptors()).toBeGreaterThan(before);
    await storage.close();
    expect(await openDescriptors()).toBe(before);
    const again = await open(many, dir.path);
    void again.storage.read(p(0), 0, 16_384);
    await again.storage.abandon();
    expect(await openDescriptors()).toBe(before);
  });
});

describe('a seed', () => {
  it('serves files where they are and puts nothing beside them', async () => {
    await using dir = await temporaryDirectory();
    await placeContent(many, dir.path);
    const before = await visible(dir.path);
    const { storage, have, source } = await open(many, dir.path, { existing: 'seed' });
    expect([source, have.isFull]).toEqual(['checked', true]);
    for (let piece = 0; piece < 6; piece += 1)
      expect(await storage.read(p(piece), 0, many.pieces.lengthOf(p(piece)))).toEqual(
        many.bytesOf(piece),
      );
    expect(() => storage.write(p(0), many.bytesOf(0))).toThrow(RangeError);
    await storage.close();
    expect(await visible(dir.path)).toEqual(before);
    expect(await readdir(dir.path)).toEqual(['album']);
  });

  it('lacks the pieces of missing and short files', async () => {
    await using dir = await temporaryDirectory();
    await placeContent(many, dir.path);
    await rm(join(dir.path, 'album/a'));
    await writeFile(join(dir.path, 'album/deep/er/c'), many.contentOf(4).subarray(0, 40_000));
    const { storage, have } = await open(many, dir.path, { existing: 'seed' });
    expect([...have.ones()]).toEqual([2, 3]);
    await storage.close();
  });

  it('starts from a state without hashing, in a directory for states or beside a finished download', async () => {
    await using dir = await temporaryDirectory();
    await using states = await temporaryDirectory();
    await placeContent(single, dir.path);
    const options: Partial<StorageOptions> = { existing: 'seed', stateDir: states.path };
    const first = await open(single, dir.path, options);
    await first.storage.abandon();
    const second = await open(single, dir.path, options);
    expect([first.source, second.source]).toEqual(['checked', 'resume']);
    await second.storage.close();
    await complete(many, dir.path);
    const third = await open(many, dir.path, { existing: 'seed' });
    expect([third.source, third.have.isFull]).toEqual(['resume', true]);
    await third.storage.close();
  });

  it('stops serving a file that somebody changes under it, and serves what is still right after a recheck', async () => {
    await using dir = await temporaryDirectory();
    const large = sampleTorrent({ files: 4 * 2 ** 20, pieceLength: 2 ** 20 });
    await placeContent(large, dir.path);
    const { storage } = await open(large, dir.path, { existing: 'seed' });
    await storage.read(p(0), 0, 16_384);
    await flip(join(dir.path, 'sample'), 2 * 2 ** 20 + 9);
    await expect(storage.read(p(2), 0, 16_384)).rejects.toMatchObject({ code: 'vanished' });
    expect([...(await storage.recheck()).ones()]).toEqual([0, 1, 3]);
    expect(await storage.read(p(3), 0, 99)).toEqual(part(large, 3, { begin: 0, length: 99 }));
    expect(await storage.verifyPiece(p(2))).toBe(false);
    expect(await storage.verifyPiece(p(3))).toBe(true);
    await storage.close();
  });

  it('notices a truncated or deleted file when it reads it', async () => {
    await using dir = await temporaryDirectory();
    const large = sampleTorrent({ files: 3 * 2 ** 20, pieceLength: 2 ** 20 });
    await placeContent(large, dir.path);
    const { storage } = await open(large, dir.path, { existing: 'seed' });
    await writeFile(join(dir.path, 'sample'), large.content.subarray(0, 2 ** 20));
    await expect(storage.read(p(2), 0, 16_384)).rejects.toMatchObject({ code: 'vanished' });
    await storage.recheck();
    await rm(join(dir.path, 'sample'));
    await expect(storage.read(p(0), 0, 16_384)).rejects.toMatchObject({ code: 'vanished' });
    await storage.abandon();
  });

  it('joins a block that runs over two windows', async () => {
    await using dir = await temporaryDirectory();
    const odd = sampleTorrent({ files: 500_000, pieceLength: 100_001 });
    await placeContent(odd, dir.path);
    const { storage } = await open(odd, dir.path, { existing: 'seed' });
    const big = sampleTorrent({ files: 3_000_000, pieceLength: 1_500_000, name: 'big' });
    await placeContent(big, dir.path);
    const other = await open(big, dir.path, { existing: 'seed' });
    for (const [torrent, from] of [
      [odd, storage],
      [big, other.storage],
    ] as const)
      for (let at = 0; at + 16_384 <= torrent.pieces.pieceLength; at += 16_384)
        expect(
          Buffer.from(await from.read(p(1), at, 16_384)).equals(
            part(torrent, 1, { begin: at, length: 16_384 }),
          ),
        ).toBe(true);
    await storage.close();
    await other.storage.close();
  });
});

/** Calls `during` when the data file has its final name already, but nobody was told yet. */
const slowRename = (during: () => void): Disk => ({
  ...nodeDisk,
  rename: async (source, target) => {
    await nodeDisk.rename(source, target);
    if (!source.endsWith('.part')) return;
    during();
    await sleep(50);
  },
});

const open = (
  { metainfo }: SampleTorrent,
  dir: string,
  options: Partial<StorageOptions> = {},
): ReturnType<typeof Storage.open> => Storage.open({ metainfo, dir, ...options });

const write = (storage: Storage, torrent: SampleTorrent, piece: number): Promise<void> =>
  storage.write(p(piece), torrent.bytesOf(piece));

async function complete(torrent: SampleTorrent, dir: string): Promise<void> {
  const { storage } = await open(torrent, dir);
  for (let piece = 0; piece < torrent.pieces.count; piece += 1)
    await write(storage, torrent, piece);
  await storage.close();
}

const part = (
  torrent: SampleTorrent,
  piece: number,
  { begin, length }: { readonly begin: number; readonly length: number },
): Uint8Array => torrent.bytesOf(piece).subarray(begin, begin + length);

/** Files below `dir` that a person would see, as sorted paths. */
async function visible(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .sort();
}

/** Changes one bit, at a time that cannot be mistaken for the last change. */
async function flip(path: string, position: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[position] = 1 ^ (bytes[position] ?? 0);
  await writeFile(path, bytes);
  await utimes(path, new Date(), new Date(Date.now() + 5_000));
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 1));
}

async function openDescriptors(): Promise<number> {
  return (await readdir('/proc/self/fd')).length;
}

async function syncsOf(fsync: 'never' | 'always'): Promise<number> {
  await using dir = await temporaryDirectory();
  let syncs = 0;
  const disk = faultyDisk(nodeDisk, ({ name }) => {
    if (name === 'fsync' || name === 'fsyncDir') syncs += 1;
    return undefined;
  });
  const { storage } = await open(single, dir.path, { disk, fsync });
  for (let piece = 0; piece < 7; piece += 1) await write(storage, single, piece);
  await storage.close();
  return syncs;
}
