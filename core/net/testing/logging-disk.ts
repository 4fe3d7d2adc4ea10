/** A disk that writes down every change asked of it, in the order it could have reached the platter. */
import type { Disk, DiskFile } from '../disk.ts';

/**
 * A change, or a promise that changes last. `file` counts files in the order they were made. `covers`: how
 * many entries were in the log when the sync began; later ones gain nothing from it.
 */
export type DiskChange =
  | { readonly type: 'create'; readonly file: number; readonly path: string }
  | {
      readonly type: 'write';
      readonly file: number;
      readonly position: number;
      readonly bytes: Uint8Array;
    }
  | { readonly type: 'truncate'; readonly file: number; readonly length: number }
  | { readonly type: 'rename'; readonly source: string; readonly target: string }
  | { readonly type: 'mkdir'; readonly path: string }
  | { readonly type: 'fsync'; readonly file: number; readonly covers: number }
  | { readonly type: 'fsyncDir'; readonly path: string; readonly covers: number };

/** Wraps a disk that is empty, or what `log` led to; `log` grows as changes begin and as syncs end. */
export function loggingDisk(
  inner: Disk,
  log: DiskChange[] = [],
): { readonly disk: Disk; readonly log: DiskChange[] } {
  const files = filesAfter(log);
  let made = 1 + Math.max(-1, ...log.map((change) => ('file' in change ? change.file : -1)));
  const idOf = (path: string): number => {
    const known = files.get(path);
    if (known !== undefined) return known;
    const file = made++;
    files.set(path, file);
    log.push({ type: 'create', file, path });
    return file;
  };
  const disk: Disk = {
    ...passThrough(inner),
    async open(path, mode) {
      const file = mode === 'create' ? idOf(path) : (files.get(path) ?? -1);
      return loggingFile(await inner.open(path, mode), { file, log });
    },
    rename(source, target) {
      const file = files.get(source);
      files.delete(source);
      if (file !== undefined) files.set(target, file);
      log.push({ type: 'rename', source, target });
      return inner.rename(source, target);
    },
    mkdir(path) {
      log.push({ type: 'mkdir', path });
      return inner.mkdir(path);
    },
    async fsyncDir(path) {
      const covers = log.length;
      await inner.fsyncDir(path);
      log.push({ type: 'fsyncDir', path, covers });
    },
  };
  return { disk, log };
}

/** The file behind each name. */
function filesAfter(log: readonly DiskChange[]): Map<string, number> {
  const files = new Map<string, number>();
  for (const change of log) {
    if (change.type === 'create') files.set(change.path, change.file);
    if (change.type !== 'rename') continue;
    const file = files.get(change.source);
    files.delete(change.source);
    if (file !== undefined) files.set(change.target, file);
  }
  return files;
}

function loggingFile(
  inner: DiskFile,
  { file, log }: { readonly file: number; readonly log: DiskChange[] },
): DiskFile {
  return {
    ...passThroughFile(inner),
    write(bytes, position) {
      log.push({ type: 'write', file, position, bytes: bytes.slice() });
      return inner.write(bytes, position);
    },
    truncate(length) {
      log.push({ type: 'truncate', file, length });
      return inner.truncate(length);
    },
    async fsync() {
      const covers = log.length;
      await inner.fsync();
      log.push({ type: 'fsync', file, covers });
    },
  };
}

/** The same disk as a plain object, to be spread and changed in places. */
export const passThrough = (inner: Disk): Disk => ({
  open: (path, mode) => inner.open(path, mode),
  rename: (source, target) => inner.rename(source, target),
  unlink: (path) => inner.unlink(path),
  mkdir: (path) => inner.mkdir(path),
  fsyncDir: (path) => inner.fsyncDir(path),
  list: (path) => inner.list(path),
  stat: (path) => inner.stat(path),
  realPath: (path) => inner.realPath(path),
  space: (path) => inner.space(path),
});

/** The same open file as a plain object. */
export const passThroughFile = (inner: DiskFile): DiskFile => ({
  path: inner.path,
  read: (into, position) => inner.read(into, position),
  write: (bytes, position) => inner.write(bytes, position),
  truncate: (length) => inner.truncate(length),
  fsync: () => inner.fsync(),
  stat: () => inner.stat(),
  close: () => inner.close(),
});
