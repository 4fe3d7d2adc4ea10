import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { encodeBencode } from '../bencode/encode.ts';
import type { BencodeInput } from '../bencode/value.ts';
import { fromLatin1, latin1 } from '../bytes/utf8.ts';
import { damaged, metainfoSpec, sha1 } from '../testing/torrent-arbitraries.ts';
import { createMetainfo } from './create.ts';
import { PieceIndex } from './ids.ts';
import { MetainfoError } from './metainfo-error.ts';
import { type Metainfo, type ParseOptions, hashOf, parseMetainfo } from './metainfo.ts';

type Dict = { readonly [key: string]: BencodeInput | undefined };

const hashes = 'A'.repeat(20) + 'B'.repeat(20);
const single: Dict = { length: 20_000, name: 'a.txt', 'piece length': 16_384, pieces: hashes };
const multi: Dict = {
  files: [
    { length: 16_384, path: ['sub', 'b.txt'] },
    { length: 0, path: ['empty'] },
    { length: 3_616, path: ['c.txt'] },
  ],
  name: 'top',
  'piece length': 16_384,
  pieces: hashes,
};

describe('a good .torrent', () => {
  it('of one file', () => {
    const bytes = torrent(single, {
      announce: 'http://t/a',
      comment: 'hi',
      'creation date': 7,
      'created by': 'me',
    });
    expect(parse(bytes)).toEqual({
      infoHash: hexOf(encodeBencode(single)),
      name: 'a.txt',
      pieceLength: 16_384,
      pieceCount: 2,
      pieceHashes: fromLatin1(hashes),
      length: 20_000,
      files: [{ path: ['a.txt'], length: 20_000, offset: 0 }],
      isMultiFile: false,
      isPrivate: false,
      trackers: [['http://t/a']],
      webSeeds: [],
      httpSeeds: [],
      comment: 'hi',
      createdBy: 'me',
      creationDate: 7,
      info: encodeBencode(single),
      warnings: [],
    });
  });

  it('of several files, one of them empty', () => {
    const { files, isMultiFile, length } = parse(torrent({ ...multi, private: 1 }));
    expect({ isMultiFile, length }).toEqual({ isMultiFile: true, length: 20_000 });
    expect(files).toEqual([
      { path: ['top', 'sub', 'b.txt'], length: 16_384, offset: 0 },
      { path: ['top', 'empty'], length: 0, offset: 16_384 },
      { path: ['top', 'c.txt'], length: 3_616, offset: 16_384 },
    ]);
  });

  it('gives the hash of each piece', () => {
    const metainfo = parse(torrent(single));
    expect(latin1(hashOf(metainfo, PieceIndex(1)))).toBe('B'.repeat(20));
  });

  it.each([
    [1, true],
    [0, false],
    [2, false],
    [undefined, false],
  ])('with private=%s', (value, isPrivate) => {
    expect(parse(torrent({ ...single, private: value })).isPrivate).toBe(isPrivate);
  });

  it('takes the info hash over the bytes as they came', () => {
    const info =
      'd6:lengthi07e4:name1:a12:piece lengthi16384e6:pieces20:CCCCCCCCCCCCCCCCCCCC1:ai1ee';
    const { infoHash, warnings } = parse(fromLatin1(`d4:info${info}e`), { mode: 'lenient' });
    expect(infoHash).toBe(hexOf(fromLatin1(info)));
    expect(warnings).toEqual([
      'not canonical: leading-zero at byte 16',
      'not canonical: unsorted-keys at byte 82',
    ]);
  });

  it('does not change when the caller uses its buffer again', () => {
    const bytes = Buffer.from(torrent(single));
    const metainfo = parse(bytes);
    bytes.fill(0);
    expect(latin1(metainfo.info)).toBe(latin1(encodeBencode(single)));
    expect(latin1(metainfo.pieceHashes)).toBe(hashes);
  });

  it('reads a hybrid by its version 1 keys; pad files are marked and may share a path or have none', () => {
    const pad = { attr: 'p', length: 10, path: ['.pad', '10'] };
    const { attr, length } = pad;
    const info = {
      files: [
        { length: 16_374, path: ['a'] },
        pad,
        { length: 10, path: ['b'] },
        pad,
        { attr, length },
      ],
      'file tree': {},
      'meta version': 2,
      name: 'top',
      'piece length': 16_384,
      pieces: hashes,
    };
    const metainfo = parse(torrent(info));
    expect(metainfo.infoHash).toBe(hexOf(encodeBencode(info)));
    expect(metainfo.files.map((file) => file.isPad ?? false)).toEqual([
      false,
      true,
      false,
      true,
      true,
    ]);
    expect(metainfo.files.map((file) => file.path.join('/'))).toEqual([
      'top/a',
      'top/.pad/10',
      'top/b',
      'top/.pad/10',
      'top/.pad/10',
    ]);
    expect(metainfo.warnings).toEqual([]);
  });

  it('leaves the names of pad files to other files', () => {
    const pad = { attr: 'p', length: 10, path: ['a', '10'] };
    const files = [{ length: 16_374, path: ['a'] }, pad, { length: 3_616, path: ['A'] }];
    const metainfo = parse(torrent({ ...multi, files }));
    expect(metainfo.files.map(({ path }) => path.slice(1))).toEqual([['a'], ['a', '10'], ['A']]);
    expect(metainfo.warnings).toEqual(['"A" and "a" are one file on some systems']);
  });

  it('makes a link a plain file and says so', () => {
    const link = { attr: 'l', path: ['link'], 'symlink path': ['..', '..', 'etc', 'passwd'] };
    const { files, warnings } = parse(
      torrent({ ...multi, files: [link, { length: 20_000, path: ['a'] }] }),
    );
    expect(files[0]).toEqual({ path: ['top', 'link'], length: 0, offset: 0 });
    expect(warnings).toEqual(['link made a plain file: "link"']);
  });

  it('prefers name.utf-8 and path.utf-8', () => {
    const info = {
      ...multi,
      files: [{ length: 20_000, path: [fromLatin1('\xff')], 'path.utf-8': ['ä'] }],
      name: fromLatin1('\xff'),
      'name.utf-8': 'ö',
    };
    expect(parse(torrent(info)).files[0]?.path).toEqual(['ö', 'ä']);
  });

  it('in lenient mode keeps names that are not UTF-8 apart', () => {
    const files = ['\xe4', '\xf6'].map((name) => ({ length: 10_000, path: [fromLatin1(name)] }));
    const { files: read, warnings } = parse(torrent({ ...multi, files }), { mode: 'lenient' });
    expect(read.map(({ path }) => path[1])).toEqual(['ä', 'ö']);
    expect(warnings[0]).toBe('info.files.0.path.0 is not UTF-8: "ä"');
  });
});

