/** Keeps a torrent inside its directory, whatever links lie there already. */
import { join, relative } from 'node:path';
import type { Disk } from '../disk.ts';
import { DiskError } from '../disk-error.ts';
import { parentsOf } from './layout.ts';

/** Makes the directories between `dir` and `path`; returns those that got a new name in them. */
export async function makeParents(
  disk: Disk,
  dir: string,
  path: string,
): Promise<readonly string[]> {
  const parents = parentsOf(dir, path);
  for (const parent of parents) await disk.mkdir(parent);
  await requireInside(disk, dir, path);
  return [dir, ...parents];
}

/** Rejects with DiskError `unsafe-path` when a link leads from `dir` to another place than `path` says. */
export async function requireInside(disk: Disk, dir: string, path: string): Promise<void> {
  const parent = parentsOf(dir, path).at(-1);
  if (parent === undefined) return;
  const [base, real] = [await disk.realPath(dir), await disk.realPath(parent)];
  if (base === undefined || real === undefined) return;
  if (real === join(base, relative(dir, parent))) return;
  throw new DiskError('unsafe-path', { errno: 'symbolic link', path: parent });
}
