/** What can go wrong with a disk, as a code that a person and a program can act on. */

/**
 * - `disk-full`: no space or quota left; goes on once space is made.
 * - `read-only`: the file or its directory may not be written.
 * - `vanished`: a file was deleted, truncated or changed behind our back; a recheck tells what is left.
 * - `exists`: another file already has the name that a download wants.
 * - `unsafe-path`: a symbolic link or a name would lead out of the directory.
 * - `io`: everything else the system reports; `errno` names it.
 */
export type DiskErrorCode =
  'disk-full' | 'read-only' | 'vanished' | 'exists' | 'unsafe-path' | 'io';

/** A failed file operation. `errno` is the system's name for it (`ENOSPC`), or ours where no call failed. */
export class DiskError extends Error {
  readonly code: DiskErrorCode;
  readonly errno: string;
  readonly path: string;

  constructor(code: DiskErrorCode, details: DiskErrorDetails) {
    const { errno, path, cause } = details;
    super(`${meaning[code]}: ${path} (${errno})`, cause === undefined ? {} : { cause });
    this.name = 'DiskError';
    this.code = code;
    this.errno = errno;
    this.path = path;
  }
}

export type DiskErrorDetails = {
  readonly errno: string;
  readonly path: string;
  readonly cause?: unknown;
};

const meaning: { readonly [code in DiskErrorCode]: string } = {
  'disk-full': 'the disk is full',
  'read-only': 'may not be written',
  vanished: 'the file is gone or has changed',
  exists: 'another file has this name',
  'unsafe-path': 'the path leaves the directory',
  io: 'the disk failed',
};

/** Where each errno belongs; anything absent is `io`. */
const codes: ReadonlyMap<string, DiskErrorCode> = new Map<string, DiskErrorCode>([
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-full'],
  ['EROFS', 'read-only'],
  ['EACCES', 'read-only'],
  ['EPERM', 'read-only'],
  ['ENOENT', 'vanished'],
  ['ESTALE', 'vanished'],
  ['EEXIST', 'exists'],
  ['EISDIR', 'exists'],
  ['ENOTDIR', 'exists'],
  ['ELOOP', 'unsafe-path'],
]);

/** Wraps what a system call threw; a DiskError passes through as it is. */
export function toDiskError(error: unknown, path: string): DiskError {
  if (error instanceof DiskError) return error;
  const errno = errnoOf(error);
  return new DiskError(codes.get(errno) ?? 'io', { errno, path, cause: error });
}

function errnoOf(error: unknown): string {
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  return isCoded && typeof error.code === 'string' ? error.code : 'UNKNOWN';
}
