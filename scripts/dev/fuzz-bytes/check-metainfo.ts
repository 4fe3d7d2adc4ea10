/** Torrents: what was read is consistent and safe, and comes back when it is written. */
import { createHash } from 'node:crypto';
import { type MetainfoSpec, createMetainfo } from '../../../core/torrent/create.ts';
import type { Sha1 } from '../../../core/torrent/ids.ts';
import { MetainfoError } from '../../../core/torrent/metainfo-error.ts';
import { type Metainfo, parseMetainfo } from '../../../core/torrent/metainfo.ts';
import { foldName, portableName, unsafeReason } from '../../../core/torrent/path.ts';
import { type Check, attempt, expectSame, expectTrue } from './target.ts';

const sha1: Sha1 = (bytes) => createHash('sha1').update(bytes).digest();

export const checkMetainfo: Check = (bytes) => {
  const strict = attempt(MetainfoError, () => parseMetainfo(bytes, { sha1 }));
  const found = attempt(MetainfoError, () => parseMetainfo(bytes, { sha1, mode: 'lenient' }));
  if (found instanceof MetainfoError) {
    const { code, offset = -1 } = found;
    expectTrue(offset >= 0 && offset <= bytes.length, 'an offset outside');
    expectTrue(strict instanceof MetainfoError, 'strict takes what lenient refuses');
    return code;
  }
  expectConsistent(found, bytes);
  expectSafe(found);
  if (strict instanceof MetainfoError) return `lenient ${strict.code}`;
  expectSame(strict, found, 'lenient reads something else');
  const again = attempt(MetainfoError, () => createMetainfo(specOf(found)));
  if (again instanceof MetainfoError) return `read, not written: ${again.code}`;
  const back = parseMetainfo(again, { sha1 });
  expectSame(contentOf(back), contentOf(found), 'other after being written');
  return found.isMultiFile ? 'files' : 'file';
};

function expectSafe({ files, warnings }: Metainfo): void {
  const isFit = (name: string): boolean =>
    unsafeReason(name) === undefined && portableName(name) === name;
  expectTrue(
    files.every(({ path }) => path.every(isFit)),
    'a name that is not fit',
  );
  const own = files.filter(({ isPad }) => isPad !== true).map(({ path }) => path);
  const paths = new Set(own.map((path) => path.join('/')));
  expectSame(paths.size, own.length, 'two files with one path');
  const parents = own.flatMap((path) =>
    path.slice(1).map((_, i) => path.slice(0, i + 1).join('/')),
  );
  expectTrue(!parents.some((parent) => paths.has(parent)), 'a file where a directory is');
  const folded = new Set([...paths].map(foldName));
  expectTrue(folded.size === paths.size || warnings.length > 0, 'no warning of a clash');
}

function expectConsistent(found: Metainfo, bytes: Uint8Array): void {
  const { files, info, length, pieceCount, pieceHashes, pieceLength } = found;
  expectSame(
    found.infoHash,
    Buffer.from(sha1(info)).toString('hex'),
    'the info hash of something else',
  );
  expectTrue(
    Buffer.from(bytes).includes(Buffer.from(info)),
    'an info dictionary that is not in the file',
  );
  expectTrue(files.length > 0 && length > 0 && pieceLength > 0, 'nothing to share');
  expectSame(pieceCount, Math.ceil(length / pieceLength), 'pieces that do not cover the files');
  expectSame(pieceHashes.length, 20 * pieceCount, 'not a hash a piece');
  let offset = 0;
  for (const file of files) {
    expectSame(file.offset, offset, 'a gap between files');
    offset += file.length;
  }
  expectSame(offset, length, 'lengths that do not add up');
}

const specOf = (found: Metainfo): MetainfoSpec => {
  const { creationDate, files, isMultiFile, isPrivate, length, name } = found;
  const { pieceHashes, pieceLength, trackers, webSeeds } = found;
  const common = { name, pieceHashes, pieceLength, trackers, webSeeds, isPrivate };
  const dated = { ...common, ...(creationDate !== undefined && { creationDate }) };
  if (!isMultiFile) return { ...dated, length };
  return { ...dated, files: files.map((entry) => ({ ...entry, path: entry.path.slice(1) })) };
};

/** What survives being written; pad files come back as plain ones. */
const contentOf = (found: Metainfo): unknown => {
  const { files, isPrivate, length, name, pieceHashes, pieceLength, trackers, webSeeds } = found;
  const plain = files.map((entry) => [entry.path.join('/'), entry.length, entry.offset]);
  return { plain, isPrivate, length, name, pieceHashes, pieceLength, trackers, webSeeds };
};
