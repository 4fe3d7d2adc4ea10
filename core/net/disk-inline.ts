/**
 * The real disk for many peers on few cores: what only touches the system's cache is done at once, in the thread of the peer. A
 * trip through the thread pool costs several times as much as the read or the write of a piece, and with every core busy it
 * wins nothing. What waits for the disk itself still goes there.
 */
import {
  closeSync,
  fstatSync,
  fsync,
  ftruncateSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { promisify } from 'node:util';
import type { Disk, DiskFile, DiskStat, OpenMode, PromptFile } from './disk.ts';
import { DiskError, toDiskError } from './disk-error.ts';
import { nodeDisk, openFlags, statOf } from './disk-node.ts';

export const inlineDisk: Disk = {
  ...nodeDisk,
  isPrompt: true,
  open: (path, mode) => atOnce(path, () => openFile(path, mode)),
  rename: (source, target) =>
    atOnce(source, () => {
      renameSync(source, target);
    }),
  unlink: (path) =>
    atOnce(path, () => {
      unlinkSync(path);
    }),
  stat: (path) =>
    atOnce(path, () => {
      const found = lstatSync(path, { throwIfNoEntry: false });
      return found && statOf(found);
    }),
};

class InlineFile implements DiskFile, PromptFile {
  readonly path: string;
  readonly prompt: PromptFile = this;
  readonly #descriptor: number;

  constructor(path: string, descriptor: number) {
    this.path = path;
    this.#descriptor = descriptor;
  }

  read(into: Uint8Array, position: number): Promise<number> {
    return inTurn(this.path, () => this.#read(into, position));
  }

  readNow(into: Uint8Array, position: number): number {
    return orDiskError(this.path, () => this.#read(into, position));
  }

  write(bytes: Uint8Array, position: number): Promise<number> {
    return inTurn(this.path, () => writeSync(this.#descriptor, bytes, 0, bytes.length, position));
  }

  truncate(length: number): Promise<void> {
    return atOnce(this.path, () => {
      ftruncateSync(this.#descriptor, length);
    });
  }

  async fsync(): Promise<void> {
    try {
      await sync(this.#descriptor);
    } catch (error) {
      throw toDiskError(error, this.path);
    }
  }

  stat(): Promise<DiskStat> {
    return atOnce(this.path, () => this.#stat());
  }

  statNow(): DiskStat {
    return orDiskError(this.path, () => this.#stat());
  }

  close(): Promise<void> {
    return atOnce(this.path, () => {
      closeSync(this.#descriptor);
    });
  }

  #read(into: Uint8Array, position: number): number {
    return readSync(this.#descriptor, into, 0, into.length, position);
  }

  #stat(): DiskStat {
    return statOf(fstatSync(this.#descriptor));
  }
}

const sync = promisify(fsync);

function openFile(path: string, mode: OpenMode): DiskFile {
  const descriptor = openSync(path, openFlags[mode]);
  if (fstatSync(descriptor).isFile()) return new InlineFile(path, descriptor);
  closeSync(descriptor);
  throw new DiskError('unsafe-path', { errno: 'not a regular file', path });
}

async function atOnce<Value>(path: string, call: () => Value): Promise<Value> {
  return orDiskError(path, call);
}

function orDiskError<Value>(path: string, call: () => Value): Value {
  try {
    return call();
  } catch (error) {
    throw toDiskError(error, path);
  }
}

/**
 * Does it now and answers in the next turn of the event loop. What is answered in this one is sent in this one, and makes room
 * for the next read: a peer with many requests would be served to the end while nobody else is heard.
 */
async function inTurn<Value>(path: string, call: () => Value): Promise<Value> {
  const done = atOnce(path, call);
  nextTurn ??= new Promise((resolve) => {
    setImmediate(() => {
      nextTurn = undefined;
      resolve();
    });
  });
  await nextTurn;
  return done;
}

/** One for all peers of a thread. */
let nextTurn: Promise<void> | undefined;
