/** What is wrong with a .torrent file, and where. */
import type { BencodeErrorCode } from '../bencode/error.ts';

export type MetainfoErrorCode =
  | BencodeErrorCode
  | 'wrong-type'
  | 'missing-key'
  | 'out-of-range'
  | 'not-utf8'
  | 'text-too-long'
  | 'length-and-files'
  | 'no-content'
  | 'bad-piece-hashes'
  | 'piece-count-mismatch'
  | 'too-many-pieces'
  | 'too-many-files'
  | 'too-many-collisions'
  | 'unsafe-path'
  | 'path-too-long'
  | 'path-too-deep'
  | 'unportable-name'
  | 'duplicate-path'
  | 'unusable-url'
  | 'unsupported-version';

/**
 * The one error that parsing and creating throw for what is wrong with the content.
 * `offset` is where in the file the value at fault begins, in bytes; for a missing key, its dictionary.
 * From parseMetainfo it is always there; createMetainfo has no file to point into.
 */
export class MetainfoError extends Error {
  override readonly name = 'MetainfoError';
  readonly code: MetainfoErrorCode;
  readonly offset: number | undefined;

  constructor(
    code: MetainfoErrorCode,
    message: string,
    { offset, cause }: { readonly offset?: number; readonly cause?: unknown } = {},
  ) {
    super(offset === undefined ? message : `${message}, at byte ${offset}`, { cause });
    this.code = code;
    this.offset = offset;
  }
}
