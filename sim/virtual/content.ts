/** What a run shares: the same bytes for the same seed as in the loopback world, hashed once, and kept where they are needed. */
import { toHex } from '../../core/bytes/hex.ts';
import { encodeUtf8 } from '../../core/bytes/utf8.ts';
import { choosePieceLength, createMetainfo } from '../../core/torrent/create.ts';
import { type Metainfo, parseMetainfo } from '../../core/torrent/metainfo.ts';
import { Pieces } from '../../core/torrent/pieces.ts';
import type { ContentSpec } from '../scenario.ts';
import type { ContentFacts } from '../world.ts';
import type { Fidelity } from './fidelity.ts';
import { PieceHasher } from './piece-hasher.ts';
import type { Tools } from '../tools.ts';

export type VirtualContent = {
  readonly facts: ContentFacts;
  readonly metainfo: Metainfo;
  readonly pieces: Pieces;
  /** The .torrent, for the tracker's catalogue. */
  readonly torrent: Uint8Array;
  /** Every byte of it; undefined where blocks are elided. */
  readonly bytes: Uint8Array | undefined;
};

export type ContentOptions = {
  readonly tools: Tools;
  readonly fidelity: Fidelity;
  readonly announceUrl: string;
  readonly seed: number;
};

/** The source is held once, in one array, and no array of a typed kind may be longer. */
export const maxExactBytes: number = 2 ** 31;

/** Makes every content of a plan, in its order. Throws when an input file is not there, or when one is too long to be held. */
export const makeContents = (
  specs: readonly ContentSpec[],
  options: ContentOptions,
): readonly VirtualContent[] => specs.map((spec, index) => makeContent(spec, index, options));

/** A file of a content before it is hashed; `path` is below the torrent's name, and empty for a single file. */
type Source = {
  readonly path: readonly string[];
  readonly length: number;
  readonly parts: Iterable<Uint8Array>;
};

function makeContent(spec: ContentSpec, index: number, options: ContentOptions): VirtualContent {
  const { tools, fidelity, announceUrl } = options;
  const { name, sources } = sourcesOf(spec, index, options);
  const length = sources.reduce((sum, source) => sum + source.length, 0);
  const pieceLength = spec.pieceBytes ?? choosePieceLength(length);
  const pieces = new Pieces({ length, pieceLength });
  if (fidelity === 'byte-exact' && length > maxExactBytes)
    throw new RangeError(`${name} has ${length} bytes: too many to be played byte for byte`);
  const bytes = fidelity === 'byte-exact' ? new Uint8Array(length) : undefined;
  const { pieceHashes, digests } = hashed(sources, { pieces, bytes, tools });
  const isSingle = sources[0]?.path.length === 0;
  const torrent = createMetainfo({
    name,
    pieceLength,
    pieceHashes,
    trackers: [[announceUrl]],
    ...(isSingle ? { length } : { files: sources }),
  });
  const metainfo = parseMetainfo(torrent, { sha1: tools.sha1 });
  const facts = factsOf(metainfo, digests);
  return { facts, metainfo, pieces, torrent, bytes };
}

function sourcesOf(
  spec: ContentSpec,
  index: number,
  { tools, seed }: ContentOptions,
): { readonly name: string; readonly sources: readonly Source[] } {
  if ('file' in spec) {
    const bytes = tools.readInput(spec.file);
    const name = spec.file.slice(spec.file.lastIndexOf('/') + 1);
    return { name, sources: [{ path: [], length: bytes.length, parts: [bytes] }] };
  }
  const name = spec.name ?? `content-${index}`;
  if ('bytes' in spec) {
    const parts = tools.seededBytes(spec.bytes, `${seed}/${index}`);
    return { name, sources: [{ path: [], length: spec.bytes, parts }] };
  }
  const sources = spec.files.map(({ path, bytes }) => ({
    path: path.split('/'),
    length: bytes,
    parts: tools.seededBytes(bytes, `${seed}/${index}/${path}`),
  }));
  return { name, sources: inTorrentOrder(sources) };
}

/** As `createTorrent` has them: by the bytes of their paths. */
const inTorrentOrder = (sources: readonly Source[]): readonly Source[] =>
  sources
    .map((source) => ({ source, key: toHex(encodeUtf8(source.path.join('/'))) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ source }) => source);

type Hashes = { readonly pieceHashes: Uint8Array; readonly digests: readonly string[] };

/** Reads every source once: hashes its pieces and files, and keeps the bytes if there is a place for them. */
function hashed(
  sources: readonly Source[],
  {
    pieces,
    bytes,
    tools,
  }: {
    readonly pieces: Pieces;
    readonly bytes: Uint8Array | undefined;
    readonly tools: Tools;
  },
): Hashes {
  const hasher = new PieceHasher(pieces, tools.sha1);
  let offset = 0;
  const digests = sources.map(({ parts }) => {
    const digest = tools.sha256();
    for (const part of parts) {
      digest.update(part);
      hasher.push(part);
      bytes?.set(part, offset);
      offset += part.length;
    }
    return digest.hex();
  });
  return { pieceHashes: hasher.hashes, digests };
}

function factsOf(metainfo: Metainfo, digests: readonly string[]): ContentFacts {
  const { infoHash, name, length, pieceLength, pieceCount, files, isMultiFile } = metainfo;
  return {
    infoHash,
    name,
    length,
    pieceLength,
    pieceCount,
    files: files.map((file, index) => ({
      path: (isMultiFile ? file.path.slice(1) : file.path).join('/'),
      length: file.length,
      sha256: digests[index] ?? '',
    })),
  };
}
