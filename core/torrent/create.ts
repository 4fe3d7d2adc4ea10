/** Writing .torrent files (BEP 3 "metainfo files", BEP 12, BEP 19, BEP 27). */
import { encodeBencode } from '../bencode/encode.ts';
import type { BencodeRecord } from '../bencode/value.ts';
import { MetainfoError } from './metainfo-error.ts';
import { type Metainfo, parseMetainfo } from './metainfo.ts';
import { portableName, unsafeReason } from './path.ts';
import { blockBytes } from './pieces.ts';
import { printable } from './printable.ts';

/** A file of a torrent with several. */
export type FileSpec = {
  /** Components below the torrent's name. */
  readonly path: readonly string[];
  /** In bytes. */
  readonly length: number;
};

export type MetainfoSpec = {
  readonly name: string;
  readonly pieceLength: number;
  /** 20 bytes a piece, end to end. */
  readonly pieceHashes: Uint8Array;
  /** BEP 12 tiers. */
  readonly trackers?: readonly (readonly string[])[];
  readonly webSeeds?: readonly string[];
  readonly isPrivate?: boolean;
  readonly comment?: string;
  readonly createdBy?: string;
  /** Seconds since 1970. Left out unless given, so that the same content gives the same bytes. */
  readonly creationDate?: number;
} & (
  | { readonly length: number; readonly files?: never }
  | { readonly files: readonly FileSpec[]; readonly length?: never }
);

/** Pieces to aim for: few enough hashes for a small file, enough pieces to spread a swarm over. */
const targetPieces = 1_024;

/** What every client takes; beyond it the number of pieces grows. */
const largestChosenBytes = 16 * 2 ** 20;

/** A power of two from 16 KiB to 16 MiB that gives about a thousand pieces. */
export function choosePieceLength(length: number): number {
  let pieceLength = blockBytes;
  while (length / pieceLength > targetPieces && pieceLength < largestChosenBytes) pieceLength *= 2;
  return pieceLength;
}

/**
 * The bytes of a .torrent file, which parseMetainfo reads back as given. Throws MetainfoError for what would not come
 * back at all or changed: unsafe, unportable or equal paths, no bytes, URLs of no use, more than the limits.
 */
export function createMetainfo(spec: MetainfoSpec): Uint8Array {
  for (const name of [spec.name, ...(spec.files ?? []).flatMap(({ path }) => path)])
    checkName(name);
  const { length = (spec.files ?? []).reduce((sum, file) => sum + file.length, 0) } = spec;
  if (length === 0) throw new MetainfoError('no-content', 'there are no bytes to share');
  const bytes = encodeBencode(fileOf(spec));
  checkReadsBack(spec, parseMetainfo(bytes, { sha1: () => new Uint8Array(20) }));
  return bytes;
}

function fileOf(spec: MetainfoSpec): BencodeRecord {
  const trackers = (spec.trackers ?? []).filter((tier) => tier.length > 0);
  const isSingle = trackers.flat().length === 1;
  return {
    announce: trackers[0]?.[0],
    'announce-list': trackers.length === 0 || isSingle ? undefined : trackers,
    comment: spec.comment,
    'created by': spec.createdBy,
    'creation date': spec.creationDate,
    info: infoOf(spec),
    'url-list': spec.webSeeds?.length === 0 ? undefined : spec.webSeeds,
  };
}

const infoOf = (spec: MetainfoSpec): BencodeRecord => ({
  files: spec.files?.map(({ path, length }) => ({ length, path })),
  length: spec.length,
  name: spec.name,
  'piece length': spec.pieceLength,
  pieces: spec.pieceHashes,
  private: spec.isPrivate === true ? 1 : undefined,
});

function checkName(name: string): void {
  const reason = unsafeReason(name);
  if (reason !== undefined) throw new MetainfoError('unsafe-path', reason);
  const portable = portableName(name);
  if (portable !== name)
    throw new MetainfoError(
      'unportable-name',
      `"${printable(name)}" is no file name on every system; "${printable(portable)}" would be`,
    );
}

function checkReadsBack(spec: MetainfoSpec, back: Metainfo): void {
  for (const [index, { path }] of (spec.files ?? []).entries())
    if (path.at(-1) !== back.files[index]?.path.at(-1))
      throw new MetainfoError('duplicate-path', `"${printable(path.join('/'))}" is there twice`);
  const given = [spec.trackers?.flat(), spec.webSeeds].map((urls) => urls?.length ?? 0);
  const kept = [back.trackers.flat(), back.webSeeds].map((urls) => urls.length);
  if (given.some((count, i) => count !== kept[i]))
    throw new MetainfoError('unusable-url', back.warnings.join('; '));
}
