/** Memory that is known to be warm, held until a run needs it. */
import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

const chunkBytes = 2 ** 20;

/** How often it is looked at: at 2 GB/s 100 MB are taken in that time. */
const lookEveryMs = 50;

/** Filling all would push out what others have in the page cache. */
const mostOfFree = 0.8;

/** Given away ahead of the need, so that a fast run never meets a cold page between two looks. */
const aheadBytes = 128 * 2 ** 20;

/**
 * A file in the page cache. A virtual machine gives memory that is free for a second back to its host, and whoever
 * touches it next pays ten times the price: a gigabyte written into it takes 3 s of processor time instead of 0.3. So the
 * file is written just before a run and cut shorter as fast as the run takes memory: the pages that it takes were in use a moment ago.
 */
export class Ballast implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #path: string;
  #bytes: number;
  /** As much was free before anything was given away, in bytes. */
  readonly #free: number;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  private constructor(
    held: { readonly file: FileHandle; readonly path: string },
    bytes: number,
    free: number,
  ) {
    this.#file = held.file;
    this.#path = held.path;
    this.#bytes = bytes;
    this.#free = free;
  }

  /** As many bytes as asked for, or as memory has room for. */
  static async fill(dir: string, wanted: number): Promise<Ballast> {
    const path = join(dir, 'ballast');
    const bytes = Math.floor(Math.min(wanted, mostOfFree * (await freeBytes())));
    const file = await open(path, 'w');
    const chunk = new Uint8Array(chunkBytes);
    for (let done = 0; done < bytes; done += chunkBytes) await file.write(chunk);
    return new Ballast({ file, path }, bytes, await freeBytes());
  }

  /** From now on whatever is taken of memory is replaced. */
  async giveWay(): Promise<void> {
    await this.#cut();
    if (this.#isOver) return;
    this.#timer = setTimeout(() => void this.giveWay(), lookEveryMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#timer);
    await this.#file.close();
    await rm(this.#path);
  }

  async #cut(): Promise<void> {
    const short = Math.min(this.#bytes, this.#free + aheadBytes - (await freeBytes()));
    if (this.#isOver || short < chunkBytes) return;
    this.#bytes -= short;
    await this.#file.truncate(this.#bytes);
  }
}

/** Free for good: what the page cache holds does not count, unlike in `os.freemem`. */
async function freeBytes(): Promise<number> {
  const text = await readFile('/proc/meminfo', 'latin1');
  return 1024 * Number(/^MemFree:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0);
}
