import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { createTorrent } from './create.ts';
import { startPeer } from './peer.ts';
import { temporaryDirectory } from './testing/temporary-directory.ts';

const pieceLength = 2 ** 20;
const length = 64 * pieceLength;
const blocks = length / 2 ** 14;

/** What all reading and writing of this process came to so far: calls (syscr, syscw) and bytes (rchar, wchar; proc(5)). */
async function traffic(): Promise<ReadonlyMap<string, number>> {
  const lines = (await readFile('/proc/self/io', 'utf8')).trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [name = '', value] = line.split(': ');
      return [name, Number(value)];
    }),
  );
}

it.each(['seeder', 'leecher'] as const)(
  'moves 64 MiB with few calls and no copy that it does not need, whichever side dialled (%s)',
  async (dials) => {
    await using dir = await temporaryDirectory();
    const path = join(dir.path, 'tune');
    await writeFile(path, Buffer.alloc(length, 'swarmproof'));
    const { metainfo } = await createTorrent(path, { pieceLength });
    const outDir = join(dir.path, 'in');
    await mkdir(outDir);
    await using seeder = await startPeer({ ip: '127.0.0.1', fsync: 'never' });
    await using leecher = await startPeer({ ip: '127.0.0.1', fsync: 'never', outDir });
    const given = await seeder.add(metainfo, { path, trackers: [] });
    const got = await leecher.add(metainfo, { trackers: [] });
    // What Node reads into memory of its own comes through here.
    const copied = vi.spyOn(Socket.prototype, 'push');

    const before = await traffic();
    if (dials === 'seeder') given.meet([leecher.address]);
    else got.meet([seeder.address]);
    await got.completed;
    const after = await traffic();

    const spent = (name: string): number => (after.get(name) ?? NaN) - (before.get(name) ?? NaN);
    const chunks = copied.mock.calls.filter(([chunk]) => chunk !== null);
    copied.mockRestore();
    // Once from the disk of one side and once from the socket of the other; 600 to 1,400 calls were seen.
    expect(spent('rchar')).toBeGreaterThanOrEqual(2 * length);
    expect(spent('rchar')).toBeLessThan(2.05 * length);
    expect(spent('syscr')).toBeLessThan(blocks);
    // Once into the socket and once onto the disk; 500 to 1,300 calls were seen.
    expect(spent('wchar')).toBeLessThan(2.05 * length);
    expect(spent('syscw')).toBeLessThan(blocks);
    expect(chunks).toHaveLength(0);
  },
);
