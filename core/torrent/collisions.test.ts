import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { Collisions } from './collisions.ts';

describe('files of one path', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['stay when there are none', ['a', 'b/a', 'b/c'], ['a', 'b/a', 'b/c']],
    [
      'get a number before the extension',
      ['a.txt', 'a.txt', 'a.txt'],
      ['a.txt', 'a.1.txt', 'a.2.txt'],
    ],
    ['never take the name of another file', ['a', 'a', 'a.1'], ['a', 'a.2', 'a.1']],
    ['give way to a directory', ['a', 'a/b'], ['a.1', 'a/b']],
    ['give way to a directory that comes first', ['a/b', 'a'], ['a/b', 'a.1']],
    ['are told apart in each directory', ['x/a', 'y/a', 'x/a'], ['x/a', 'y/a', 'x/a.1']],
  ])('%s', (_, paths, expected) => {
    expect(placed(paths).paths).toEqual(expected);
  });

  it('reports names that only some file systems keep apart, and leaves them', () => {
    const { paths, clashes } = placed(['README', 'readme', 'A/x', 'a/x', 'é', 'e\u0301']);
    expect(paths).toEqual(['README', 'readme', 'A/x', 'a/x', 'é', 'e\u0301']);
    expect(clashes).toEqual(['readme=README', 'a=A', 'e\u0301=é']);
  });

  it('gives up after five hundred', () => {
    const paths = Array.from({ length: 502 }, () => 'a');
    expect(placed(paths.slice(1)).paths).not.toContain(undefined);
    expect(placed(paths).paths.at(-1)).toBeUndefined();
  });

  it('gives up when the numbers are taken on purpose', () => {
    const taken = Array.from({ length: 500 }, (_, i) => `a.${i + 1}`);
    expect(placed([...taken, 'a', 'a']).paths.at(-1)).toBeUndefined();
  });

  it('takes time in proportion to a hundred thousand files', () => {
    const paths = Array.from({ length: 100_000 }, (_, i) => `d${i % 100}/f${i}`);
    expect(placed(paths).paths).toEqual(paths);
  });

  it('end with a path each, none of which is a directory of another', () => {
    const name = fc.constantFrom('a', 'b', 'a.1', 'a.2', 'a.1.1');
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
    fc.assert(
      fc.property(fc.array(path, { maxLength: 12 }), (list) => {
        const { paths } = placed(list);
        expect(new Set(paths).size).toBe(list.length);
        for (const [i, own] of paths.entries())
          expect(
            paths.some((other) => other?.startsWith(`${own}/`)),
            `${own} of ${i}`,
          ).toBe(false);
      }),
    );
  });
});

function placed(list: readonly string[]): {
  readonly paths: readonly (string | undefined)[];
  readonly clashes: readonly string[];
} {
  const clashes: string[] = [];
  const collisions = new Collisions((name, other) => clashes.push(`${name}=${other}`));
  const split = list.map((path) => path.split('/'));
  for (const path of split) collisions.add(path);
  return { paths: split.map((path) => collisions.place(path)?.join('/')), clashes };
}
