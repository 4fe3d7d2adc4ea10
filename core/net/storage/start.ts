/** The start of a torrent's storage: what is there, how far it is to be believed, and what room is left. */
import { PieceIndex } from '../../torrent/ids.ts';
import { makeDirectories } from '../disk.ts';
import { DiskError } from '../disk-error.ts';
import { checkPieces, isNew, settleNames } from './check.ts';
import type { OpenReport, StorageOptions, StorageSource } from './options.ts';
import type { StorageParts } from './parts.ts';
import { isTrusted, loadResume } from './resume-file.ts';

/** Call once. Leaves every file under the name it deserves. */
export async function startStorage(
  parts: StorageParts,
  options: StorageOptions,
): Promise<OpenReport> {
  const { disk, dir, isSeed, ledger, checkpoints } = parts;
  if (!isSeed) await makeDirectories(disk, dir);
  if (options.stateDir !== undefined) await makeDirectories(disk, options.stateDir);
  const source = await takeStock(parts, options);
  const space = await spaceFor(parts, options);
  const isSettled = isSeed || ledger.have.isFull;
  if (source === 'checked' && isSettled) await checkpoints.save({ clean: true });
  return { have: ledger.have, source, space };
}

async function takeStock(parts: StorageParts, options: StorageOptions): Promise<StorageSource> {
  const { metainfo, disk, isSeed, statePath, files, ledger, checkpoints } = parts;
  await files.locate();
  const state = statePath === undefined ? undefined : await loadResume(disk, statePath, metainfo);
  const isBelieved = state !== undefined && isTrusted(state, await files.stamps());
  const wasNew = isNew(parts);
  if (isBelieved) ledger.reset(state.have);
  else if (!wasNew) ledger.reset(await checkPieces(parts, options));
  const isOurs = (file: number): boolean => state !== undefined || isPrefix(parts, file);
  if (!isSeed) await settleNames(parts, ledger, isOurs);
  if (isBelieved) checkpoints.foundClean();
  return isBelieved ? 'resume' : wasNew ? 'new' : 'checked';
}

/** Without a state of ours, a file that shares a piece with the torrent and is not longer is an older try at it. */
const isPrefix = ({ metainfo, files, ledger }: StorageParts, file: number): boolean =>
  ledger.hasAnyOf(file) && files.lengthOf(file) <= (metainfo.files[file]?.length ?? 0);

/** Less room than needed is told, since files may be deleted while we download; more than the disk has is refused. */
async function spaceFor(
  { disk, dir, pieces, ledger }: StorageParts,
  { skip }: StorageOptions,
): Promise<OpenReport['space']> {
  let neededBytes = 0;
  for (let index = 0; index < pieces.count; index += 1)
    if (!ledger.have.has(index) && skip?.has(index) !== true)
      neededBytes += pieces.lengthOf(PieceIndex(index));
  const space = await disk.space(dir);
  const isImpossible = space.totalBytes > 0 && neededBytes > space.totalBytes;
  if (isImpossible) throw new DiskError('disk-full', { errno: 'larger than the disk', path: dir });
  return { ...space, neededBytes };
}
