import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { FileEntry } from './file-entry.ts';
import { segmentsOf } from './files.ts';

describe('segmentsOf', () => {
  it('cuts a range at the ends of files', () => {
    const metainfo = of([10, 0, 5, 20]);
    expect(segmentsOf(metainfo, 8, 10)).toEqual([
      { file: 0, begin: 8, length: 2 },
      { file: 2, begin: 0, length: 5 },
      { file: 3, begin: 0, length: 3 },
    ]);
    expect(segmentsOf(metainfo, 10, 1)).toEqual([{ file: 2, begin: 0, length: 1 }]);
    expect(segmentsOf(metainfo, 10, 0)).toEqual([]);
    expect(segmentsOf(metainfo, 34, 9)).toEqual([{ file: 3, begin: 19, length: 1 }]);
  });

  it('names the file of every byte as counting byte by byte does', () => {
    const lengths = fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(lengths, fc.nat({ max: 50 }), fc.nat({ max: 50 }), (list, offset, length) => {
        const bytes = list.flatMap((count, file) =>
          Array.from({ length: count }, (_, at) => `${file}:${at}`),
        );
        const found = segmentsOf(of(list), offset, length).flatMap((segment) =>
          Array.from({ length: segment.length }, (_, i) => `${segment.file}:${segment.begin + i}`),
        );
        expect(found).toEqual(bytes.slice(offset, offset + length));
      }),
    );
  });
});

function of(lengths: readonly number[]): { files: FileEntry[] } {
  let offset = 0;
  const files = lengths.map((length, i) => {
    const entry = { path: [`${i}`], length, offset };
    offset += length;
    return entry;
  });
  return { files };
}
