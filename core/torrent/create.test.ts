import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { latin1 } from '../bytes/utf8.ts';
import { metainfoSpec, sha1 } from '../testing/torrent-arbitraries.ts';
import { type MetainfoSpec, choosePieceLength, createMetainfo } from './create.ts';
import { MetainfoError } from './metainfo-error.ts';
import { parseMetainfo } from './metainfo.ts';

const base = { name: 'a', pieceLength: 16_384, pieceHashes: new Uint8Array(20).fill(65) };
const hashText = `6:pieces20:${'A'.repeat(20)}`;

const golden: readonly (readonly [string, MetainfoSpec, string])[] = [
  [
    'one file and nothing else',
    { ...base, length: 5 },
    `d4:infod6:lengthi5e4:name1:a12:piece lengthi16384e${hashText}ee`,
  ],
  [
    'two files',
    {
      ...base,
      files: [
        { path: ['x', 'y'], length: 1 },
        { path: ['z'], length: 2 },
      ],
    },
    `d4:infod5:filesld6:lengthi1e4:pathl1:x1:yeed6:lengthi2e4:pathl1:zeee4:name1:a12:piece lengthi16384e${hashText}ee`,
  ],
  [
    'everything',
    {
      ...base,
      length: 5,
      trackers: [['http://t/']],
      webSeeds: ['http://w/'],
      isPrivate: true,
      comment: 'ä',
      createdBy: 'me',
      creationDate: 1,
    },
    `d8:announce9:http://t/7:comment2:\xc3\xa410:created by2:me13:creation datei1e4:infod6:lengthi5e4:name1:a12:piece lengthi16384e${hashText}7:privatei1ee8:url-listl9:http://w/ee`,
  ],
  [
    'two tiers',
    { ...base, length: 5, trackers: [['http://t/'], [], ['http://u/']] },
    `d8:announce9:http://t/13:announce-listll9:http://t/el9:http://u/ee4:infod6:lengthi5e4:name1:a12:piece lengthi16384e${hashText}ee`,
  ],
];

describe('createMetainfo', () => {
  it.each(golden)('writes %s', (_, spec, text) => {
    expect(latin1(createMetainfo(spec))).toBe(text);
  });

  it('writes what parseMetainfo reads back as given', () => {
    fc.assert(
      fc.property(metainfoSpec, (spec) => {
        const back = parseMetainfo(createMetainfo(spec), { sha1 });
        const trackers = (spec.trackers ?? []).filter((tier) => tier.length > 0);
        const files = spec.files?.map(({ path, length }) => ({
          path: [spec.name, ...path],
          length,
        }));
        expect(back).toMatchObject({
          name: spec.name,
          pieceLength: spec.pieceLength,
          isPrivate: spec.isPrivate ?? false,
          isMultiFile: spec.files !== undefined,
          trackers,
          webSeeds: spec.webSeeds ?? [],
          files: files ?? [{ path: [spec.name], length: spec.length }],
          warnings: [],
        });
        expect(latin1(back.pieceHashes)).toBe(latin1(spec.pieceHashes));
        expect(back.comment).toBe(spec.comment);
        expect(back.createdBy).toBe(spec.createdBy);
        expect(back.creationDate).toBe(spec.creationDate);
      }),
    );
  });

  it.each<[string, MetainfoSpec, string]>([
    ['a name with a separator', { ...base, name: '../a', length: 5 }, 'unsafe-path'],
    ['a name that not every system takes', { ...base, name: 'a?', length: 5 }, 'unportable-name'],
    [
      'an unportable directory',
      { ...base, files: [{ path: ['CON', 'a'], length: 5 }] },
      'unportable-name',
    ],
    ['no bytes', { ...base, length: 0, pieceHashes: new Uint8Array(0) }, 'no-content'],
    ['no files', { ...base, files: [] }, 'no-content'],
    [
      'a file twice',
      {
        ...base,
        files: [
          { path: ['a'], length: 5 },
          { path: ['a'], length: 5 },
        ],
      },
      'duplicate-path',
    ],
    [
      'a file that is a directory',
      {
        ...base,
        files: [
          { path: ['a'], length: 5 },
          { path: ['a', 'b'], length: 5 },
        ],
      },
      'duplicate-path',
    ],
    ['a path of nothing', { ...base, files: [{ path: [], length: 5 }] }, 'unsafe-path'],
    ['a hash too few', { ...base, length: 16_385 }, 'piece-count-mismatch'],
    ['a piece length of 0', { ...base, length: 5, pieceLength: 0 }, 'out-of-range'],
    [
      'a tracker that nobody could ask',
      { ...base, length: 5, trackers: [['http://a/', 'ftp://b/']] },
      'unusable-url',
    ],
    ['a web seed that nobody could ask', { ...base, length: 5, webSeeds: ['x'] }, 'unusable-url'],
  ])('refuses %s', (_, spec, code) => {
    expect(codeOf(() => createMetainfo(spec))).toBe(code);
  });
});

describe('choosePieceLength', () => {
  it.each([
    [0, 16_384],
    [1, 16_384],
    [16 * 2 ** 20, 16_384],
    [16 * 2 ** 20 + 1, 32_768],
    [2 ** 30, 2 ** 20],
    [16 * 2 ** 30, 16 * 2 ** 20],
    [2 ** 40, 16 * 2 ** 20],
  ])('%d bytes: %d', (length, pieceLength) => {
    expect(choosePieceLength(length)).toBe(pieceLength);
  });
});

function codeOf(create: () => unknown): string | undefined {
  try {
    create();
    return undefined;
  } catch (error) {
    return error instanceof MetainfoError ? error.code : String(error);
  }
}
