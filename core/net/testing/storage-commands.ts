/** What can happen to a torrent on disk, played on Storage over a disk in memory, and held against its model. */
import { dirname } from 'node:path';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { Disk } from '../disk.ts';
import type { DiskChange } from './logging-disk.ts';
import type { StorageModel } from './storage-model.ts';
import { PieceIndex } from '../../torrent/ids.ts';
import { DiskError } from '../disk-error.ts';
import { Storage } from '../storage/storage.ts';
import { crashStates } from './crash-states.ts';
import { faultyDisk } from './faulty-disk.ts';
import { loggingDisk } from './logging-disk.ts';
import { MemoryDisk } from './memory-disk.ts';

/** A machine with a disk, on which the storage is open or not. */
export class Machine {
  memory: MemoryDisk = new MemoryDisk();
  log: DiskChange[] = [];
  disk: Disk = this.memory;
  storage: Storage | undefined;
  isFull = false;
  /** A power cut takes no more than what came after this place in the log. */
  floor = 0;
  /** What happened, for whoever asks whether everything did. */
  readonly seen: Set<string>;

  constructor(seen: Set<string>) {
    this.seen = seen;
  }

  /** Goes on with this disk, to which `log` led. Its time is the length of the log: a replay has the same. */
  use(memory: MemoryDisk, log: readonly DiskChange[]): void {
    const own = [...log];
    Object.defineProperty(memory, 'now', { get: () => own.length, set: () => undefined });
    const noRoom = ['write', 'rename', 'mkdir', 'truncate'];
    this.disk = faultyDisk(loggingDisk(memory, own).disk, ({ name }) =>
      this.isFull && noRoom.includes(name) ? 'ENOSPC' : undefined,
    );
    this.memory = memory;
    this.log = own;
    this.floor = own.length;
  }
}

export type StorageCommand = fc.AsyncCommand<StorageModel, Machine>;
type Act = (model: StorageModel, real: Machine) => Promise<void>;

/** Numbers that name a piece or a file count modulo what there is. */
export function storageCommands(): fc.Arbitrary<StorageCommand>[] {
  const n = fc.nat({ max: 99 });
  const place = fc.double({ min: 0, max: 0.999, noNaN: true });
  const harm = fc.record({ file: n, place });
  return [
    command('write', write, n),
    command('write', write, n),
    command('write', write, n),
    command('writeAll', writeAll, fc.constant(0)),
    command('read', read, n),
    command('checkpoint', checkpoint, fc.constant(0)),
    command('close', close, fc.constant(0)),
    command('kill', kill, fc.constant(0)),
    command('cutPower', cutPower, fc.record({ back: fc.nat({ max: 12 }), pick: n })),
    command('recheck', recheck, fc.constant(0)),
    command('flip', flip, harm),
    command('truncate', truncate, harm),
    command('rot', rot, harm),
    command('fill', fill, fc.constant(true)),
    command('free', fill, fc.constant(false)),
  ];
}

function command<Args>(
  name: string,
  step: (args: Args) => Act,
  args: fc.Arbitrary<Args>,
): fc.Arbitrary<StorageCommand> {
  return args.map((drawn) => ({
    check: () => true,
    run: async (model, real) => {
      real.seen.add(name);
      await step(drawn)(model, real);
      expectAgreement(model, real);
    },
    toString: () => `${name}(${fc.stringify(drawn)})`,
  }));
}

/** What is had is right, and nothing that was not said to be had is missing; a final name is a whole file. */
function expectAgreement(model: StorageModel, { memory, storage }: Machine): void {
  if (storage === undefined) return;
  const had = [...storage.have.clone().ones()].map(Number);
  expect(had).toEqual([...model.have].sort((a, b) => a - b));
  const right = model.rightOn(memory);
  expect(had.filter((piece) => !right.has(piece) && !model.rotten.has(piece))).toEqual([]);
  if (model.rotten.size === 0) expect(model.wrongFinals(memory)).toEqual([]);
}