describe('trackers and seeds', () => {
  it.each<[string, Dict, readonly (readonly string[])[]]>([
    ['none', {}, []],
    ['announce alone', { announce: 'udp://t:1/a' }, [['udp://t:1/a']]],
    [
      'a list, which replaces announce',
      { announce: 'http://x/', 'announce-list': [['http://a/', 'http://b/'], [], ['https://c/']] },
      [['http://a/', 'http://b/'], ['https://c/']],
    ],
    [
      'a list of nothing usable',
      { announce: 'http://x/', 'announce-list': [['file:///etc/passwd']] },
      [['http://x/']],
    ],
    ['an empty announce', { announce: '' }, []],
    ['an announce of a million characters', { announce: `http://a/${'x'.repeat(1_000_000)}` }, []],
  ])('%s', (_, outer, trackers) => {
    expect(parse(torrent(single, outer)).trackers).toEqual(trackers);
  });

  it('keeps dangerous URLs out, and passwords out of the warning', () => {
    const urls = [
      'file:///etc/passwd',
      'http://me:secret@host/',
      'http://a/\r\nX: y',
      'gopher://a/',
    ];
    const { trackers, warnings } = parse(torrent(single, { 'announce-list': [urls] }));
    expect(trackers).toEqual([]);
    expect(warnings).toEqual([
      'tracker left out, not http, https, udp: "file:///etc/passwd"',
      'tracker left out, a user name or password: "http://…@host/"',
      'tracker left out, characters that a URL cannot have: "http://a/\\u{d}\\u{a}X: y"',
      'tracker left out, not http, https, udp: "gopher://a/"',
    ]);
  });

  it('looks at the first hundred of ten thousand trackers', () => {
    const tiers = Array.from({ length: 10_000 }, (_, i) => [`http://t${i}/`]);
    const { trackers, warnings } = parse(torrent(single, { 'announce-list': tiers }));
    expect(trackers).toHaveLength(100);
    expect(trackers.at(-1)).toEqual(['http://t99/']);
    expect(warnings).toEqual(['only the first 100 are used of the URLs of trackers']);
  });

  it('gives a hundred warnings and counts the rest', () => {
    const files = Array.from({ length: 150 }, (_, i) => ({
      length: i === 0 ? 20_000 : 0,
      path: [`${i}?`],
    }));
    const { warnings } = parse(torrent({ ...multi, files }));
    expect(warnings).toHaveLength(101);
    expect(warnings.slice(-2)).toEqual(['"99?" is named "99_" here', 'and 50 more warnings']);
  });

  it.each<[Dict, readonly string[], readonly string[]]>([
    [{ 'url-list': 'http://a/' }, ['http://a/'], []],
    [{ 'url-list': '' }, [], []],
    [{ 'url-list': ['http://a/', 'ftp://b/', 'https://c/'] }, ['http://a/', 'https://c/'], []],
    [{ httpseeds: ['http://a/', 'udp://b/'] }, [], ['http://a/']],
  ])('reads web seeds from %o', (outer, webSeeds, httpSeeds) => {
    expect(parse(torrent(single, outer))).toMatchObject({ webSeeds, httpSeeds });
  });
});

