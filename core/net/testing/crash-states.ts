/**
 * Every disk that a crash may leave behind, from the log of what was done: the method of ALICE (Pillai and
 * others, OSDI 2014). A change is sure to last once a sync that covers it has ended. Of the others, names
 * last in the order they were made, and data lasts or not in any combination, a bounded choice of which is tried.
 */
import { dirname } from 'node:path';
import type { DiskChange } from './logging-disk.ts';
import { MemoryDisk } from './memory-disk.ts';

/** What became of a write that was not synced: `zeroed` is a file that grew before its data came. */
type Fate = 'kept' | 'lost' | 'zeroed' | 'torn-512' | 'torn-4096';

type Change = DiskChange & { readonly index: number };
type DataChange = Change & { readonly type: 'write' | 'truncate' };

/** `log` leads to `disk` without a doubt: to go on from there. */
export type CrashState = {
  readonly disk: MemoryDisk;
  readonly story: string;
  readonly log: readonly DiskChange[];
};

/** The disks a crash may leave after the first `length` entries of the log; `root` is there already. */
export function* crashStates(
  log: readonly DiskChange[],
  length: number,
  root: string,
): Generator<CrashState> {
  const past = log.slice(0, length).map((change, index) => ({ ...change, index }));
  const names = past.filter((change) => isName(change) && !isNameSafe(past, change));
  const writes = past.filter((change) => isData(change)).filter((c) => !isDataSafe(past, c));
  for (let kept = 0; kept <= names.length; kept += 1) {
    const lost = new Set(names.slice(kept).map(({ index }) => index));
    for (const fates of fatesOf(writes.map(({ index }) => index)))
      yield {
        disk: rebuild(past, { lost, fates, root }),
        log: settled(past, { lost, fates }),
        story: `after ${length}, names ${kept}/${names.length}, ${[...fates].join(' ')}`,
      };
  }
}

/** All kept, all lost, all zeroed, each one alone kept or lost, and the last one torn. */
function* fatesOf(writes: readonly number[]): Generator<ReadonlyMap<number, Fate>> {
  const all = (fate: Fate): [number, Fate][] => writes.map((index) => [index, fate]);
  yield new Map(all('kept'));
  if (writes.length === 0) return;
  yield new Map(all('lost'));
  yield new Map(all('zeroed'));
  for (const index of writes) {
    yield new Map([...all('kept'), [index, 'lost']]);
    yield new Map([...all('lost'), [index, 'kept']]);
  }
  const last = writes.at(-1) ?? 0;
  yield new Map([...all('kept'), [last, 'torn-512']]);
  yield new Map([...all('kept'), [last, 'torn-4096']]);
}

type Chosen = {
  readonly lost: ReadonlySet<number>;
  readonly fates: ReadonlyMap<number, Fate>;
};

/** What was lost has never been, what is left is safe. Places in the log are times, and stay. */
function settled(past: readonly Change[], { fates, lost }: Chosen): readonly DiskChange[] {
  const nothing = (length: number): DiskChange => ({ type: 'fsync', file: -1, covers: length });
  const left = past.map((change): DiskChange => {
    const fate = fates.get(change.index) ?? 'kept';
    if (lost.has(change.index) || fate === 'lost') return nothing(0);
    return change.type === 'write' ? { ...change, bytes: afterCrash(change.bytes, fate) } : change;
  });
  const files = new Set(left.flatMap((change) => (change.type === 'create' ? change.file : [])));
  const dirs = new Set(left.flatMap((change) => dirOf(change) ?? []));
  const covers = left.length;
  return [
    ...left,
    ...[...files].map((file): DiskChange => ({ type: 'fsync', file, covers })),
    ...[...dirs].map((path): DiskChange => ({ type: 'fsyncDir', path, covers })),
  ];
}

function rebuild(past: readonly Change[], chosen: Chosen & { readonly root: string }): MemoryDisk {
  const disk = new MemoryDisk();
  const files = new Files(disk);
  files.makeDirectory(chosen.root);
  for (const change of past)
    if (!chosen.lost.has(change.index)) {
      disk.now = change.index + 1;
      files.apply(change, chosen.fates.get(change.index) ?? 'kept');
    }
  return disk;
}

/** Keeps track of the name each file has, and skips what happens to a file whose name was lost. */
class Files {
  readonly #disk: MemoryDisk;
  readonly #paths = new Map<number, string>();

  constructor(disk: MemoryDisk) {
    this.#disk = disk;
  }

  makeDirectory(path: string): void {
    if (path === '/') return;
    this.makeDirectory(dirname(path));
    this.#disk.addDirectory(path);
  }

  apply(change: Change, fate: Fate): void {
    if (change.type === 'create') this.#create(change.file, change.path);
    if (change.type === 'mkdir') this.#disk.addDirectory(change.path);
    if (change.type === 'rename') this.#rename(change.source, change.target);
    if (isData(change)) this.#changeData(change, fate);
  }

  #create(file: number, path: string): void {
    if (!this.#disk.paths().includes(dirname(path))) return;
    this.#disk.create(path);
    this.#paths.set(file, path);
  }

  #rename(source: string, target: string): void {
    const [file] = [...this.#paths].find(([, path]) => path === source) ?? [];
    if (file === undefined) return;
    this.#disk.move(source, target);
    this.#paths.set(file, target);
  }

  #changeData(change: DataChange, fate: Fate): void {
    const path = this.#paths.get(change.file);
    if (path === undefined || fate === 'lost') return;
    if (change.type === 'truncate') return this.#disk.cut(path, change.length);
    this.#disk.put(path, afterCrash(change.bytes, fate), change.position);
  }
}

/** A torn write has its first sectors; zeros stand for the rest, as after a grown file. */
function afterCrash(bytes: Uint8Array, fate: Fate): Uint8Array {
  const keep = { kept: bytes.length, lost: 0, zeroed: 0, 'torn-512': 512, 'torn-4096': 4096 }[fate];
  const left = new Uint8Array(bytes.length);
  left.set(bytes.subarray(0, keep));
  return left;
}

const isData = (change: Change): change is DataChange =>
  change.type === 'write' || change.type === 'truncate';

const isName = ({ type }: Change): boolean =>
  type === 'create' || type === 'rename' || type === 'mkdir';

const isDataSafe = (past: readonly Change[], { file, index }: DataChange): boolean =>
  past.some((sync) => sync.type === 'fsync' && sync.file === file && sync.covers > index);

function isNameSafe(past: readonly Change[], change: Change): boolean {
  const dir = dirOf(change);
  return past.some(
    (sync) => sync.type === 'fsyncDir' && sync.path === dir && sync.covers > change.index,
  );
}

function dirOf(change: DiskChange): string | undefined {
  if (change.type === 'create' || change.type === 'mkdir') return dirname(change.path);
  return change.type === 'rename' ? dirname(change.target) : undefined;
}
