/** Every file call the product makes on torrent data, as an interface: real, failing and logging disks fit it alike. */
import { dirname } from 'node:path';

/**
 * A file system. Every method rejects with DiskError, and with nothing else.
 * Paths are absolute. No call follows a symbolic link at the last component of its path.
 */
export interface Disk {
  /** Its open files can be read at once, see PromptFile. */
  readonly isPrompt?: boolean;
  /** Opens a regular file; anything else under that name is refused. */
  open(path: string, mode: OpenMode): Promise<DiskFile>;
  /** Replaces `target` if it is there. Durable only after `fsyncDir` of both directories. */
  rename(source: string, target: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Makes one directory; one that exists already is fine. The parent must exist. */
  mkdir(path: string): Promise<void>;
  /** Makes the names in a directory survive a power cut. */
  fsyncDir(path: string): Promise<void>;
  /** The names in a directory, in no order. */
  list(path: string): Promise<readonly string[]>;
  /** Undefined when nothing has that name. A symbolic link is itself: kind `other`. */
  stat(path: string): Promise<DiskStat | undefined>;
  /** Where a path leads once every symbolic link is followed; undefined when it leads nowhere. */
  realPath(path: string): Promise<string | undefined>;
  /** The room on the file system that holds `path`, in bytes. */
  space(path: string): Promise<DiskSpace>;
}

/** `update` and `create` read and write; `create` makes the file when it is absent. */
export type OpenMode = 'read' | 'update' | 'create';

/** An open file. Reads and writes may be short, as in the system: use `readFully` and `writeFully`. */
export interface DiskFile {
  readonly path: string;
  /** Only where what is read lies in memory as a rule. */
  readonly prompt?: PromptFile | undefined;
  /** How many bytes came; 0 is the end of the file. `into` is not empty. */
  read(into: Uint8Array, position: number): Promise<number>;
  /** How many bytes went. `bytes` is borrowed until the promise settles, and not empty. */
  write(bytes: Uint8Array, position: number): Promise<number>;
  truncate(length: number): Promise<void>;
  /** Makes the bytes written so far survive a power cut. */
  fsync(): Promise<void>;
  stat(): Promise<DiskStat>;
  /** Call once. */
  close(): Promise<void>;
}

/** The same file without promises: each call is done when it returns, and nothing else is meanwhile. Throws DiskError. */
export interface PromptFile {
  /** As `read` of the file. */
  readNow(into: Uint8Array, position: number): number;
  statNow(): DiskStat;
}

/** `links` is how many names the file has: 0 once it was deleted while open. */
export type DiskStat = {
  readonly kind: 'file' | 'directory' | 'other';
  readonly size: number;
  readonly mtimeMs: number;
  readonly links: number;
};

export type DiskSpace = { readonly freeBytes: number; readonly totalBytes: number };

/** Makes a directory and the ones above it, as far as they are missing. */
export async function makeDirectories(disk: Disk, path: string): Promise<void> {
  if ((await disk.stat(path)) !== undefined) return;
  await makeDirectories(disk, dirname(path));
  await disk.mkdir(path);
}

/** Reads until `into` is full or the file ends; returns how many bytes came. */
export async function readFully(
  file: DiskFile,
  into: Uint8Array,
  position: number,
): Promise<number> {
  let done = 0;
  while (done < into.length) {
    const count = await file.read(done === 0 ? into : into.subarray(done), position + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}

/** Writes all of `bytes`, in as many calls as the system needs. */
export async function writeFully(
  file: DiskFile,
  bytes: Uint8Array,
  position: number,
): Promise<void> {
  let done = 0;
  while (done < bytes.length)
    done += await file.write(done === 0 ? bytes : bytes.subarray(done), position + done);
}