/** Starts where nothing is open. What is in the way of a download, since it was changed, its user takes away. */
export async function open(model: StorageModel, real: Machine): Promise<Storage | undefined> {
  if (real.storage !== undefined) return real.storage;
  const { metainfo } = model.torrent;
  const opening = Storage.open({ metainfo, dir: model.root, disk: real.disk });
  const opened = await opening.catch((error: unknown) => error);
  if (!('storage' in (opened as object))) {
    expect(opened).toBeInstanceOf(DiskError);
    const { code, path } = opened as DiskError;
    real.seen.add(`open: ${code}`);
    if (code === 'disk-full' && real.isFull) return undefined;
    expect([code, model.isDamaged]).toEqual(['exists', true]);
    await setAside(real, path);
    return open(model, real);
  }
  const { source, storage } = opened as Awaited<typeof opening>;
  real.seen.add(`open: ${source}`);
  const right = model.rightOn(real.memory);
  const had = new Set([...storage.have.clone().ones()].map(Number));
  if (source !== 'resume') model.rotten.clear();
  // Whatever is hashed is found; a state may know of less.
  if (source === 'checked') expect(had).toEqual(right);
  model.have = had;
  model.isDamaged = false;
  model.isInDoubt = false;
  real.storage = storage;
  real.floor = real.log.length;
  return storage;
}

async function setAside(real: Machine, path: string): Promise<void> {
  const { isFull } = real;
  real.isFull = false;
  await real.disk.rename(path, `${path}.old`);
  await real.disk.fsyncDir(dirname(path));
  real.isFull = isFull;
}

const write =
  (n: number): Act =>
  async (model, real) => {
    const storage = await open(model, real);
    if (storage === undefined) return;
    const piece = n % model.count;
    const wrote = await settled(storage.write(PieceIndex(piece), model.torrent.bytesOf(piece)));
    if (wrote === undefined) {
      // What is had is not written again.
      if (!model.have.has(piece)) model.rotten.delete(piece);
      model.have.add(piece);
      return;
    }
    // Only a disk that is full, or something that failed before, is a reason.
    real.seen.add(`write: ${wrote.code}`);
    expect(real.isFull || model.isInDoubt).toBe(true);
    model.isInDoubt = true;
    model.have = new Set([...storage.have.clone().ones()].map(Number));
  };

const writeAll = (): Act => async (model, real) => {
  for (let piece = 0; piece < model.count; piece += 1) await write(piece)(model, real);
};

const read =
  (n: number): Act =>
  async (model, real) => {
    const storage = await open(model, real);
    const piece = [...model.have][n % model.have.size];
    if (storage === undefined || piece === undefined || model.rotten.has(piece)) return;
    const right = model.torrent.bytesOf(piece);
    const bytes = await storage.read(PieceIndex(piece), 0, right.length);
    expect(Buffer.compare(bytes, right)).toBe(0);
  };

const checkpoint = (): Act => async (model, real) => {
  const storage = await open(model, real);
  if (storage === undefined) return;
  await promise(model, real, { storage, saving: storage.checkpoint() });
};

const close = (): Act => async (model, real) => {
  const { storage } = real;
  if (storage === undefined) return;
  await promise(model, real, { storage, saving: storage.close() });
  real.storage = undefined;
};

/** What it saves when it succeeds will outlast any crash. */
async function promise(
  model: StorageModel,
  real: Machine,
  { saving, storage }: { readonly saving: Promise<void>; readonly storage: Storage },
): Promise<void> {
  const pieces = [...storage.have.clone().ones()].map(Number);
  const failure = await settled(saving);
  if (failure === undefined) {
    model.promises = [...model.promises, { at: real.log.length, pieces }];
    return;
  }
  real.seen.add(`save: ${failure.code}`);
  expect(real.isFull || model.isInDoubt).toBe(true);
  model.isInDoubt = true;
}

const kill = (): Act => async (_, real) => {
  await real.storage?.abandon();
  real.storage = undefined;
};

/** The disk that is left is one of those that may be; everything that was promised by then is on it. */
const cutPower =
  ({ back, pick }: { readonly back: number; readonly pick: number }): Act =>
  async (model, real) => {
    await kill()(model, real);
    const length = Math.max(real.floor, real.log.length - back);
    const states = [...crashStates(real.log, length, model.root)];
    const state = states[pick % states.length];
    if (state === undefined) return;
    real.seen.add(states.length > 1 ? 'lost: something' : 'lost: nothing');
    real.use(state.disk, state.log);
    const right = model.rightOn(state.disk);
    const lost = [...model.promised(length)].filter((piece) => !right.has(piece));
    expect(lost, state.story).toEqual([]);
    model.promises = [{ at: 0, pieces: [...model.promised(length)] }];
  };

