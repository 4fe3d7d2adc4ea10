/** A disk that can run full and be given room again, on top of the real one. */
import type { Disk, DiskFile, DiskSpace, DiskStat, OpenMode } from '../../core/net/disk.ts';
import { DiskError } from '../../core/net/disk-error.ts';

/** Every call passes through, but writes fail with `disk-full` once the room is used up. */
export class FillableDisk implements Disk {
  readonly #disk: Disk;
  #roomBytes = Infinity;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /** From now on it takes so many bytes more. */
  fill(afterBytes: number): void {
    this.#roomBytes = afterBytes;
  }

  /** There is room again. */
  heal(): void {
    this.#roomBytes = Infinity;
  }

  async open(path: string, mode: OpenMode): Promise<DiskFile> {
    const file = await this.#disk.open(path, mode);
    return new FillableFile(file, (bytes) => {
      this.#take(bytes, path);
    });
  }

  async space(path: string): Promise<DiskSpace> {
    const { freeBytes, totalBytes } = await this.#disk.space(path);
    return { freeBytes: Math.min(freeBytes, this.#roomBytes), totalBytes };
  }

  rename(source: string, target: string): Promise<void> {
    return this.#disk.rename(source, target);
  }

  unlink(path: string): Promise<void> {
    return this.#disk.unlink(path);
  }

  mkdir(path: string): Promise<void> {
    return this.#disk.mkdir(path);
  }

  fsyncDir(path: string): Promise<void> {
    return this.#disk.fsyncDir(path);
  }

  list(path: string): Promise<readonly string[]> {
    return this.#disk.list(path);
  }

  stat(path: string): Promise<DiskStat | undefined> {
    return this.#disk.stat(path);
  }

  realPath(path: string): Promise<string | undefined> {
    return this.#disk.realPath(path);
  }

  #take(bytes: number, path: string): void {
    if (bytes > this.#roomBytes) throw new DiskError('disk-full', { errno: 'ENOSPC', path });
    this.#roomBytes -= bytes;
  }
}

class FillableFile implements DiskFile {
  readonly #file: DiskFile;
  readonly #take: (bytes: number) => void;

  constructor(file: DiskFile, take: (bytes: number) => void) {
    this.#file = file;
    this.#take = take;
  }

  get path(): string {
    return this.#file.path;
  }

  async write(bytes: Uint8Array, position: number): Promise<number> {
    this.#take(bytes.length);
    return this.#file.write(bytes, position);
  }

  read(into: Uint8Array, position: number): Promise<number> {
    return this.#file.read(into, position);
  }

  truncate(length: number): Promise<void> {
    return this.#file.truncate(length);
  }

  fsync(): Promise<void> {
    return this.#file.fsync();
  }

  stat(): Promise<DiskStat> {
    return this.#file.stat();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
