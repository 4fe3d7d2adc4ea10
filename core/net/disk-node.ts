/** The real disk, through node:fs. */
import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, realpath, rename, statfs, unlink } from 'node:fs/promises';
import type { Disk, DiskFile, DiskSpace, DiskStat, OpenMode } from './disk.ts';
import { DiskError, toDiskError } from './disk-error.ts';

// NOFOLLOW: a link planted under a file's name must not lead us elsewhere. NONBLOCK: nor a pipe hang us.
const guard = constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** What a file is opened with. */
export const openFlags: { readonly [mode in OpenMode]: number } = {
  read: constants.O_RDONLY | guard,
  update: constants.O_RDWR | guard,
  create: constants.O_RDWR | constants.O_CREAT | guard,
};

/** The file system of this machine. */
export const nodeDisk: Disk = {
  open: (path, mode) => naming(path, openFile(path, mode)),
  rename: (source, target) => naming(source, rename(source, target)),
  unlink: (path) => naming(path, unlink(path)),
  mkdir: (path) => naming(path, makeDirectory(path)),
  fsyncDir: (path) => naming(path, syncDirectory(path)),
  list: (path) => naming(path, readdir(path)),
  stat: (path) => naming(path, orAbsent(lstat(path).then(statOf))),
  realPath: (path) => naming(path, orAbsent(realpath(path))),
  space: (path) => naming(path, spaceAt(path)),
};

class NodeFile implements DiskFile {
  readonly path: string;
  readonly #handle: FileHandle;

  constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    const read = this.#handle.read(into, 0, into.length, position);
    return (await naming(this.path, read)).bytesRead;
  }

  async write(bytes: Uint8Array, position: number): Promise<number> {
    const written = this.#handle.write(bytes, 0, bytes.length, position);
    return (await naming(this.path, written)).bytesWritten;
  }

  truncate(length: number): Promise<void> {
    return naming(this.path, this.#handle.truncate(length));
  }

  fsync(): Promise<void> {
    return naming(this.path, this.#handle.sync());
  }

  stat(): Promise<DiskStat> {
    return naming(this.path, this.#handle.stat().then(statOf));
  }

  close(): Promise<void> {
    return naming(this.path, this.#handle.close());
  }
}

async function openFile(path: string, mode: OpenMode): Promise<DiskFile> {
  const handle = await open(path, openFlags[mode]);
  const stats = await handle.stat();
  if (stats.isFile()) return new NodeFile(path, handle);
  await handle.close();
  throw new DiskError('unsafe-path', { errno: 'not a regular file', path });
}

async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (!isErrno(error, 'EEXIST') || !(await lstat(path)).isDirectory()) throw error;
  }
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function spaceAt(path: string): Promise<DiskSpace> {
  const { bsize, bavail, blocks } = await statfs(path);
  return { freeBytes: bsize * bavail, totalBytes: bsize * blocks };
}

export function statOf(stats: Stats): DiskStat {
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other';
  return { kind, size: stats.size, mtimeMs: stats.mtimeMs, links: stats.nlink };
}

async function orAbsent<Value>(found: Promise<Value>): Promise<Value | undefined> {
  try {
    return await found;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function naming<Value>(path: string, call: Promise<Value>): Promise<Value> {
  try {
    return await call;
  } catch (error) {
    throw toDiskError(error, path);
  }
}

const isErrno = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
