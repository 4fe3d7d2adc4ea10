/**
 * What storage costs by itself, in pieces of 1 MiB. Traps: the last one writes a fresh file, and the first touch of
 * its memory costs between 0.3 and 4 CPU-seconds a GiB; compare within one run only, on a quiet machine.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, bench, describe } from 'vitest';
import { PieceIndex } from '../../torrent/ids.ts';
import { hashOf } from '../../torrent/metainfo.ts';
import { Pieces } from '../../torrent/pieces.ts';
import { createTorrent } from '../create.ts';
import { PieceBuffers } from '../piece-buffers.ts';
import { Storage } from './storage.ts';

const pieceLength = 2 ** 20;
const pieceCount = 256;
const dir = mkdtempSync(join(tmpdir(), 'swarmproof-bench-'));
const path = join(dir, 'file');
const file = await open(path, 'w');
for (let piece = 0; piece < pieceCount; piece += 1)
  await file.write(Buffer.alloc(pieceLength, piece));
await file.close();
const { metainfo } = await createTorrent(path, { pieceLength });
const pieces = new Pieces(metainfo);
const { storage: seed } = await Storage.open({ metainfo, dir, existing: 'seed' });

afterAll(async () => {
  await seed.close();
  rmSync(dir, { recursive: true });
});

describe('256 MiB', () => {
  bench('hash', () => createTorrent(path, { pieceLength }).then(() => undefined));

  bench('read in blocks', async () => {
    for (let piece = 0; piece < pieceCount; piece += 1)
      await eachBlock(PieceIndex(piece), () => undefined);
  });

  bench('read, copy, verify and write', async () => {
    const buffers = new PieceBuffers({ pieces });
    const name = 'copy';
    const { storage } = await Storage.open({ metainfo, dir, name, fsync: 'never', resume: 'none' });
    const writes: Promise<void>[] = [];
    for (let index = 0; index < pieceCount; index += 1) {
      const piece = PieceIndex(index);
      if (buffers.used === buffers.capacity) await writes.shift();
      await eachBlock(piece, (begin, block) => buffers.store(piece, begin, block));
      if (!buffers.verify(piece, hashOf(metainfo, piece)).ok) throw new Error('wrong bytes');
      const written = storage.write(piece, buffers.take(piece));
      writes.push(written.then(() => buffers.drop(piece)));
    }
    await Promise.all(writes);
    await storage.close();
    rmSync(join(dir, name));
  });
});

async function eachBlock(
  piece: PieceIndex,
  use: (begin: number, block: Uint8Array) => unknown,
): Promise<void> {
  for (let index = 0; index < pieces.blockCount(piece); index += 1) {
    const { begin, length } = pieces.blockRef(piece, index);
    const block = seed.readCached(piece, begin, length);
    use(begin, block ?? (await seed.read(piece, begin, length)));
  }
}
