/** The content of a .torrent file (BEP 3 "metainfo files", BEP 12, BEP 17, BEP 19, BEP 27, BEP 47). */
import { type Inspection, inspectBencode } from '../bencode/decode.ts';
import { BencodeError, bencodeWords } from '../bencode/error.ts';
import type { BencodeOptions } from '../bencode/options.ts';
import { toHex } from '../bytes/hex.ts';
import { Field } from './field.ts';
import type { FileEntry } from './file-entry.ts';
import { readFiles, readName } from './file-list.ts';
import { InfoHash, type PieceIndex, type Sha1 } from './ids.ts';
import { type MetainfoLimits, defaultLimits } from './limits.ts';
import { MetainfoError } from './metainfo-error.ts';
import { readHttpSeeds, readTrackers, readWebSeeds } from './url-list.ts';
import { Warnings } from './warnings.ts';

export type { FileEntry } from './file-entry.ts';

/** A parsed .torrent file. Everything in it is checked and within limits. */
export type Metainfo = {
  readonly infoHash: InfoHash;
  /** The suggested name of the file or of the directory, fit for any file system. */
  readonly name: string;
  /** Bytes in every piece but the last. */
  readonly pieceLength: number;
  readonly pieceCount: number;
  /** 20 bytes a piece, end to end. */
  readonly pieceHashes: Uint8Array;
  /** Bytes in all files together, at least 1. */
  readonly length: number;
  /** In torrent order, without gaps; at least one. */
  readonly files: readonly FileEntry[];
  readonly isMultiFile: boolean;
  readonly isPrivate: boolean;
  /** Tiers of announce URLs (BEP 12); `announce` alone is one tier of one. */
  readonly trackers: readonly (readonly string[])[];
  /** BEP 19. */
  readonly webSeeds: readonly string[];
  /** BEP 17. */
  readonly httpSeeds: readonly string[];
  readonly comment?: string;
  readonly createdBy?: string;
  /** Seconds since 1970. */
  readonly creationDate?: number;
  /** The bencoded info dictionary as it came; its SHA-1 is the info hash. */
  readonly info: Uint8Array;
  /** What was changed or left out to make this safe to use, as sentences fit for a terminal. */
  readonly warnings: readonly string[];
};

export type ParseOptions = {
  readonly sha1: Sha1;
  readonly limits?: Partial<MetainfoLimits>;
  /** Lenient takes files whose bencoding or text is sloppy but clear, and warns. Default: strict. */
  readonly mode?: 'strict' | 'lenient';
};

/** 20 bytes for each piece. */
const sha1Bytes = 20;

/** Reads a .torrent file. Throws MetainfoError, always with an offset, and nothing else. */
export function parseMetainfo(bytes: Uint8Array, options: ParseOptions): Metainfo {
  // One private copy: what is returned are views, and the caller may use its buffer again.
  const own = new Uint8Array(bytes);
  const file = openFile(own, options);
  const info = file.need('info');
  const { start, end } = info.span();
  const raw = own.subarray(start, end);
  refuseOtherVersions(info);
  const name = readName(info);
  const files = readFiles(info, name);
  return {
    infoHash: InfoHash(toHex(options.sha1(raw))),
    name,
    ...readPieces(info, lengthOf(files)),
    files,
    isMultiFile: info.find('files') !== undefined,
    isPrivate: info.find('private')?.integer(0, Number.MAX_SAFE_INTEGER) === 1,
    trackers: readTrackers(file),
    webSeeds: readWebSeeds(file),
    httpSeeds: readHttpSeeds(file),
    ...readNotes(file),
    info: raw,
    warnings: file.reading.warnings.list(),
  };
}

/** SHA-1 of `piece`: 20 bytes, a view. */
export const hashOf = (
  { pieceHashes }: Pick<Metainfo, 'pieceHashes'>,
  piece: PieceIndex,
): Uint8Array => pieceHashes.subarray(piece * sha1Bytes, (piece + 1) * sha1Bytes);

function openFile(bytes: Uint8Array, { mode = 'strict', limits = {} }: ParseOptions): Field {
  const full = { ...defaultLimits, ...limits };
  const inspection = inspected(bytes, { mode, maxBytes: full.maxBytes });
  const warnings = new Warnings();
  for (const { code, offset } of inspection.deviations)
    warnings.add(`not canonical: ${code} at byte ${offset}`);
  return new Field({ inspection, mode, limits: full, warnings }, inspection.value);
}

function inspected(bytes: Uint8Array, options: Partial<BencodeOptions>): Inspection {
  try {
    return inspectBencode(bytes, options);
  } catch (error) {
    if (!(error instanceof BencodeError)) throw error;
    const { code, offset } = error;
    throw new MetainfoError(code, bencodeWords[code], { offset, cause: error });
  }
}

/** A hybrid has the version 1 keys as well, and is read by those. */
function refuseOtherVersions(info: Field): void {
  const version = info.find('meta version');
  const isVersion1 = info.find('pieces') !== undefined;
  if (version !== undefined && (!isVersion1 || version.integer(1, Number.MAX_SAFE_INTEGER) > 2))
    version.fail('unsupported-version', 'a torrent of another version than 1');
  const tree = info.find('file tree');
  if (tree !== undefined && !isVersion1)
    tree.fail('unsupported-version', 'a torrent of version 2 only');
}

function readPieces(
  info: Field,
  length: number,
): Pick<Metainfo, 'pieceLength' | 'pieceCount' | 'pieceHashes' | 'length'> {
  const { maxPieces, maxPieceBytes } = info.reading.limits;
  const pieceLength = info.need('piece length').integer(1, maxPieceBytes);
  const field = info.need('pieces');
  const pieceHashes = field.bytes();
  const pieceCount = pieceHashes.length / sha1Bytes;
  if (!Number.isInteger(pieceCount))
    field.fail('bad-piece-hashes', `piece hashes that are not ${sha1Bytes} bytes each`);
  if (pieceCount > maxPieces) field.fail('too-many-pieces', `more than ${maxPieces} pieces`);
  // There would be nothing to share, and no piece to verify.
  if (length === 0) info.fail('no-content', 'a torrent of no bytes');
  if (pieceCount !== Math.ceil(length / pieceLength))
    field.fail('piece-count-mismatch', `${pieceCount} piece hashes do not fit ${length} bytes`);
  return { pieceLength, pieceCount, pieceHashes, length };
}

function readNotes(file: Field): Pick<Metainfo, 'comment' | 'createdBy' | 'creationDate'> {
  const comment = file.find('comment')?.text();
  const createdBy = file.find('created by')?.text();
  const creationDate = file.find('creation date')?.integer(0, Number.MAX_SAFE_INTEGER);
  return {
    ...(comment !== undefined && { comment }),
    ...(createdBy !== undefined && { createdBy }),
    ...(creationDate !== undefined && { creationDate }),
  };
}

const lengthOf = (files: readonly FileEntry[]): number => {
  const last = files.at(-1);
  return last === undefined ? 0 : last.offset + last.length;
};
