/** The resume state of a torrent as a file. */
import type { Metainfo } from '../../torrent/metainfo.ts';
import type { ResumeState } from '../../torrent/resume.ts';
import { decodeResume, encodeResume } from '../../torrent/resume.ts';
import type { Disk } from '../disk.ts';
import { readSmallFile, replaceFile } from '../disk-atomic.ts';
import { DiskError } from '../disk-error.ts';
import { sha1 } from '../hash.ts';
import type { FileStamp } from './file-state.ts';

/** Two million pieces take 256 KiB and a hundred thousand files a few MiB: more is not ours. */
const maxResumeBytes = 16 * 2 ** 20;

/** The state of this torrent; undefined when there is none that can be read, for whatever reason. */
export async function loadResume(
  disk: Disk,
  path: string,
  metainfo: Metainfo,
): Promise<ResumeState | undefined> {
  try {
    const bytes = await readSmallFile(disk, path, maxResumeBytes);
    const state = bytes && decodeResume(bytes, sha1);
    return state !== undefined && isAbout(state, metainfo) ? state : undefined;
  } catch (error) {
    if (error instanceof DiskError) return undefined;
    throw error;
  }
}

/** Replaces the state as a whole; `durable`: not before it would survive a power cut. */
export const saveResume = (
  disk: Disk,
  path: string,
  { state, durable }: { readonly state: ResumeState; readonly durable: boolean },
): Promise<void> => replaceFile(disk, path, { bytes: encodeResume(state, sha1), durable });

/** Whether the state was left in good order and the files look as they did then. */
export const isTrusted = (state: ResumeState, stamps: readonly FileStamp[]): boolean =>
  state.clean && state.files.every((saved, file) => sameStamp(saved, stamps[file]));

/** Codecs keep whole milliseconds. */
export const wholeMillis = ({ length, mtimeMs }: FileStamp): FileStamp => ({
  length,
  mtimeMs: Math.trunc(mtimeMs),
});

function sameStamp(saved: FileStamp, stamp: FileStamp | undefined): boolean {
  if (stamp === undefined) return false;
  const now = wholeMillis(stamp);
  return saved.length === now.length && saved.mtimeMs === now.mtimeMs;
}

const isAbout = (state: ResumeState, metainfo: Metainfo): boolean =>
  state.infoHash === metainfo.infoHash &&
  state.pieceLength === metainfo.pieceLength &&
  state.have.count === metainfo.pieceCount &&
  state.files.length === metainfo.files.length;
