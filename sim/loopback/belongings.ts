/** What a peer holds before it starts: the whole content, some of its pieces, or nothing. */
import { copyFile, link, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { segmentsOf } from '../../core/torrent/files.ts';
import type { Content } from './contents.ts';

/** Puts the whole content under `dir`, as other names of the same files where the file system has such. */
export async function giveAll({ metainfo, dir: source }: Content, dir: string): Promise<void> {
  for (const { path } of metainfo.files) {
    const target = join(dir, ...path);
    await mkdir(dirname(target), { recursive: true });
    await link(join(source, ...path), target).catch(() => copyFile(join(source, ...path), target));
  }
}

/** Puts these pieces under `dir`, as an interrupted download leaves them: in `.part` files with holes. */
export async function givePieces(
  { metainfo, dir: source }: Content,
  dir: string,
  pieces: readonly number[],
): Promise<void> {
  const { pieceLength, length } = metainfo;
  for (const piece of pieces) {
    const begin = piece * pieceLength;
    const segments = segmentsOf(metainfo, begin, Math.min(pieceLength, length - begin));
    for (const { file, begin: position, length: bytes } of segments) {
      const path = metainfo.files[file]?.path ?? [];
      const target = `${join(dir, ...path)}.part`;
      await mkdir(dirname(target), { recursive: true });
      await copyRange(join(source, ...path), target, { position, bytes });
    }
  }
}

async function copyRange(
  source: string,
  target: string,
  { position, bytes }: { readonly position: number; readonly bytes: number },
): Promise<void> {
  const from = await open(source, 'r');
  const to = await open(target, 'a').then(async (made) => {
    await made.close();
    return open(target, 'r+');
  });
  try {
    const range = new Uint8Array(bytes);
    const { bytesRead } = await from.read(range, 0, bytes, position);
    await to.write(range, 0, bytesRead, position);
  } finally {
    await from.close();
    await to.close();
  }
}
