import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampleTorrent } from '../testing/sample-torrent.ts';
import { layoutOf } from './layout.ts';

describe('where the files of a torrent lie', () => {
  it('is the name alone for one file, and a directory of that name for several', () => {
    const { files, resumeName } = layoutOf(single('tune.mp3'), '/out');
    expect(files.map(({ final, part }) => [final, part])).toEqual([
      ['/out/tune.mp3', '/out/tune.mp3.part'],
    ]);
    expect(resumeName).toMatch(/^[.]tune[.]mp3[.][0-9a-f]{8}[.]resume$/);
    const album = layoutOf(several(['b']), '/out', 'mine');
    expect(album.files[0]?.final).toBe('/out/mine/b');
  });

  it.each([['..'], ['.'], [''], ['a/b'], ['a\0'], ['..\\a']])(
    'is never outside the directory (%j)',
    (name) => {
      expect(() => layoutOf(single('a'), '/out', name)).toThrow('leaves the directory');
      expect(() => layoutOf(several([name]), '/out')).toThrow('leaves the directory');
    },
  );

  it('gives partial names that no file of the torrent has, were it made so on purpose', () => {
    for (const other of ['a.part', 'A.PART', 'a.part/x']) {
      const { files } = layoutOf(several(['a'], other.split('/')), '/out');
      const names = files.flatMap(({ final, part }) => [final, part]);
      expect(new Set(names).size).toBe(4);
      expect(files[0]?.part).toMatch(/[/]a[.][0-9a-f]{40}[.]part$/);
    }
  });

  it('cuts long names so that every system takes them, and two never become one', () => {
    const long = 'ü'.repeat(126);
    const { files, resumeName } = layoutOf(several([`${long}-1`], [`${long}-2`]), '/out', long);
    const parts = files.map(({ part }) => basename(part));
    expect(new Set(parts).size).toBe(2);
    for (const name of [...parts, resumeName, `${resumeName}.tmp`])
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    expect(parts[0]).toMatch(/^ü+[.]0[.]part$/);
  });
});

const single = (name: string): ReturnType<typeof sampleTorrent>['metainfo'] =>
  sampleTorrent({ name, files: 10, pieceLength: 16 }).metainfo;

const several = (...paths: readonly (readonly string[])[]): ReturnType<typeof single> =>
  sampleTorrent({ files: paths.map((path) => ({ path, length: 10 })), pieceLength: 16 }).metainfo;
