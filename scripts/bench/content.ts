/** The files that a bench moves. */
import { createCipheriv } from 'node:crypto';
import { open, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTorrent } from '../../core/net/create.ts';
import { sha256File } from '../../core/net/hash.ts';

export type Content = {
  readonly name: string;
  /** The directory that holds it. */
  readonly dir: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly torrentPath: string;
};

const chunkBytes = 2 ** 20;

/** Makes a file of noise, always the same, and its torrent in `dir`, unless they are there from the last time. */
export async function makeContent(
  dir: string,
  { bytes, pieceLength }: { readonly bytes: number; readonly pieceLength: number },
): Promise<Content> {
  const name = `noise-${bytes / 2 ** 20}-mib`;
  const path = join(dir, name);
  if ((await stat(path).catch(() => undefined))?.size !== bytes) await writeNoise(path, bytes);
  const torrentPath = join(dir, `${name}-${pieceLength}.torrent`);
  const { bytes: torrent } = await createTorrent(path, { pieceLength });
  await writeFile(torrentPath, torrent);
  return { name, dir, bytes, torrentPath, sha256: await sha256File(path) };
}

/** What no file system or client can make shorter. */
async function writeNoise(path: string, bytes: number): Promise<void> {
  const noise = createCipheriv('aes-128-ctr', new Uint8Array(16), new Uint8Array(16));
  const zeros = new Uint8Array(chunkBytes);
  const file = await open(path, 'w');
  for (let left = bytes; left > 0; left -= chunkBytes)
    await file.write(noise.update(zeros.subarray(0, left)));
  await file.close();
}