const recheck = (): Act => async (model, real) => {
  const storage = await open(model, real);
  if (storage === undefined) return;
  const failure = await settled(storage.recheck());
  const had = new Set([...storage.have.clone().ones()].map(Number));
  if (failure !== undefined) {
    real.seen.add(`recheck: ${failure.code}`);
    expect(real.isFull).toBe(true);
    model.isInDoubt = true;
  } else {
    // What could not be synced stays in doubt, however it looks.
    if (!model.isInDoubt) expect(had).toEqual(model.rightOn(real.memory));
    model.isInDoubt = false;
    model.rotten.clear();
  }
  model.have = had;
};

type Harm = { readonly file: number; readonly place: number };

/** One bit of a file changes while nobody looks at it, and its time with it. */
const flip = (harm: Harm): Act =>
  damage(harm, async (file, { at, content }) => {
    await file.write(Uint8Array.of((content[at] ?? 0) ^ 1), at);
  });

const truncate = (harm: Harm): Act => damage(harm, (file, { at }) => file.truncate(at));

function damage(
  harm: Harm,
  change: (
    file: Awaited<ReturnType<Disk['open']>>,
    where: { readonly at: number; readonly content: Uint8Array },
  ) => Promise<void>,
): Act {
  return async (model, real) => {
    if (real.storage !== undefined || real.isFull) return;
    const { at, content, path } = placeIn(model, real, harm);
    if (content === undefined) return;
    const file = await real.disk.open(path, 'update');
    await change(file, { at, content });
    await file.fsync();
    await file.close();
    model.isDamaged = true;
    model.promises = [];
    real.floor = real.log.length;
  };
}

/** One bit changes under a file, which looks as before. */
const rot =
  (harm: Harm): Act =>
  (model, real) => {
    const { at, content } = placeIn(model, real, harm);
    if (real.storage === undefined && content !== undefined && at < content.length) {
      const before = model.rightOn(real.memory);
      content[at] = (content[at] ?? 0) ^ 1;
      const after = model.rightOn(real.memory);
      // A bit that was flipped before would be put right, and a power cut, which knows of no rot, would flip it again.
      if ([...after].some((piece) => !before.has(piece))) {
        content[at] ^= 1;
        return Promise.resolve();
      }
      for (const piece of before) if (!after.has(piece)) model.rotten.add(piece);
      model.isDamaged = true;
      model.promises = [];
    }
    return Promise.resolve();
  };

/** A byte of a data file or of the state. */
function placeIn(
  { root }: StorageModel,
  { memory }: Machine,
  { file, place }: Harm,
): { readonly path: string; readonly at: number; readonly content: Uint8Array | undefined } {
  const paths = memory.paths().filter((path) => path.startsWith(root) && memory.contentOf(path));
  const path = paths[file % paths.length] ?? '';
  const content = memory.contentOf(path);
  return { path, content, at: Math.floor(place * (content?.length ?? 0)) };
}

const fill =
  (isFull: boolean): Act =>
  (_, real) => {
    real.isFull = isFull;
    return Promise.resolve();
  };

/** The DiskError with which it failed, and it fails with nothing else. */
async function settled(doing: Promise<unknown>): Promise<DiskError | undefined> {
  try {
    await doing;
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(DiskError);
    return error as DiskError;
  }
}

/** Whatever has happened, the download can be finished: with room, and once somebody looks at what is there. */
export async function finish(model: StorageModel, real: Machine): Promise<void> {
  real.isFull = false;
  await open(model, real);
  await recheck()(model, real);
  await writeAll()(model, real);
  expectAgreement(model, real);
  expect(model.have.size).toBe(model.count);
  await close()(model, real);
  expect(model.wrongFinals(real.memory)).toEqual([]);
  const left = real.memory.paths().filter((path) => /[.](part|tmp)$/.test(path));
  expect(left).toEqual([]);
  expect(model.rightOn(real.memory).size).toBe(model.count);
}
