/** A disk of which one call, or every call of some kind, goes wrong. */
import type { Disk, DiskFile } from '../disk.ts';
import { toDiskError } from '../disk-error.ts';

/** `short`: the call moves only half of its bytes, where it moves bytes; anything else is the errno it fails with. */
export type Fault = 'short' | 'ENOSPC' | 'EIO' | 'EACCES' | 'ESTALE';

/** One call on the disk or on an open file, counted from 1. */
export type DiskCall = { readonly count: number; readonly name: keyof Disk | keyof DiskFile };

/** Asks `faultFor` before each call; undefined lets it pass. A call that fails has done nothing. */
export function faultyDisk(inner: Disk, faultFor: (call: DiskCall) => Fault | undefined): Disk {
  let count = 0;
  const judge = <Result>(
    name: DiskCall['name'],
    path: string,
    call: (fault: 'short' | undefined) => Promise<Result>,
  ): Promise<Result> => {
    count += 1;
    const fault = faultFor({ count, name });
    if (fault === undefined || fault === 'short') return call(fault);
    return Promise.reject(toDiskError({ code: fault }, path));
  };
  const fileOf = (file: DiskFile): DiskFile => ({
    path: file.path,
    read: (into, position) =>
      judge('read', file.path, (fault) => file.read(halfOf(into, fault), position)),
    write: (bytes, position) =>
      judge('write', file.path, (fault) => file.write(halfOf(bytes, fault), position)),
    truncate: (length) => judge('truncate', file.path, () => file.truncate(length)),
    fsync: () => judge('fsync', file.path, () => file.fsync()),
    stat: () => judge('stat', file.path, () => file.stat()),
    // The system closes the descriptor whatever it reports.
    close: () => file.close().then(() => judge('close', file.path, () => Promise.resolve())),
  });
  return {
    open: (path, mode) => judge('open', path, async () => fileOf(await inner.open(path, mode))),
    rename: (source, target) => judge('rename', source, () => inner.rename(source, target)),
    unlink: (path) => judge('unlink', path, () => inner.unlink(path)),
    mkdir: (path) => judge('mkdir', path, () => inner.mkdir(path)),
    fsyncDir: (path) => judge('fsyncDir', path, () => inner.fsyncDir(path)),
    list: (path) => judge('list', path, () => inner.list(path)),
    stat: (path) => judge('stat', path, () => inner.stat(path)),
    realPath: (path) => judge('realPath', path, () => inner.realPath(path)),
    space: (path) => judge('space', path, () => inner.space(path)),
  };
}

const halfOf = (bytes: Uint8Array, fault: 'short' | undefined): Uint8Array =>
  fault === undefined ? bytes : bytes.subarray(0, Math.ceil(bytes.length / 2));
