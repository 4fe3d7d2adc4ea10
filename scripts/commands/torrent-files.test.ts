/** `create`, `info` and `verify`, each on what the one before made. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packageFile } from '../package-file.ts';
import { FakeTerminal, play } from '../testing/fake-terminal.ts';

const story = packageFile('input/story.txt');

describe('create, info and verify', () => {
  it('describe the same file with the same words', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'story.torrent');
      const url = 'http://127.0.0.1:8888/announce';
      const created = await play(['create', story, '-o', file, '--tracker', url, '--json']);
      expect(created.exit).toBe(0);
      const info = await play(['info', file, '--json']);
      const document: unknown = JSON.parse(info.out);
      expect(document).toMatchObject({
        name: 'story.txt',
        infoHash: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
        pieceLength: 16_384,
        pieces: 1,
        length: readFileSync(story).length,
        private: false,
        files: [{ path: 'story.txt', length: readFileSync(story).length }],
        trackers: [[url]],
      });
      expect(JSON.parse(created.out)).toEqual({ path: file, ...(document as object) });
      expect((await play(['verify', file, story])).exit).toBe(0);
    });
  });

  it('make the same bytes each time', async () => {
    await inFolder(async (folder) => {
      const [first, second] = [join(folder, '1'), join(folder, '2')];
      await play(['create', story, '-o', first]);
      await play(['create', story, '-o', second]);
      expect(sameFile(first, second)).toBe(true);
    });
  });

  it('find the piece that was changed, and exit with 1', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'music.torrent');
      const copy = join(folder, 'music.mp3');
      await play(['create', packageFile('input/music.mp3'), '-o', file, '--piece-length', '64KiB']);
      copyFileSync(packageFile('input/music.mp3'), copy);
      const bytes = readFileSync(copy);
      bytes.writeUInt8(bytes.readUInt8(3 * 65_536) ^ 1, 3 * 65_536);
      writeFileSync(copy, bytes);
      const { exit, out } = await play(['verify', file, copy, '--json']);
      expect(exit).toBe(1);
      expect(JSON.parse(out)).toMatchObject({
        verified: false,
        pieces: 64,
        piecesGood: 63,
        bad: [3],
      });
      expect(readFileSync(copy).equals(bytes)).toBe(true);
    });
  });

  it('say nothing on stderr', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'story.torrent');
      const runs = [
        await play(['create', story, '-o', file]),
        await play(['info', file]),
        await play(['verify', file, story]),
      ];
      expect(runs.map(({ err }) => err)).toEqual(['', '', '']);
      expect(runs[1]?.out).toContain('story.txt');
    });
  });
});

describe('info on hostile files', () => {
  it.each([
    ['nothing', ''],
    ['a picture', readFileSync(packageFile('input/piece-map.png'), 'latin1').slice(0, 2_000)],
    ['a list', 'le'],
    ['deep nesting', 'l'.repeat(100_000)],
    ['a string of four GiB', '4294967297:x'],
    [
      'a leading zero',
      'd4:infod6:lengthi01e4:name1:a12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee',
    ],
    ['no info', 'd8:announce1:xe'],
    ['a piece length of nothing', infoWith('12:piece lengthi0e')],
    ['too few hashes', infoWith('12:piece lengthi1e')],
    ['trailing bytes', `${infoWith('12:piece lengthi16384e')}x`],
    [
      'a path that climbs',
      'd4:infod5:filesld6:lengthi1e4:pathl2:..1:aeee4:name1:a12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee',
    ],
  ])('refuses %s with a code and an offset', async (_what, content) => {
    const { exit, document } = await infoOn(Buffer.from(content, 'latin1'));
    expect(exit).toBe(2);
    expect(document).toEqual({
      error: {
        code: expect.stringMatching(/^[a-z0-9-]+$/) as string,
        message: expect.any(String) as string,
        offset: expect.any(Number) as number,
      },
    });
  });

  it('never crashes, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const { exit, document } = await infoOn(bytes);
        expect(exit).toBe(2);
        expect(document).toHaveProperty('error.offset');
      }),
      { numRuns: 50 },
    );
  });
});

/** A torrent of one byte, with the rest of its info as given. */
function infoWith(pieceLength: string): string {
  return `d4:infod6:lengthi20000e4:name1:a${pieceLength}6:pieces20:${'a'.repeat(20)}ee`;
}

async function infoOn(content: Uint8Array): Promise<{ exit: number; document: unknown }> {
  return inFolder(async (folder) => {
    const file = join(folder, 'hostile.torrent');
    writeFileSync(file, content);
    const { exit, out, err } = await play(['info', file, '--json'], new FakeTerminal());
    expect(err).toBe('');
    return { exit, document: JSON.parse(out) as unknown };
  });
}

async function inFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'swarmproof-cli-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Comparing megabytes with `toEqual` takes minutes. */
const sameFile = (a: string, b: string): boolean => readFileSync(a).equals(readFileSync(b));
