/** Storage believes what a naive model believes, whatever happens to the disk in whatever order. */
import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { MemoryDisk } from '../testing/memory-disk.ts';
import { sampleTorrent } from '../testing/sample-torrent.ts';
import {
  Machine,
  type StorageCommand,
  finish,
  storageCommands,
} from '../testing/storage-commands.ts';
import { StorageModel } from '../testing/storage-model.ts';

const root = '/out';
const torrent = sampleTorrent({
  name: 'album',
  pieceLength: 700,
  files: [
    { path: ['a'], length: 1_500 },
    { path: ['deep', 'empty'], length: 0 },
    { path: ['deep', 'b'], length: 2_600 },
  ],
});

const commands = fc.commands(storageCommands(), { maxCommands: 40, size: 'max' });

describe('a torrent on disk', () => {
  it('is believed as far as a naive model goes, after crashes, damage and full disks in any order', async () => {
    const seen = new Set<string>();
    const property = fc.asyncProperty(commands, (drawn) => play(drawn, seen));
    await fc.assert(property, { numRuns: 500 });
  });

  it('was seen in every state that its disk may get into', async () => {
    const seen = new Set<string>();
    const property = fc.asyncProperty(commands, (drawn) => play(drawn, seen));
    await fc.assert(property, { seed: 3, numRuns: 500 });
    const states = [
      'open: new',
      'open: resume',
      'open: checked',
      'lost: something',
      'lost: nothing',
    ];
    const failures = ['open: exists', 'open: disk-full', 'write: disk-full', 'save: disk-full'];
    expect([...seen]).toEqual(expect.arrayContaining([...states, ...failures]));
  });
});

async function play(drawn: Iterable<StorageCommand>, seen: Set<string>): Promise<void> {
  const real = new Machine(seen);
  const model = new StorageModel(torrent, root);
  const memory = new MemoryDisk();
  await memory.mkdir(root);
  real.use(memory, []);
  await fc.asyncModelRun(() => ({ model, real }), drawn);
  await finish(model, real);
}
