import { describe, expect, it } from 'vitest';
import { PieceIndex } from '../../torrent/ids.ts';
import type { ResumeState } from '../../torrent/resume.ts';
import { decodeResume } from '../../torrent/resume.ts';
import { sha1 } from '../hash.ts';
import { crashStates } from '../testing/crash-states.ts';
import type { DiskChange } from '../testing/logging-disk.ts';
import { loggingDisk } from '../testing/logging-disk.ts';
import { MemoryDisk } from '../testing/memory-disk.ts';
import type { SampleTorrent } from '../testing/sample-torrent.ts';
import { sampleTorrent } from '../testing/sample-torrent.ts';
import { Storage } from './storage.ts';

const root = '/out';
const torrent = sampleTorrent({
  name: 'album',
  pieceLength: 700,
  files: [
    { path: ['a'], length: 2_000 },
    { path: ['deep', 'empty'], length: 0 },
    { path: ['deep', 'b'], length: 4_300 },
  ],
});

/**
 * What is written between two starts: each list is one life, with a checkpoint after its first piece.
 * The second one leaves a piece of file `a` unsynced, and the third writes to `b` first.
 */
const lives: readonly { readonly pieces: readonly number[]; readonly end: 'close' | 'die' }[] = [
  { pieces: [3, 0, 7], end: 'close' },
  { pieces: [8, 1], end: 'die' },
  { pieces: [5, 4, 6, 2], end: 'close' },
];

describe('after a power cut at any moment', () => {
  it('no state claims what is not on disk, no final name holds less than the file, and the download goes on', async () => {
    const { log, saved } = await record();
    let states = 0;
    for (let length = 0; length <= log.length; length += 1)
      for (const { disk, story } of crashStates(log, length, root)) {
        states += 1;
        expectOnlyWholeFiles(disk, story);
        expectHonestState(disk, story);
        expectSaved(disk, { story, saved: saved.filter(({ at }) => length >= at) });
        await expectRecovery(disk, story);
      }
    // Guards against a log or a choice of states that has quietly become empty.
    expect(states).toBeGreaterThan(400);
  }, 60_000);
});

type Saved = { readonly at: number; readonly pieces: readonly PieceIndex[] };

/** The log, and what was saved by the time each checkpoint or close came back. */
async function record(): Promise<{ log: readonly DiskChange[]; saved: readonly Saved[] }> {
  const memory = new MemoryDisk();
  await memory.mkdir(root);
  const { disk, log } = loggingDisk(memory);
  const saved: Saved[] = [];
  const note = (storage: Storage): void => {
    saved.push({ at: log.length, pieces: [...storage.have.ones()] });
  };
  for (const { pieces, end } of lives) {
    const { storage } = await Storage.open({ metainfo: torrent.metainfo, dir: root, disk });
    for (const [index, piece] of pieces.entries()) {
      await storage.write(PieceIndex(piece), torrent.bytesOf(piece));
      if (index > 0) continue;
      await storage.checkpoint();
      note(storage);
    }
    await (end === 'close' ? storage.close() : storage.abandon());
    if (end === 'close') note(storage);
  }
  return { log, saved };
}

/** What a checkpoint promised is still claimed after any later crash. */
function expectSaved(
  disk: MemoryDisk,
  { story, saved }: { readonly story: string; readonly saved: readonly Saved[] },
): void {
  const state = stateOn(disk);
  for (const piece of saved.flatMap(({ pieces }) => pieces))
    if (state?.have.has(piece) !== true) expect.fail(`${story}: no longer claims ${piece}`);
}

/** P1: a reader never sees a partial file under the final name. */
function expectOnlyWholeFiles(disk: MemoryDisk, story: string): void {
  for (const [file, { path }] of torrent.metainfo.files.entries()) {
    const content = disk.contentOf([root, ...path].join('/'));
    if (content !== undefined) expectSame(content, torrent.contentOf(file), story);
  }
}

/** P3: what a readable state claims is on disk, whether the state is clean or not. */
function expectHonestState(disk: MemoryDisk, story: string): void {
  for (const piece of stateOn(disk)?.have.ones() ?? [])
    expectSame(onDisk(disk, piece), torrent.bytesOf(piece), `${story}: claims ${piece}`);
}

function stateOn(disk: MemoryDisk): ResumeState | undefined {
  const path = disk.paths().find((name) => name.endsWith('.resume'));
  return path === undefined ? undefined : decodeResume(disk.contentOf(path) ?? none, sha1);
}

/** P2, P4, P5: whatever was left, what is said to be had is right, and the rest can be fetched. */
async function expectRecovery(disk: MemoryDisk, story: string): Promise<void> {
  const { storage } = await Storage.open({ metainfo: torrent.metainfo, dir: root, disk });
  for (const piece of storage.have.clone().ones())
    expectSame(await blockOf(storage, piece), torrent.bytesOf(piece), `${story}: has ${piece}`);
  for (let piece = 0; piece < torrent.pieces.count; piece += 1)
    await storage.write(PieceIndex(piece), torrent.bytesOf(piece));
  await storage.close();
  expectOnlyWholeFiles(disk, story);
  const left = disk.paths().filter((name) => /[.](part|tmp)$/.test(name));
  expect(left, story).toEqual([]);
}

const blockOf = (storage: Storage, piece: PieceIndex): Promise<Uint8Array> =>
  storage.read(piece, 0, torrent.pieces.lengthOf(piece));

function onDisk(disk: MemoryDisk, piece: PieceIndex): Uint8Array {
  const whole = new Uint8Array(torrent.metainfo.length);
  for (const { path, offset, length } of torrent.metainfo.files) {
    const final = [root, ...path].join('/');
    const content = disk.contentOf(final) ?? disk.contentOf(`${final}.part`) ?? none;
    whole.set(content.subarray(0, length), offset);
  }
  const begin = torrent.pieces.offsetOf(piece);
  return whole.subarray(begin, begin + torrent.pieces.lengthOf(piece));
}

/** A plain `toEqual` of bytes is too slow for thousands of states. */
function expectSame(left: Uint8Array, right: SampleTorrent['content'], story: string): void {
  if (Buffer.compare(left, right) !== 0) expect.fail(`${story}: other bytes than the torrent's`);
}

const none = new Uint8Array();
