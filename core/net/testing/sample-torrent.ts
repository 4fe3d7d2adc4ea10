/** Small torrents with their content, made by hand so that any geometry can be had. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InfoHash, PieceIndex } from '../../torrent/ids.ts';
import type { FileEntry, Metainfo } from '../../torrent/metainfo.ts';
import { Pieces } from '../../torrent/pieces.ts';
import { sha1, sha1Hex } from '../hash.ts';

export type SampleTorrent = {
  readonly metainfo: Metainfo;
  readonly content: Uint8Array;
  readonly pieces: Pieces;
  bytesOf(piece: number): Uint8Array;
  contentOf(file: number): Uint8Array;
};

export type SampleFile = {
  readonly path: readonly string[];
  readonly length: number;
  readonly isPad?: true;
};

/** One file called `name`, or several below it. Content is a fixed noise; pads are zeros. */
export function sampleTorrent(options: {
  readonly name?: string;
  readonly files: number | readonly SampleFile[];
  readonly pieceLength: number;
}): SampleTorrent {
  const { name = 'sample', pieceLength } = options;
  const isMultiFile = typeof options.files !== 'number';
  const given = isMultiFile ? options.files : [{ path: [], length: options.files }];
  const files = entriesOf(name, given);
  const length = files.reduce((sum, file) => sum + file.length, 0);
  const content = noise(length);
  for (const file of files)
    if (file.isPad === true) content.fill(0, file.offset, file.offset + file.length);
  const pieces = new Pieces({ length, pieceLength });
  const bytesOf = (piece: number): Uint8Array => {
    const begin = pieces.offsetOf(PieceIndex(piece));
    return content.subarray(begin, begin + pieces.lengthOf(PieceIndex(piece)));
  };
  const pieceHashes = new Uint8Array(20 * pieces.count);
  for (let piece = 0; piece < pieces.count; piece += 1)
    pieceHashes.set(sha1(bytesOf(piece)), 20 * piece);
  const metainfo: Metainfo = {
    ...{ name, pieceLength, pieceHashes, length, files, isMultiFile },
    infoHash: InfoHash(sha1Hex(Buffer.concat([Buffer.from(JSON.stringify(options)), pieceHashes]))),
    pieceCount: pieces.count,
    isPrivate: false,
    ...{ trackers: [], webSeeds: [], httpSeeds: [], warnings: [] },
    info: new Uint8Array(),
  };
  const contentOf = (file: number): Uint8Array => {
    const entry = files[file] ?? { offset: 0, length: 0 };
    return content.subarray(entry.offset, entry.offset + entry.length);
  };
  return { metainfo, content, pieces, bytesOf, contentOf };
}

/** Puts the whole content under its final names in `dir`. */
export async function placeContent(torrent: SampleTorrent, dir: string): Promise<void> {
  for (const [file, entry] of torrent.metainfo.files.entries()) {
    if (entry.isPad === true) continue;
    const path = join(dir, ...entry.path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, torrent.contentOf(file));
  }
}

function entriesOf(name: string, given: readonly SampleFile[]): readonly FileEntry[] {
  let offset = 0;
  return given.map(({ path, ...rest }) => {
    const entry = { ...rest, path: [name, ...path], offset };
    offset += rest.length;
    return entry;
  });
}

function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 16;
  });
}
