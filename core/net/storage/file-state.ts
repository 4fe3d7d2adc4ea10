/** One file of a torrent: which name it has, and whether it is still the one we knew. */
import type { DiskFile, DiskStat } from '../disk.ts';
import { DiskError } from '../disk-error.ts';
import type { FilePlace } from './layout.ts';

/** Which name a file has; `nowhere`: none yet. */
export type Whereabouts = 'nowhere' | 'part' | 'final';

/** Size and time of last change, as resume state keeps them; a file that is nowhere has zeros. */
export type FileStamp = { readonly length: number; readonly mtimeMs: number };

export const noStamp: FileStamp = { length: 0, mtimeMs: 0 };

/** One file while its torrent is open. */
export type FileState = {
  readonly place: FilePlace;
  at: Whereabouts;
  /** Of a file under its final name: what it must still look like when read. */
  stamp: FileStamp;
  /** Settles when the file has its next name: nobody may use the old one by then. */
  naming: Promise<void> | undefined;
};

/** Rejects when the open file has no name any more. */
export async function present(open: DiskFile): Promise<DiskStat> {
  const stat = await open.stat();
  if (stat.links === 0) throw vanished(open.path, 'deleted');
  return stat;
}

/** Somebody else deleted, truncated or changed the file; `errno` says which. */
export const vanished = (path: string, errno: string): DiskError =>
  new DiskError('vanished', { errno, path });
