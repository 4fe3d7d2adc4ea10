/** Hashes what is on disk against a torrent. Nothing is written. */
import { basename, dirname, resolve } from 'node:path';
import { Storage } from '../../core/net/storage/storage.ts';
import type { Metainfo } from '../../core/torrent/metainfo.ts';

export type ContentCheck = {
  readonly isWhole: boolean;
  /** How many pieces are as they should be. */
  readonly piecesGood: number;
  /** Indices of those that are not. */
  readonly bad: readonly number[];
};

export type CheckOptions = {
  readonly signal?: AbortSignal;
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
};

/** `path` is the file, or the directory of a torrent with several. Rejects with DiskError, or when aborted. */
export async function checkContent(
  metainfo: Metainfo,
  path: string,
  options: CheckOptions = {},
): Promise<ContentCheck> {
  const full = resolve(path);
  const { storage, have } = await Storage.open({
    metainfo,
    dir: dirname(full),
    name: basename(full),
    existing: 'seed',
    resume: 'none',
    ...options,
  });
  await storage.close();
  const all = Array.from({ length: metainfo.pieceCount }, (_, piece) => piece);
  return {
    isWhole: have.isFull,
    piecesGood: have.size,
    bad: all.filter((piece) => !have.has(piece)),
  };
}
