/** The files of a torrent as one stretch of bytes, whatever name each has at the moment. */
import { dirname } from 'node:path';
import type { Metainfo } from '../../torrent/metainfo.ts';
import { segmentsOf } from '../../torrent/files.ts';
import type { Disk } from '../disk.ts';
import { readFully, writeFully } from '../disk.ts';
import { DiskError } from '../disk-error.ts';
import {
  type FileStamp,
  type FileState,
  type Whereabouts,
  fillNow,
  noStamp,
  present,
  readKnown,
  vanished,
} from './file-state.ts';
import type { Span } from './hash-pieces.ts';
import type { Layout } from './layout.ts';
import { parentsOf } from './layout.ts';
import { OpenFiles } from './open-files.ts';
import { makeParents, requireInside } from './safe-path.ts';

export type TorrentFilesOptions = {
  readonly metainfo: Metainfo;
  readonly layout: Layout;
  readonly disk: Disk;
  /** Look at final names only, and write nothing. */
  readonly isSeed: boolean;
  /** False: `sync` does nothing and renames are not made durable. */
  readonly syncs: boolean;
};

/** Positioned reads and writes over all files; makes, renames and syncs them. Rejects with DiskError. */
export class TorrentFiles {
  readonly #options: TorrentFilesOptions;
  readonly #metainfo: Metainfo;
  readonly #disk: Disk;
  readonly #files: readonly FileState[];
  readonly #open: OpenFiles;
  /** Written since they were last synced. */
  readonly #unsyncedFiles = new Set<FileState>();
  /** Directories with names that a power cut could still take back. */
  readonly #unsyncedDirs = new Set<string>();

