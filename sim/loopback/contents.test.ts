import { createHash } from 'node:crypto';
import { link, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Metainfo } from '../../core/torrent/metainfo.ts';
import { Storage } from '../../core/net/storage/storage.ts';
import { temporaryDirectory } from '../../core/net/testing/temporary-directory.ts';
import { giveAll, givePieces } from './belongings.ts';
import { type Content, makeContents } from './contents.ts';

const KiB = 2 ** 10;
const announceUrl = 'http://127.0.0.1:1/announce';

describe('contents', () => {
  it('are the same for the same seed, and different otherwise', async () => {
    const [a, again, other] = [await made(1), await made(1), await made(2)];
    expect(again).toEqual(a);
    expect(other).not.toEqual(a);
    expect(new Set(a.flatMap(({ files }) => files.map(({ sha256 }) => sha256))).size).toBe(4);
  });

  it('are told as they lie on disk: names, lengths, digests', async () => {
    await using dir = await temporaryDirectory();
    const [noise, album, tune] = await make(dir.path, 3);
    expect(noise?.facts.files).toEqual([
      { path: 'content-0', length: 100 * KiB, sha256: await digest(noise, 'content-0') },
    ]);
    expect(noise?.facts).toMatchObject({ pieceCount: 7, pieceLength: 16 * KiB, name: 'content-0' });
    expect(album?.facts.files.map(({ path }) => path)).toEqual(['deep/two', 'one']);
    expect(tune?.facts).toMatchObject({ name: 'tune.txt', length: 5 });
    expect(tune?.metainfo.trackers).toEqual([[announceUrl]]);
    expect(await digest(album, 'album/deep/two')).toBe(album?.facts.files[0]?.sha256);
  });

  it('stay in their places, whatever a scenario calls its files', async () => {
    await using dir = await temporaryDirectory();
    const options = { dir: dir.path, inputDir: join(dir.path, 'input'), announceUrl, seed: 1 };
    const outside = makeContents([{ file: '../../etc/passwd' }], options);
    await expect(outside).rejects.toThrow('leads out of');
    const inside = makeContents([{ files: [{ path: '../x', bytes: 1 }] }], options);
    await expect(inside).rejects.toThrow('leads out of');
  });
});

describe('what a peer brings along', () => {
  it('is the whole content, and serves as it is', async () => {
    await using dir = await temporaryDirectory();
    for (const content of await make(dir.path, 4)) {
      const own = join(dir.path, 'peer');
      await giveAll(content, own);
      expect(await held(content.metainfo, own, 'seed')).toEqual(piecesOf(content));
    }
  });

  it('is just these pieces, found by the check of an interrupted download', async () => {
    await using dir = await temporaryDirectory();
    const [noise, album] = await make(dir.path, 5);
    for (const content of [noise, album] as Content[]) {
      const own = join(dir.path, 'peer');
      const some = piecesOf(content).filter((piece) => piece % 3 !== 1);
      await givePieces(content, own, some);
      expect(await held(content.metainfo, own, 'download')).toEqual(some);
    }
  });

  it('costs no second copy where the file system has links', async () => {
    await using dir = await temporaryDirectory();
    const [noise] = await make(dir.path, 6);
    const probe = join(dir.path, 'probe');
    await writeFile(probe, '');
    const canLink = await link(probe, `${probe}2`).then(
      () => true,
      () => false,
    );
    await giveAll(noise as Content, join(dir.path, 'peer'));
    const { nlink } = await stat(join(dir.path, 'peer', 'content-0'));
    expect(nlink).toBe(canLink ? 2 : 1);
  });
});

async function make(dir: string, seed: number): Promise<readonly Content[]> {
  await writeFile(join(dir, 'tune.txt'), 'la la');
  return makeContents(
    [
      { bytes: 100 * KiB, pieceBytes: 16 * KiB },
      {
        name: 'album',
        pieceBytes: 16 * KiB,
        files: [
          { path: 'one', bytes: 50_000 },
          { path: 'deep/two', bytes: 30_000 },
        ],
      },
      { file: 'tune.txt' },
    ],
    { dir: join(dir, 'contents'), inputDir: dir, announceUrl, seed },
  );
}

async function made(seed: number): Promise<readonly Content['facts'][]> {
  await using dir = await temporaryDirectory();
  return (await make(dir.path, seed)).map(({ facts }) => facts);
}

async function digest(content: Content | undefined, path: string): Promise<string> {
  const bytes = await readFile(join(content?.dir ?? '', path));
  return createHash('sha256').update(bytes).digest('hex');
}

const piecesOf = ({ facts }: Content): number[] =>
  Array.from({ length: facts.pieceCount }, (_, piece) => piece);

async function held(
  metainfo: Metainfo,
  dir: string,
  existing: 'seed' | 'download',
): Promise<readonly number[]> {
  const { storage, have } = await Storage.open({ metainfo, dir, existing });
  const pieces = [...have.ones()];
  await storage.close();
  return pieces;
}