const without = (dict: Dict, key: string): Dict => ({ ...dict, [key]: undefined });
const file = (path: BencodeInput, length: BencodeInput = 20_000): Dict => ({
  ...multi,
  files: [{ length, path }],
});

// What is wrong, the info dictionary, the code, and the text that begins at the offset.
const hostile: readonly (readonly [string, Dict, string, string])[] = [
  ['no name', without(single, 'name'), 'missing-key', 'd6:length'],
  ['a name that is a number', { ...single, name: 5 }, 'wrong-type', 'i5e12:piece'],
  ['a name that is not UTF-8', { ...single, name: fromLatin1('\xff') }, 'not-utf8', '1:\xff'],
  ['an empty name', { ...single, name: '' }, 'unsafe-path', '0:12:piece'],
  ['a name ..', { ...single, name: '..' }, 'unsafe-path', '2:..'],
  ['a bad name.utf-8', { ...single, 'name.utf-8': '/etc' }, 'unsafe-path', '4:/etc'],
  ['neither length nor files', without(single, 'length'), 'missing-key', 'd4:name'],
  ['length and files', { ...multi, length: 5 }, 'length-and-files', 'ld6:length'],
  ['a negative length', { ...single, length: -1 }, 'out-of-range', 'i-1e'],
  ['a length beyond 2^53', { ...single, length: 2n ** 53n }, 'out-of-range', 'i90071'],
  ['a length that is text', { ...single, length: '5' }, 'wrong-type', '1:5'],
  ['a length of 0', { ...single, length: 0, pieces: '' }, 'no-content', 'd6:length'],
  ['no files', { ...multi, files: [], pieces: '' }, 'no-content', 'd5:files'],
  ['files that are a dictionary', { ...multi, files: {} }, 'wrong-type', 'de4:name'],
  ['a file that is a number', { ...multi, files: [1] }, 'wrong-type', 'i1ee4:name'],
  ['a file without length', { ...multi, files: [{ path: ['a'] }] }, 'missing-key', 'd4:path'],
  ['a file without path', { ...multi, files: [{ length: 5 }] }, 'missing-key', 'd6:lengthi5ee'],
  [
    'lengths that add up to too much',
    {
      ...multi,
      files: [
        { length: 2 ** 53 - 1, path: ['a'] },
        { length: 1, path: ['b'] },
      ],
    },
    'out-of-range',
    'd6:lengthi1e',
  ],
  ['a negative file', file(['a'], -5), 'out-of-range', 'i-5e'],
  [
    'a file with path.utf-8 alone',
    { ...multi, files: [{ length: 5, 'path.utf-8': ['a'] }] },
    'missing-key',
    'd6:lengthi5e10:',
  ],
  ['a path that is text', file('a'), 'wrong-type', '1:a'],
  ['a path without components', file([]), 'unsafe-path', 'leee4:name'],
  ['a component that is a number', file(['a', 7]), 'wrong-type', 'i7e'],
  ['a step up', file(['a', '..', 'b']), 'unsafe-path', '2:..'],
  ['a step nowhere', file(['.']), 'unsafe-path', '1:.'],
  ['a component of 65,537 bytes', file(['x'.repeat(65_537)]), 'text-too-long', '65537:x'],
  ['an empty component', file(['a', '', 'b']), 'unsafe-path', '0:1:b'],
  ['an absolute path', file(['/etc/passwd']), 'unsafe-path', '11:/etc'],
  ['a slash inside', file(['a/../../b']), 'unsafe-path', '9:a/..'],
  ['a backslash inside', file(['..\\b']), 'unsafe-path', '4:..\\b'],
  ['a NUL', file(['a\0.txt']), 'unsafe-path', '6:a\0'],
  [
    'a bad path.utf-8',
    { ...multi, files: [{ length: 20_000, path: ['a'], 'path.utf-8': ['..'] }] },
    'unsafe-path',
    '2:..',
  ],
  [
    'a bad path of a pad file',
    { ...multi, files: [{ attr: 'p', length: 20_000, path: ['..'] }] },
    'unsafe-path',
    '2:..',
  ],
  ['an overlong form of ..', file([fromLatin1('\xc0\xae.')]), 'not-utf8', '3:\xc0'],
  ['101 components', file(Array.from({ length: 101 }, () => 'a')), 'path-too-deep', 'l1:a'],
  [
    'a path of 3,073 bytes',
    file(Array.from({ length: 14 }, (_, i) => 'a'.repeat(i === 0 ? 227 : 218))),
    'path-too-long',
    'l227:',
  ],
  ['a piece length of 0', { ...single, 'piece length': 0 }, 'out-of-range', 'i0e'],
  ['a negative piece length', { ...single, 'piece length': -1 }, 'out-of-range', 'i-1e'],
  ['a piece length of 2^40', { ...single, 'piece length': 2 ** 40 }, 'out-of-range', 'i10995'],
  ['no piece length', without(single, 'piece length'), 'missing-key', 'd6:length'],
  ['no pieces', without(single, 'pieces'), 'missing-key', 'd6:length'],
  ['pieces that are a list', { ...single, pieces: [] }, 'wrong-type', 'lee'],
  ['half a hash', { ...single, pieces: 'A'.repeat(30) }, 'bad-piece-hashes', '30:AAA'],
  ['a hash too few', { ...single, pieces: 'A'.repeat(20) }, 'piece-count-mismatch', '20:AAA'],
  ['a hash too many', { ...single, pieces: 'A'.repeat(60) }, 'piece-count-mismatch', '60:AAA'],
  ['a private that is text', { ...single, private: '1' }, 'wrong-type', '1:1'],
  [
    'version 2 only',
    { 'file tree': {}, 'meta version': 2, name: 'a', 'piece length': 16_384 },
    'unsupported-version',
    'i2e4:name',
  ],
  [
    'version 2 without saying so',
    { 'file tree': {}, name: 'a', 'piece length': 16_384 },
    'unsupported-version',
    'de4:name',
  ],
  ['version 3', { ...single, 'meta version': 3 }, 'unsupported-version', 'i3e'],
  ['a version that is text', { ...single, 'meta version': 'x' }, 'wrong-type', '1:x'],
];