  constructor(options: TorrentFilesOptions) {
    const { metainfo, layout, disk } = options;
    this.#options = options;
    this.#metainfo = metainfo;
    this.#disk = disk;
    this.#open = new OpenFiles(disk);
    this.#files = layout.files.map((place) => ({
      place,
      at: 'nowhere',
      stamp: noStamp,
      naming: undefined,
    }));
  }

  /** Looks anew where each file is; the final name counts before the partial one. */
  async locate(): Promise<void> {
    await this.#open.closeAll();
    this.#unsyncedFiles.clear();
    for (const file of this.#files) {
      if (file.place.entry.isPad === true) continue;
      await this.#locateFile(file);
    }
  }

  whereabouts(file: number): Whereabouts {
    return this.#stateOf(file).at;
  }

  /** The file that holds the byte at `offset`, under the name it has. */
  pathAt(offset: number): string {
    const [segment] = segmentsOf(this.#metainfo, offset, 1);
    return this.pathOf(segment?.file ?? 0);
  }

  /** The name a file has, or will have once it is whole. */
  pathOf(file: number): string {
    const { at, place } = this.#stateOf(file);
    return at === 'part' ? place.part : place.final;
  }

  /** How long the file was when it was located or completed. */
  lengthOf(file: number): number {
    return this.#stateOf(file).stamp.length;
  }

  /** How every file looks now. */
  stamps(): Promise<readonly FileStamp[]> {
    return Promise.all(
      this.#files.map(async (file) => {
        await file.naming;
        return this.#stampOf(file);
      }),
    );
  }

  /** Reads the torrent's bytes from `offset` on; what is not on disk becomes zeros and is returned. */
  read(offset: number, into: Uint8Array): Promise<readonly Span[]> {
    return this.#open.during(this.#read(offset, into));
  }

  /** Reads what lies in one open file, at once; false where that cannot be: use `read`. */
  readNow(offset: number, into: Uint8Array): boolean {
    const [segment, further] = segmentsOf(this.#metainfo, offset, into.length);
    if (segment === undefined || further !== undefined) return false;
    const { begin, file } = segment;
    return fillNow(this.#stateOf(file), this.#open.peek(this.pathOf(file)), into, begin);
  }

  /** Writes `bytes` at `offset`, making files as needed. Files under their final name are whole and left alone. */
  write(offset: number, bytes: Uint8Array): Promise<void> {
    return this.#open.during(this.#write(offset, bytes));
  }

  /** Makes everything written so far survive a power cut. What could not be synced stays unsynced. */
  async sync(): Promise<void> {
    if (!this.#options.syncs) return;
    for (const file of [...this.#unsyncedFiles]) await this.#syncFile(file);
    await this.#syncDirs();
  }

  /** Gives a whole file its final name. Refuses to replace another file. */
  async complete(file: number): Promise<void> {
    const state = this.#stateOf(file);
    const { part, entry } = state.place;
    if (state.at !== 'part') return;
    await this.#open.use(part, 'update', async (open) => {
      const { size } = await present(open);
      if (size > entry.length) await open.truncate(entry.length);
      if (size < entry.length) throw vanished(part, 'shorter than it was');
    });
    if (this.#options.syncs) await this.#syncFile(state);
    await this.#rename(state, 'final');
    if (this.#options.syncs) await this.#syncDirs();
  }

  /** Takes a damaged file's final name away again, so that it can be repaired. */
  demote(file: number): Promise<void> {
    return this.#rename(this.#stateOf(file), 'part');
  }

  /** Makes a file of no bytes, straight under its final name. */
  async makeEmpty(file: number): Promise<void> {
    const state = this.#stateOf(file);
    if (state.at === 'final') return;
    const { final } = state.place;
    await this.#makeRoom(final);
    await this.#open.use(final, 'create', present);
    await this.#open.retire(final);
    state.at = 'final';
    state.stamp = await this.#stampOf(state);
  }

  /** Waits for running reads and writes and closes every file. */
  close(): Promise<void> {
    return this.#open.closeAll();
  }

  async #read(offset: number, into: Uint8Array): Promise<readonly Span[]> {
    const gaps: Span[] = [];
    let done = 0;
    for (const { file, begin, length } of segmentsOf(this.#metainfo, offset, into.length)) {
      const bytes = into.subarray(done, done + length);
      const count = await this.#readFrom(this.#stateOf(file), bytes, begin);
      if (count < length) {
        bytes.fill(0, count);
        gaps.push({ begin: offset + done + count, end: offset + done + length });
      }
      done += length;
    }
    return gaps;
  }

  async #write(offset: number, bytes: Uint8Array): Promise<void> {
    let done = 0;
    for (const { file, begin, length } of segmentsOf(this.#metainfo, offset, bytes.length)) {
      const state = this.#stateOf(file);
      const isOurs = state.at !== 'final' && state.place.entry.isPad !== true;
      if (isOurs) await this.#writeTo(state, bytes.subarray(done, done + length), begin);
      done += length;
    }
  }

  async #locateFile(file: FileState): Promise<void> {
    const { final, part } = file.place;
    const candidates = this.#options.isSeed ? [final] : [final, part];
    file.at = 'nowhere';
    file.stamp = noStamp;
    for (const path of candidates) {
      await requireInside(this.#disk, this.#options.layout.dir, path);
      const found = await this.#disk.stat(path);
      if (found === undefined) continue;
      if (found.kind !== 'file')
        throw new DiskError('unsafe-path', { errno: 'not a regular file', path });
      file.at = path === final ? 'final' : 'part';
      file.stamp = { length: found.size, mtimeMs: found.mtimeMs };
      this.#distrust(file, path);
      return;
    }
  }

  /** Whoever wrote a file before us may not have synced it. */
  #distrust(file: FileState, path: string): void {
    if (this.#options.isSeed) return;
    this.#unsyncedFiles.add(file);
    const { dir } = this.#options.layout;
    for (const parent of [dir, ...parentsOf(dir, path)]) this.#unsyncedDirs.add(parent);
  }

  async #stampOf({ at, place }: FileState): Promise<FileStamp> {
    if (at === 'nowhere') return noStamp;
    const path = at === 'final' ? place.final : place.part;
    const found = await this.#disk.stat(path);
    if (found === undefined) throw vanished(path, 'deleted');
    return { length: found.size, mtimeMs: found.mtimeMs };
  }

  async #readFrom(file: FileState, into: Uint8Array, begin: number): Promise<number> {
    if (file.naming !== undefined) await file.naming;
    const { place, at, stamp } = file;
    if (place.entry.isPad === true) return into.fill(0).length;
    if (at === 'nowhere') return 0;
    if (at === 'part')
      return this.#open.use(place.part, 'update', (open) => readFully(open, into, begin));
    return this.#open.use(place.final, 'read', (open) => readKnown(stamp, open, into, begin));
  }

  async #writeTo(file: FileState, bytes: Uint8Array, begin: number): Promise<void> {
    const { part } = file.place;
    if (file.at === 'nowhere') await this.#makeRoom(part);
    this.#unsyncedFiles.add(file);
    await this.#open.use(part, file.at === 'nowhere' ? 'create' : 'update', (open) =>
      writeFully(open, bytes, begin),
    );
    if (file.at === 'nowhere') file.at = 'part';
    this.#unsyncedFiles.add(file);
  }

  async #makeRoom(path: string): Promise<void> {
    const dirs = await makeParents(this.#disk, this.#options.layout.dir, path);
    for (const dir of dirs) this.#unsyncedDirs.add(dir);
  }

  async #syncFile(file: FileState): Promise<void> {
    await file.naming;
    if (!this.#unsyncedFiles.delete(file)) return;
    const { final, part } = file.place;
    const isFinal = file.at === 'final';
    try {
      await this.#open.use(isFinal ? final : part, isFinal ? 'read' : 'update', async (open) => {
        await present(open);
        await open.fsync();
      });
    } catch (error) {
      this.#unsyncedFiles.add(file);
      throw error;
    }
  }

  async #syncDirs(): Promise<void> {
    for (const dir of [...this.#unsyncedDirs]) {
      await this.#disk.fsyncDir(dir);
      this.#unsyncedDirs.delete(dir);
    }
  }

  /** Until it is done, whoever comes to use the file waits; who uses it already keeps it open. */
  async #rename(file: FileState, to: 'part' | 'final'): Promise<void> {
    const renaming = this.#renameNow(file, to);
    file.naming = renaming.catch(() => undefined);
    try {
      await renaming;
    } finally {
      file.naming = undefined;
    }
  }

  async #renameNow(file: FileState, to: 'part' | 'final'): Promise<void> {
    const { final, part } = file.place;
    const [source, target] = to === 'final' ? [part, final] : [final, part];
    if ((await this.#disk.stat(target)) !== undefined)
      throw new DiskError('exists', { errno: 'will not replace it', path: target });
    await this.#open.retire(source);
    await this.#disk.rename(source, target);
    this.#unsyncedDirs.add(dirname(target));
    file.at = to;
    if (to === 'final') file.stamp = await this.#stampOf(file);
  }

  #stateOf(file: number): FileState {
    const state = this.#files[file];
    if (state === undefined) throw new RangeError(`no file ${file}`);
    return state;
  }
}
