/** One file of a torrent: which name it has, and whether it is still the one we knew. */
import { type DiskFile, type DiskStat, readFully } from '../disk.ts';
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

/** Reads from a file that must still be what it was. */
export async function readKnown(
  stamp: FileStamp,
  open: DiskFile,
  into: Uint8Array,
  begin: number,
): Promise<number> {
  const [count, now] = await Promise.all([readFully(open, into, begin), present(open)]);
  if (!isAsKnown(now, stamp)) throw vanished(open.path, 'changed by somebody else');
  return count;
}

/**
 * Fills `into` from `begin` on without letting go of the thread. False where that cannot be, or is not the file that was
 * known: whoever waits for it learns what is wrong.
 */
export function fillNow(
  file: FileState,
  open: DiskFile | undefined,
  into: Uint8Array,
  begin: number,
): boolean {
  const prompt = open?.prompt;
  if (prompt === undefined || file.naming !== undefined) return false;
  try {
    if (prompt.readNow(into, begin) < into.length) return false;
    return file.at === 'part' || isAsKnown(prompt.statNow(), file.stamp);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return false;
  }
}

/** Whether the file is still the one of the stamp. */
const isAsKnown = ({ links, mtimeMs, size }: DiskStat, stamp: FileStamp): boolean =>
  links > 0 && size === stamp.length && mtimeMs === stamp.mtimeMs;

/** Somebody else deleted, truncated or changed the file; `errno` says which. */
export const vanished = (path: string, errno: string): DiskError =>
  new DiskError('vanished', { errno, path });
