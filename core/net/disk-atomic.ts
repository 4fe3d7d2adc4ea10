/** A small file replaced as a whole: after a crash it is the old one or the new one, never a mixture. */
import { dirname } from 'node:path';
import type { Disk } from './disk.ts';
import { readFully, writeFully } from './disk.ts';

/** `durable`: it also survives a power cut. */
type FileContent = { readonly bytes: Uint8Array; readonly durable: boolean };

/** Writes `path` through a file beside it, `path.tmp`. */
export async function replaceFile(disk: Disk, path: string, content: FileContent): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    await writeNew(disk, temporary, content);
    await disk.rename(temporary, path);
  } catch (error) {
    // It may not be there, or not go away: what matters is the error that came first.
    await disk.unlink(temporary).catch(() => undefined);
    throw error;
  }
  if (content.durable) await disk.fsyncDir(dirname(path));
}

/** The whole file; undefined when it is absent or longer than `maxBytes`. */
export async function readSmallFile(
  disk: Disk,
  path: string,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const found = await disk.stat(path);
  if (found?.kind !== 'file' || found.size > maxBytes) return undefined;
  const file = await disk.open(path, 'read');
  try {
    const bytes = new Uint8Array(found.size);
    return bytes.subarray(0, await readFully(file, bytes, 0));
  } finally {
    await file.close();
  }
}

async function writeNew(disk: Disk, path: string, content: FileContent): Promise<void> {
  const file = await disk.open(path, 'create');
  try {
    await file.truncate(0);
    await writeFully(file, content.bytes, 0);
    if (content.durable) await file.fsync();
  } finally {
    await file.close();
  }
}
