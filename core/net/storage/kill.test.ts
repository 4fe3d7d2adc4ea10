import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { randomBelow, randomStream } from '../../random.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { writtenTorrent } from '../testing/writer.ts';
import { Storage } from './storage.ts';

/** More for a soak: SWARMPROOF_KILLS=200. Each costs the start of a process. */
const kills = Number(process.env['SWARMPROOF_KILLS'] ?? 10);
const seed = Number(process.env['SWARMPROOF_KILL_SEED'] ?? 1);
const writer = fileURLToPath(new URL('../testing/writer.ts', import.meta.url));
const { metainfo, pieces } = writtenTorrent;

describe('a writer that is killed again and again', () => {
  it(
    'loses no piece it has reported, leaves no piece half written, and ends with the right files',
    async () => {
      const random = randomStream(seed, 'kills');
      for (let killed = 0; killed < kills;) {
        await using dir = await temporaryDirectory();
        const reported = new Set<number>();
        for (let isDone = false; !isDone;) {
          const pieceCount = 1 + randomBelow(random, 50);
          isDone = await writeUntil(dir.path, { pieceCount, reported });
          if (!isDone) killed += 1;
          await expectHonest(dir.path, { reported, story: `kill ${killed} of seed ${seed}` });
        }
        await expectWhole(dir.path);
      }
    },
    60_000 + 5_000 * kills,
  );
});

/** Kills the writer once it has reported so many pieces; true when it came to its end before. */
async function writeUntil(
  dir: string,
  { pieceCount, reported }: { readonly pieceCount: number; readonly reported: Set<number> },
): Promise<boolean> {
  const child = spawn(process.execPath, ['--import', 'tsx', writer, dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  let count = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    reported.add(Number(line));
    count += 1;
    if (count === pieceCount) child.kill('SIGKILL');
  }
  return (await exited) === 0;
}

/** Looks at what the dead writer left, and leaves its state as it is. */
async function expectHonest(
  dir: string,
  { reported, story }: { readonly reported: ReadonlySet<number>; readonly story: string },
): Promise<void> {
  const { storage } = await Storage.open({ metainfo, dir, resume: 'none' });
  const had = [...storage.have.ones()];
  for (const piece of reported) expect(had, story).toContain(piece);
  for (const piece of had) expect(await storage.verifyPiece(piece), story).toBe(true);
  await storage.abandon();
}

async function expectWhole(dir: string): Promise<void> {
  for (const [file, { path }] of metainfo.files.entries()) {
    const content = await readFile(join(dir, ...path));
    expect(content.equals(writtenTorrent.contentOf(file))).toBe(true);
  }
  const entries = await readdir(dir, { recursive: true });
  expect(entries.filter((name) => /[.](part|tmp)$/.test(name))).toEqual([]);
  expect(pieces.count).toBeGreaterThan(100);
}
