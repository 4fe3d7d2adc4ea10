/** Arbitrary bencoded values, torrents and damaged bytes. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { BencodeValue } from '../bencode/value.ts';
import { Bitfield } from '../torrent/bitfield.ts';
import type { FileSpec, MetainfoSpec } from '../torrent/create.ts';
import type { Sha1 } from '../torrent/ids.ts';

/** The real thing, a plain Uint8Array. */
export const sha1: Sha1 = (bytes) => new Uint8Array(createHash('sha1').update(bytes).digest());

const key = fc.oneof(
  fc.uint8Array({ maxLength: 6 }).map((bytes) => String.fromCharCode(...bytes)),
  fc.constantFrom('__proto__', 'constructor', '0', '10', '9', ''),
);

/** Any value that bencoding can say, as decoding gives it. */
export const bencodeValue: fc.Arbitrary<BencodeValue> = fc.letrec<{ value: BencodeValue }>(
  (tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.maxSafeInteger(),
      fc
        .bigInt({ min: -(2n ** 80n), max: 2n ** 80n })
        .filter((n) => !Number.isSafeInteger(Number(n))),
      fc.uint8Array({ maxLength: 20 }),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
    ),
  }),
).value;

/** A set of pieces, with the plain Set that it must equal. */
export const bitfield: fc.Arbitrary<{ bits: Bitfield; plain: Set<number> }> = fc
  .integer({ min: 1, max: 200 })
  .chain((count) =>
    fc.uniqueArray(fc.nat({ max: count - 1 })).map((indexes) => {
      const bits = new Bitfield(count);
      for (const index of indexes) bits.set(index);
      return { bits, plain: new Set(indexes) };
    }),
  );

/** A name that every file system takes. */
export const portable: fc.Arbitrary<string> = fc
  .string({ unit: fc.constantFrom('a', 'z', '0', ' ', '.', 'ä', '漢', '😀'), maxLength: 12 })
  .map((middle) => `x${middle}y`);

const url = fc.constantFrom(
  'http://127.0.0.1:8888/announce',
  'https://tracker.example/announce?key=1',
  'udp://[::1]:6969',
);

/** Files in directories of their own, so that no path is there twice or inside another. */
const files: fc.Arbitrary<readonly FileSpec[]> = fc
  .array(fc.tuple(fc.array(portable, { minLength: 1, maxLength: 3 }), fc.nat({ max: 100_000 })), {
    minLength: 1,
    maxLength: 6,
  })
  .map((list) => list.map(([path, length], i) => ({ path: [`d${i}`, ...path], length })))
  .filter((list) => list.some(({ length }) => length > 0));

/** What createMetainfo takes, with every option there or not. */
export const metainfoSpec: fc.Arbitrary<MetainfoSpec> = fc
  .tuple(
    fc.oneof(fc.record({ length: fc.integer({ min: 1, max: 1_000_000 }) }), fc.record({ files })),
    fc.constantFrom(1_000, 16_384, 65_536),
    fc.record({ name: portable }),
    fc.record(
      {
        trackers: fc.array(fc.array(url, { minLength: 1, maxLength: 3 }), { maxLength: 3 }),
        webSeeds: fc.array(fc.constant('http://127.0.0.1/files/'), { maxLength: 2 }),
        isPrivate: fc.boolean(),
        comment: fc.string({ unit: 'binary' }),
        createdBy: fc.string(),
        creationDate: fc.nat(),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([content, pieceLength, name, options]) => {
    const length =
      'files' in content
        ? content.files.reduce((sum, file) => sum + file.length, 0)
        : content.length;
    const pieceHashes = new Uint8Array(20 * Math.ceil(length / pieceLength)).fill(7);
    return { ...content, ...name, ...options, pieceLength, pieceHashes };
  });

/** `bytes` with a few places overwritten, cut out or doubled. */
export const damaged = (bytes: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc
    .array(
      fc.record({
        at: fc.nat({ max: bytes.length }),
        drop: fc.nat({ max: 5 }),
        put: fc.oneof(
          fc.uint8Array({ maxLength: 3 }),
          fc.constantFrom('e', 'i', 'l', 'd', '0', '-', ':', 'i-1e', '99:', 'le', 'de').map(text),
        ),
      }),
      { minLength: 1, maxLength: 4 },
    )
    .map((edits) =>
      edits.reduce(
        (whole, { at, drop, put }) =>
          Uint8Array.from([...whole.subarray(0, at), ...put, ...whole.subarray(at + drop)]),
        bytes,
      ),
    );

const text = (characters: string): Uint8Array =>
  Uint8Array.from(characters, (c) => c.charCodeAt(0));
