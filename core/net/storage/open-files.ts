/** The open files of one torrent: a bounded number, each opened once and shared by its users. */
import type { Disk, DiskFile, OpenMode } from '../disk.ts';

/** Thirty torrents of many files still fit the usual limit of 1,024 descriptors a process, sockets included. */
export const maxOpenFiles = 16;

type Job<Result> = (file: DiskFile) => Promise<Result>;
type Handle = {
  readonly file: Promise<DiskFile>;
  /** The same once it is open. */
  opened: DiskFile | undefined;
  users: number;
  isRetired: boolean;
};

/** Opens on demand, closes the least recently used when idle, and everything at the end. */
export class OpenFiles {
  readonly #disk: Disk;
  /** Least recently used first. */
  readonly #handles = new Map<string, Handle>();
  readonly #running = new Set<Promise<unknown>>();
  readonly #closing = new Set<Promise<void>>();

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /** Runs `job` with the file open; `mode` counts only when it was not open already. */
  use<Result>(path: string, mode: OpenMode, job: Job<Result>): Promise<Result> {
    return this.during(this.#run(this.#acquire(path, mode), job));
  }

  /** The file if it is open, to be used before this turn ends. */
  peek(path: string): DiskFile | undefined {
    return this.#handles.get(path)?.opened;
  }

  /** Makes `closeAll` wait for `work`, which uses several files in turn. */
  async during<Result>(work: Promise<Result>): Promise<Result> {
    this.#running.add(work);
    try {
      return await work;
    } finally {
      this.#running.delete(work);
    }
  }

  /**
   * Forgets the file: its users finish with what they have, the next one opens it anew. Resolves when nobody is just
   * opening it, so that it can be renamed under them.
   */
  async retire(path: string): Promise<void> {
    const handle = this.#handles.get(path);
    if (handle === undefined) return;
    this.#forget(path, handle);
    await handle.file.catch(() => undefined);
  }

  /** Waits for every job and closes every file. It may be used again afterwards. */
  async closeAll(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
    for (const [path, handle] of [...this.#handles]) this.#forget(path, handle);
    await Promise.all(this.#closing);
  }

  async #run<Result>(handle: Handle, job: Job<Result>): Promise<Result> {
    try {
      return await job(await handle.file);
    } finally {
      handle.users -= 1;
      if (handle.users === 0) this.#idle(handle);
    }
  }

  #acquire(path: string, mode: OpenMode): Handle {
    const handle = this.#handles.get(path) ?? this.#opening(path, mode);
    this.#handles.delete(path);
    this.#handles.set(path, handle);
    handle.users += 1;
    return handle;
  }

  #opening(path: string, mode: OpenMode): Handle {
    const file = this.#disk.open(path, mode);
    const handle: Handle = { file, opened: undefined, users: 0, isRetired: false };
    file.then(
      (opened) => {
        handle.opened = opened;
      },
      () => {
        if (this.#handles.get(path) === handle) this.#handles.delete(path);
      },
    );
    return handle;
  }

  #idle(handle: Handle): void {
    if (handle.isRetired) return this.#close(handle);
    for (const [path, other] of this.#handles) {
      if (this.#handles.size <= maxOpenFiles) return;
      if (other.users === 0) this.#forget(path, other);
    }
  }

  #forget(path: string, handle: Handle): void {
    this.#handles.delete(path);
    handle.isRetired = true;
    if (handle.users === 0) this.#close(handle);
  }

  /** A failed close loses nothing: data that matters was synced before. */
  #close(handle: Handle): void {
    const closing = handle.file
      .then((file) => file.close())
      .catch(() => undefined)
      .finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
