/** Windows of torrent data in memory, so that blocks are served without a disk call each. */
import { WindowPool, usualFreeBytes } from './window-pool.ts';

const KiB = 2 ** 10;
const MiB = 2 ** 20;

/**
 * Eight readers, each at a place of its own, with windows of 1 MiB. With twice as much, reading 1 GiB once cost
 * twice the CPU: dropped windows then come back from the allocator cold.
 */
export const defaultCacheBytes: number = 8 * MiB;

/** How long windows are, in bytes: of pieces that are shorter, as many as fit into `least`; of longer ones, parts of `most`. */
export type WindowBytes = { readonly least: number; readonly most: number };

/**
 * Below 256 KiB a read costs more in calls than in bytes. A peer that asks for one block of a window and no more wastes
 * 1 MiB of the disk's time at most.
 */
const usualWindows: WindowBytes = { least: 256 * KiB, most: MiB };

/**
 * For all peers of a thread that has many: a cache each would be most of what a thousand of them hold. What one peer asks of
 * another it asks in bursts, so that a window is done with long before so many others have come. And a window is a block: each
 * of thousands of connections holds some for as long as they are sent. In one turn of the event loop hundreds of peers come and
 * go, so that as many windows lie free as are ever in use: those that were let go would be garbage, and garbage outside of
 * V8's heap makes it look through all that a thousand peers hold.
 */
export const cacheOfMany = (): ReadCache =>
  new ReadCache(8 * MiB, { least: 16 * KiB, most: 16 * KiB }, 64 * MiB);

/** More windows than any torrent has, so that the keys of two storages never meet. */
const keysPerShare = 2 ** 32;

/**
 * The windows used last, up to a number of bytes. One cache may serve many storages: each takes a share,
 * and adds the number of its window to it for a key. A dropped window lives on in whoever still holds a
 * view of it that was lent to him.
 */
export class ReadCache {
  readonly maxBytes: number;
  readonly windowBytes: WindowBytes;
  /** Where the windows' memory comes from and goes to. */
  readonly pool: WindowPool;
  #bytes = 0;
  #shares = 0;
  /** Least recently used first. */
  readonly #windows = new Map<number, Uint8Array>();
  readonly #loading = new Map<number, Promise<Uint8Array>>();

  /** A block that is lent keeps its window in memory: for thousands of readers at once, windows are better small. */
  constructor(
    maxBytes: number = defaultCacheBytes,
    windowBytes: WindowBytes = usualWindows,
    mostFreeBytes: number = usualFreeBytes,
  ) {
    this.maxBytes = maxBytes;
    this.pool = new WindowPool(mostFreeBytes);
    this.windowBytes = windowBytes;
  }

  /** How many bytes are held now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A range of keys nobody else has; its first. */
  share(): number {
    this.#shares += 1;
    return this.#shares * keysPerShare;
  }

  /** The window, if it is here. */
  peek(key: number): Uint8Array | undefined {
    const window = this.#windows.get(key);
    if (window === undefined) return undefined;
    this.#windows.delete(key);
    this.#windows.set(key, window);
    return window;
  }

  /** The window, read if it is not here; readers of one window share one read, and its failure. */
  load(key: number, read: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const window = this.peek(key);
    if (window !== undefined) return Promise.resolve(window);
    return this.#loading.get(key) ?? this.#start(key, read);
  }

  /** Keeps a window that was read without waiting, instead of what is being read of it. */
  put(key: number, window: Uint8Array): void {
    this.drop(key);
    this.#keep(key, window);
  }

  /** Drops one window, and the outcome of a read of it that is under way. */
  drop(key: number): void {
    this.#loading.delete(key);
    const window = this.#windows.get(key);
    if (window === undefined) return;
    this.#windows.delete(key);
    this.#bytes -= window.length;
    this.pool.retire(window);
  }

  /** Drops all windows of a share. */
  dropShare(share: number): void {
    for (const key of [...this.#windows.keys(), ...this.#loading.keys()])
      if (key >= share && key < share + keysPerShare) this.drop(key);
  }

  #start(key: number, read: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const loading = read().then(
      (window) => {
        if (this.#loading.get(key) === loading) this.#keep(key, window);
        return window;
      },
      (error: unknown) => {
        if (this.#loading.get(key) === loading) this.#loading.delete(key);
        throw error;
      },
    );
    this.#loading.set(key, loading);
    return loading;
  }

  #keep(key: number, window: Uint8Array): void {
    this.#loading.delete(key);
    this.#windows.set(key, window);
    this.#bytes += window.length;
    for (const oldest of this.#windows.keys()) {
      if (this.#bytes <= this.maxBytes) break;
      this.drop(oldest);
    }
  }
}
