import { describe, expect, it } from 'vitest';
import { PieceIndex } from '../../torrent/ids.ts';
import { DiskError } from '../disk-error.ts';
import type { Fault } from '../testing/faulty-disk.ts';
import { faultyDisk } from '../testing/faulty-disk.ts';
import { MemoryDisk } from '../testing/memory-disk.ts';
import { sampleTorrent } from '../testing/sample-torrent.ts';
import { Storage } from './storage.ts';

const root = '/out';
const torrent = sampleTorrent({
  name: 'album',
  pieceLength: 700,
  files: [
    { path: ['a'], length: 1_000 },
    { path: ['deep', 'b'], length: 1_500 },
  ],
});

/** More than one fault can need: each try gets past at least the call that failed. */
const maxTries = 5;

describe('a disk whose k-th call fails', () => {
  it.each<Fault>(['ENOSPC', 'EIO', 'EACCES', 'ESTALE', 'short'])(
    'costs a typed error at most, for every k (%s)',
    async (fault) => {
      let count = 0;
      for (let k = 1; count >= k - 1; k += 1) {
        const memory = new MemoryDisk();
        await memory.mkdir('/out');
        count = 0;
        const disk = faultyDisk(memory, (call) => {
          count += 1;
          return call.count === k ? fault : undefined;
        });
        const errors = await download(disk);
        const story = `${fault} at call ${k}`;
        for (const error of errors) expect(error, story).toBeInstanceOf(DiskError);
        if (fault === 'short') expect(errors, story).toEqual([]);
        expectWhole(memory, story);
      }
      expect(count).toBeGreaterThan(50);
    },
  );
});

/** Downloads, rechecks and comes back until it is done; returns what went wrong on the way. */
async function download(disk: ReturnType<typeof faultyDisk>): Promise<readonly unknown[]> {
  const errors: unknown[] = [];
  for (let attempt = 0; attempt < maxTries; attempt += 1) {
    try {
      await downloadOnce(disk, errors);
      return errors;
    } catch (error) {
      errors.push(error);
    }
  }
  throw new Error(`no end after ${maxTries} tries`, { cause: errors });
}

async function downloadOnce(disk: ReturnType<typeof faultyDisk>, errors: unknown[]): Promise<void> {
  const { storage } = await Storage.open({ metainfo: torrent.metainfo, dir: root, disk });
  try {
    await fill(storage);
  } catch (error) {
    errors.push(error);
    await storage.recheck();
    await fill(storage);
  }
  await storage.close();
}

async function fill(storage: Storage): Promise<void> {
  for (let piece = 0; piece < torrent.pieces.count; piece += 1)
    await storage.write(PieceIndex(piece), torrent.bytesOf(piece));
  for (let piece = 0; piece < torrent.pieces.count; piece += 1) {
    const bytes = await storage.read(
      PieceIndex(piece),
      0,
      torrent.pieces.lengthOf(PieceIndex(piece)),
    );
    if (Buffer.compare(bytes, torrent.bytesOf(piece)) !== 0) throw new Error('wrong bytes served');
  }
}

function expectWhole(disk: MemoryDisk, story: string): void {
  for (const [file, { path }] of torrent.metainfo.files.entries()) {
    const content = disk.contentOf([root, ...path].join('/')) ?? new Uint8Array();
    expect(Buffer.compare(content, torrent.contentOf(file)), story).toBe(0);
  }
  expect(
    disk.paths().filter((path) => /[.](part|tmp)$/.test(path)),
    story,
  ).toEqual([]);
}