describe('a bad .torrent', () => {
  it.each(hostile)('with %s', (_, info, code, place) => {
    expectFailure(torrent(info), code, place);
  });

  it.each<[string, Dict, string, string]>([
    ['a comment that is a list', { comment: [] }, 'wrong-type', 'le'],
    ['a comment of 65,537 bytes', { comment: 'x'.repeat(65_537) }, 'text-too-long', '65537:x'],
    ['a comment that is not UTF-8', { comment: fromLatin1('\xff') }, 'not-utf8', '1:\xff'],
    ['a negative date', { 'creation date': -1 }, 'out-of-range', 'i-1e'],
    ['announce that is a number', { announce: 1 }, 'wrong-type', 'i1e'],
    ['an announce-list of text', { 'announce-list': ['http://a/'] }, 'wrong-type', '9:http'],
    ['a url-list of numbers', { 'url-list': [1] }, 'wrong-type', 'i1e'],
    ['httpseeds that are text', { httpseeds: 'x' }, 'wrong-type', '1:x'],
  ])('with %s', (_, outer, code, place) => {
    expectFailure(torrent(single, outer), code, place);
  });

  it.each([
    ['nothing', '', 'truncated', 0],
    ['a web page', '<html>', 'unexpected-byte', 0],
    ['a list', 'le', 'wrong-type', 0],
    ['no info', 'd8:announce1:xe', 'missing-key', 0],
    ['info that is text', 'd4:info1:xe', 'wrong-type', 7],
    ['a second info', 'd4:infode4:infodee', 'duplicate-key', 9],
    ['something behind', 'd4:infodee\n', 'trailing-data', 10],
    ['deep nesting', 'l'.repeat(100_000), 'too-deep', 100],
  ])('that is %s', (_, text, code, offset) => {
    const error = failureOf(fromLatin1(text));
    expect({ code: error?.code, offset: error?.offset }).toEqual({ code, offset });
    expect(error?.message).toMatch(new RegExp(`at byte ${offset}$`));
  });

  it.each<[string, ParseOptions['limits'], string]>([
    ['bytes', { maxBytes: 100 }, 'too-many-bytes'],
    ['pieces', { maxPieces: 1 }, 'too-many-pieces'],
    ['bytes in a piece', { maxPieceBytes: 16_383 }, 'out-of-range'],
    ['files', { maxFiles: 2 }, 'too-many-files'],
    ['path components', { maxPathComponents: 3 }, 'too-many-files'],
    ['levels', { maxPathDepth: 1 }, 'path-too-deep'],
    ['bytes in a path', { maxPathBytes: 8 }, 'path-too-long'],
  ])('with too many %s', (_, limits, code) => {
    const error = failureOf(torrent(multi), { limits });
    expect(error?.code).toBe(code);
    expect(error?.offset).toBeGreaterThanOrEqual(0);
  });

  it('with exactly as many as allowed is good', () => {
    const limits = {
      maxPieces: 2,
      maxPieceBytes: 16_384,
      maxFiles: 3,
      maxPathComponents: 4,
      maxPathDepth: 2,
      maxPathBytes: 9,
    };
    expect(parse(torrent(multi), { limits }).pieceCount).toBe(2);
  });

  it('with one piece more than two million is refused by its own limit', () => {
    const info = {
      ...single,
      length: 2 ** 21 + 1,
      'piece length': 1,
      pieces: new Uint8Array(20 * (2 ** 21 + 1)),
    };
    expect(failureOf(torrent(info))?.code).toBe('too-many-pieces');
  });

  it('never makes parsing throw anything but a MetainfoError with an offset in the file', () => {
    const good = fc.oneof(
      metainfoSpec.map(createMetainfo),
      fc.constantFrom(torrent(single), torrent(multi)),
    );
    fc.assert(
      fc.property(
        good.chain(damaged),
        fc.constantFrom('strict' as const, 'lenient' as const),
        (bytes, mode) => {
          const error = failureOf(bytes, { mode });
          if (error === undefined) return;
          expect(error.offset).toBeGreaterThanOrEqual(0);
          expect(error.offset).toBeLessThanOrEqual(bytes.length);
        },
      ),
    );
  });

  it('never gets a value of the wrong type past the parser', () => {
    const keys = [
      ...new Set([
        ...Object.keys(single),
        ...Object.keys(multi),
        'private',
        'meta version',
        'file tree',
        'name.utf-8',
      ]),
    ];
    const wrong = fc.constantFrom<BencodeInput>(
      0,
      -1,
      2n ** 64n,
      '',
      'x',
      [],
      {},
      [[]],
      [{}],
      [0],
      { a: 1 },
    );
    const strange = fc.tuple(fc.constantFrom(single, multi), fc.constantFrom(...keys), wrong);
    fc.assert(
      fc.property(strange, ([info, key, value]) => {
        const bytes = torrent({ ...info, [key]: value });
        if (failureOf(bytes) === undefined) expectConsistent(parse(bytes));
      }),
    );
  });
});

