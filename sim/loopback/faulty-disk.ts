/** A disk that can run full or break, and be made good again, on top of the real one. */
import type {
  Disk,
  DiskFile,
  DiskSpace,
  DiskStat,
  OpenMode,
  PromptFile,
} from '../../core/net/disk.ts';
import { DiskError } from '../../core/net/disk-error.ts';
import type { DiskFailure } from '../../core/swarm/jobs.ts';
import { DiskHealth } from '../disk-health.ts';

/** Every call passes through, but writes fail with `disk-full` once the room is used up, and both ways with `io` while it is broken. */
export class FaultyDisk implements Disk {
  /** To be filled, broken and healed. */
  readonly health: DiskHealth = new DiskHealth();
  readonly #disk: Disk;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  get isPrompt(): boolean {
    return this.#disk.isPrompt === true;
  }

  async open(path: string, mode: OpenMode): Promise<DiskFile> {
    const file = await this.#disk.open(path, mode);
    return new FaultyFile(file, {
      read: () => refuse(this.health.failure, path),
      write: (bytes) => refuse(this.health.write(bytes), path),
    });
  }

  async space(path: string): Promise<DiskSpace> {
    const { freeBytes, totalBytes } = await this.#disk.space(path);
    return { freeBytes: Math.min(freeBytes, this.health.roomBytes), totalBytes };
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
}

function refuse(failure: DiskFailure | undefined, path: string): void {
  if (failure === undefined) return;
  const errno = failure.code === 'disk-full' ? 'ENOSPC' : 'EIO';
  throw new DiskError(failure.code, { errno, path });
}

/** Called before it is done; throws when it may not be. */
type Guards = { readonly read: () => void; readonly write: (bytes: number) => void };

class FaultyFile implements DiskFile {
  readonly #file: DiskFile;
  readonly #guards: Guards;
  readonly prompt: PromptFile | undefined;

  constructor(file: DiskFile, guards: Guards) {
    this.#file = file;
    this.#guards = guards;
    const { prompt } = file;
    this.prompt = prompt && {
      readNow: (into, position) => {
        guards.read();
        return prompt.readNow(into, position);
      },
      statNow: () => prompt.statNow(),
    };
  }

  get path(): string {
    return this.#file.path;
  }

  async write(bytes: Uint8Array, position: number): Promise<number> {
    this.#guards.write(bytes.length);
    return this.#file.write(bytes, position);
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    this.#guards.read();
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
