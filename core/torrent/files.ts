/** Which bytes of a torrent lie in which of its files (BEP 3, "files"). */
import type { FileEntry, Metainfo } from './metainfo.ts';

/** `length` bytes of the file with index `file`, from `begin` in that file on. */
export type Segment = {
  readonly file: number;
  readonly begin: number;
  readonly length: number;
};

/** Where `length` bytes from `offset` in the torrent lie, in order. Empty files and what is beyond the end have no segment. */
export function segmentsOf(
  { files }: Pick<Metainfo, 'files'>,
  offset: number,
  length: number,
): Segment[] {
  const segments: Segment[] = [];
  const end = offset + length;
  for (let file = fileAt(files, offset); file < files.length; file += 1) {
    const entry = files[file] as FileEntry;
    if (entry.offset >= end) break;
    const from = Math.max(offset, entry.offset);
    const to = Math.min(end, entry.offset + entry.length);
    if (from < to) segments.push({ file, begin: from - entry.offset, length: to - from });
  }
  return segments;
}

/** The first file that ends after `offset`, by bisection: this is asked for every piece of torrents with many files. */
function fileAt(files: readonly FileEntry[], offset: number): number {
  let low = 0;
  let high = files.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = files[middle] as FileEntry;
    if (entry.offset + entry.length > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