function torrent(info: Dict, outer: Dict = {}): Uint8Array {
  return encodeBencode({ ...outer, info });
}

function parse(bytes: Uint8Array, options: Partial<ParseOptions> = {}): Metainfo {
  return parseMetainfo(bytes, { sha1, ...options });
}

function failureOf(
  bytes: Uint8Array,
  options: { [K in keyof ParseOptions]?: ParseOptions[K] | undefined } = {},
): MetainfoError | undefined {
  const { mode = 'strict', limits = {} } = options;
  try {
    parse(bytes, { mode, limits });
    return undefined;
  } catch (error) {
    if (error instanceof MetainfoError) return error;
    throw error;
  }
}

function expectFailure(bytes: Uint8Array, code: string, place: string): void {
  const error = failureOf(bytes);
  expect(error?.code).toBe(code);
  expect(latin1(bytes).slice(error?.offset)).toMatch(new RegExp(`^${escapeRegExp(place)}`));
}

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function hexOf(info: Uint8Array): string {
  return Buffer.from(sha1(info)).toString('hex');
}

/** What everything behind the parser relies on. */
function expectConsistent(metainfo: Metainfo): void {
  expect(metainfo.pieceHashes.length).toBe(20 * metainfo.pieceCount);
  expect(metainfo.pieceCount).toBe(Math.ceil(metainfo.length / metainfo.pieceLength));
  expect(metainfo.length).toBeGreaterThan(0);
  let end = 0;
  for (const { path, offset, length } of metainfo.files) {
    expect(offset).toBe(end);
    expect(path[0]).toBe(metainfo.name);
    for (const name of path) expect(name).toMatch(/^(?!\.{1,2}$)[^/\\\0]+$/);
    end += length;
  }
  expect(end).toBe(metainfo.length);
}
