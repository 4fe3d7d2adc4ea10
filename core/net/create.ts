/** A .torrent from a file or a directory on disk (BEP 3, BEP 12, BEP 27). */
import { basename, join, resolve } from 'node:path';
import { choosePieceLength, createMetainfo } from '../torrent/create.ts';
import type { Metainfo } from '../torrent/metainfo.ts';
import { parseMetainfo } from '../torrent/metainfo.ts';
import { MetainfoError } from '../torrent/metainfo-error.ts';
import { Pieces } from '../torrent/pieces.ts';
import type { Disk } from './disk.ts';
import { readFully } from './disk.ts';
import { DiskError } from './disk-error.ts';
import { nodeDisk } from './disk-node.ts';
import { sha1 } from './hash.ts';
import type { ReadAt } from './storage/hash-pieces.ts';
import { hashPieces } from './storage/hash-pieces.ts';
import { OpenFiles } from './storage/open-files.ts';
import type { OnProgress } from './storage/options.ts';

export type CreateTorrentOptions = {
  /** Default: the last component of the path. */
  readonly name?: string;
  /** Default: by size, 16 KiB and up. */
  readonly pieceLength?: number;
  /** BEP 12 tiers. */
  readonly trackers?: readonly (readonly string[])[];
  readonly webSeeds?: readonly string[];
  readonly isPrivate?: boolean;
  readonly comment?: string;
  readonly createdBy?: string;
  /** Seconds since 1970. Default: none, so that the same input gives the same bytes. */
  readonly creationDate?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
  /** Default: nodeDisk. */
  readonly disk?: Disk;
};

export type CreatedTorrent = { readonly bytes: Uint8Array; readonly metainfo: Metainfo };

/** As deep as the metainfo parser allows a path to be; also ends a loop of bind mounts. */
const maxDepth = 100;

/**
 * Hashes what lies at `path` and returns the .torrent. A directory gives its regular files, in the order of their
 * paths' bytes. Left out: symbolic links and devices, which may lead anywhere, and names that begin
 * with a dot, which hold private things more often than things to share.
 * Rejects with DiskError, also when a file shrinks meanwhile, with MetainfoError for what no .torrent can say, and
 * when `signal` aborts.
 */
export async function createTorrent(
  path: string,
  options: CreateTorrentOptions = {},
): Promise<CreatedTorrent> {
  const { disk = nodeDisk, signal, onProgress, ...spec } = options;
  const root = resolve(path);
  const sources = await sourcesAt(disk, root, signal);
  const length = sources.reduce((sum, source) => sum + source.length, 0);
  if (length === 0) throw new MetainfoError('no-content', `${root} has no bytes to share`);
  const pieceLength = options.pieceLength ?? choosePieceLength(length);
  const pieces = new Pieces({ length, pieceLength });
  const pieceHashes = new Uint8Array(20 * pieces.count);
  const open = new OpenFiles(disk);
  try {
    await hashPieces({
      pieces,
      read: inOrder(open, sources),
      onPiece: (piece, digest) => {
        pieceHashes.set(digest ?? [], 20 * piece);
      },
      onProgress,
      signal,
    });
  } finally {
    await open.closeAll();
  }
  const name = options.name ?? basename(root);
  const files = sources.map((source) => ({ path: source.path, length: source.length }));
  const content = files[0]?.path.length === 0 ? { length } : { files };
  const bytes = createMetainfo({ ...spec, ...content, name, pieceLength, pieceHashes });
  return { bytes, metainfo: parseMetainfo(bytes, { sha1 }) };
}

/** A file to be hashed; `path` is below the root, and empty for the root itself. */
type Source = {
  readonly at: string;
  readonly path: readonly string[];
  readonly length: number;
  readonly offset: number;
};

async function sourcesAt(
  disk: Disk,
  root: string,
  signal: AbortSignal | undefined,
): Promise<readonly Source[]> {
  const found = await disk.stat(root);
  if (found === undefined) throw new DiskError('vanished', { errno: 'ENOENT', path: root });
  if (found.kind === 'file') return [{ at: root, path: [], length: found.size, offset: 0 }];
  if (found.kind === 'other')
    throw new DiskError('unsafe-path', { errno: 'neither file nor directory', path: root });
  const files = await filesBelow({ disk, root, signal }, []);
  const sorted = files
    .map((file) => ({ ...file, key: Buffer.from(file.path.join('/')) }))
    .sort((a, b) => Buffer.compare(a.key, b.key));
  let offset = 0;
  return sorted.map(({ path, length }) => {
    const source = { at: join(root, ...path), path, length, offset };
    offset += length;
    return source;
  });
}

type Walk = {
  readonly disk: Disk;
  readonly root: string;
  readonly signal: AbortSignal | undefined;
};
type Found = Pick<Source, 'path' | 'length'>;

async function filesBelow(walk: Walk, path: readonly string[]): Promise<readonly Found[]> {
  const { disk, root, signal } = walk;
  signal?.throwIfAborted();
  const dir = join(root, ...path);
  if (path.length > maxDepth) throw new DiskError('io', { errno: 'nested too deep', path: dir });
  const files: Found[] = [];
  for (const name of await disk.list(dir)) {
    if (name.startsWith('.')) continue;
    const below = [...path, name];
    const found = await disk.stat(join(dir, name));
    if (found?.kind === 'file') files.push({ path: below, length: found.size });
    if (found?.kind === 'directory') files.push(...(await filesBelow(walk, below)));
  }
  return files;
}

/** Reads the sources as one stretch of bytes. Calls come in order, so the search begins where the last one ended. */
function inOrder(open: OpenFiles, sources: readonly Source[]): ReadAt {
  let current = 0;
  const read: ReadAt = async (offset, into) => {
    for (let done = 0; done < into.length;) {
      const source = sources[current];
      if (source === undefined) throw new RangeError(`no byte ${offset + done}`);
      const begin = offset + done - source.offset;
      const bytes = into.subarray(done, done + source.length - begin);
      if (bytes.length > 0) await readAll(open, source, { bytes, begin });
      done += bytes.length;
      if (begin + bytes.length === source.length) current += 1;
    }
    return [];
  };
  return (offset, into) => open.during(read(offset, into));
}

function readAll(
  open: OpenFiles,
  { at }: Source,
  { bytes, begin }: { readonly bytes: Uint8Array; readonly begin: number },
): Promise<void> {
  return open.use(at, 'read', async (file) => {
    if ((await readFully(file, bytes, begin)) < bytes.length)
      throw new DiskError('vanished', { errno: 'shorter than it was', path: at });
  });
}
