/** What the files of a torrent hold, and the names they deserve for it. */
import { sameBytes } from '../../bytes/hex.ts';
import { Bitfield } from '../../torrent/bitfield.ts';
import type { Metainfo } from '../../torrent/metainfo.ts';
import { hashOf } from '../../torrent/metainfo.ts';
import type { Pieces } from '../../torrent/pieces.ts';
import { DiskError } from '../disk-error.ts';
import { hashPieces } from './hash-pieces.ts';
import type { Ledger } from './ledger.ts';
import type { RecheckOptions } from './options.ts';
import type { TorrentFiles } from './torrent-files.ts';

export type Checked = {
  readonly metainfo: Metainfo;
  readonly pieces: Pieces;
  readonly files: TorrentFiles;
};

/** Hashes everything that is there; returns the pieces that are as they should be. */
export async function checkPieces(
  { metainfo, pieces, files }: Checked,
  { onProgress, signal }: RecheckOptions,
): Promise<Bitfield> {
  const found = new Bitfield(pieces.count);
  await hashPieces({
    pieces,
    read: (offset, into) => files.read(offset, into),
    onPiece: (piece, digest) => {
      if (digest !== undefined && sameBytes(digest, hashOf(metainfo, piece))) found.set(piece);
    },
    onProgress,
    signal,
  });
  return found;
}

/** Whether every file is nowhere, so that there is nothing to hash. */
export const isNew = ({ metainfo, files }: Checked): boolean =>
  metainfo.files.every((_, file) => files.whereabouts(file) === 'nowhere');

/**
 * Final names for whole files, partial names for the others. A file that is not whole under its final
 * name is repaired when it is `ours`; a stranger's is left alone: DiskError `exists`.
 */
export async function settleNames(
  { metainfo, files }: Checked,
  ledger: Ledger,
  ours: (file: number) => boolean,
): Promise<void> {
  for (const [file, entry] of metainfo.files.entries()) {
    if (entry.isPad === true) continue;
    const isWhole = ledger.isWhole(file) && files.lengthOf(file) === entry.length;
    const at = files.whereabouts(file);
    if (at === 'final' && !isWhole) await reclaim(files, file, ours);
    else if (at === 'nowhere' && entry.length === 0) await files.makeEmpty(file);
    if (ledger.isWhole(file)) await files.complete(file);
  }
}

async function reclaim(
  files: TorrentFiles,
  file: number,
  ours: (file: number) => boolean,
): Promise<void> {
  if (ours(file)) return files.demote(file);
  const path = files.pathOf(file);
  throw new DiskError('exists', { errno: 'its content is not the torrent’s', path });
}
