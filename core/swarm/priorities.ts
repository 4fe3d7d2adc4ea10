/** Which pieces are wanted, when the user says which files are. */
import type { Metainfo } from '../torrent/metainfo.ts';
import type { Priority } from './picker/picker.ts';

/** One priority for each piece: that of the most wanted file it holds a byte of. Pad files want nothing. */
export function piecePriorities(
  { files, pieceCount, pieceLength }: Metainfo,
  ofFile: (file: number) => Priority,
): Priority[] {
  const priorities = new Array<Priority>(pieceCount).fill(0);
  files.forEach(({ offset, length, isPad }, file) => {
    if (length === 0 || isPad === true) return;
    const priority = ofFile(file);
    const last = Math.floor((offset + length - 1) / pieceLength);
    for (let piece = Math.floor(offset / pieceLength); piece <= last; piece += 1)
      if (priority > (priorities[piece] ?? 0)) priorities[piece] = priority;
  });
  return priorities;
}
