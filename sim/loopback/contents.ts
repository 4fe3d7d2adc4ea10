/** What a run shares: the source files, the torrent made of them, and the digests that downloads are held against. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Metainfo } from '../../core/torrent/metainfo.ts';
import { createTorrent } from '../../core/net/create.ts';
import { sha256File } from '../../core/net/hash.ts';
import type { ContentSpec } from '../scenario.ts';
import type { ContentFacts } from '../world.ts';
import { writeSeeded } from './bench-bytes.ts';

export type Content = {
  readonly facts: ContentFacts;
  readonly metainfo: Metainfo;
  readonly torrent: Uint8Array;
  /** Where the .torrent lies, for peers in processes of their own. */
  readonly torrentPath: string;
  /** The parent of the source's top-level name. */
  readonly dir: string;
};

export type ContentsOptions = {
  /** An empty directory of the run's own. */
  readonly dir: string;
  /** Where `{ file }` is looked for. */
  readonly inputDir: string;
  readonly announceUrl: string;
  readonly seed: number;
};

/** Makes every content of a plan, in its order. Rejects when an input file is not there. */
export async function makeContents(
  specs: readonly ContentSpec[],
  options: ContentsOptions,
): Promise<readonly Content[]> {
  const contents: Content[] = [];
  for (const [index, spec] of specs.entries()) {
    const dir = join(options.dir, String(index));
    await mkdir(dir, { recursive: true });
    contents.push(await makeContent(spec, { ...options, dir, index }));
  }
  return contents;
}

async function makeContent(
  spec: ContentSpec,
  options: ContentsOptions & { readonly index: number },
): Promise<Content> {
  const { dir, announceUrl } = options;
  const source = await makeSource(spec, options);
  const { bytes, metainfo } = await createTorrent(source, {
    trackers: [[announceUrl]],
    ...(spec.pieceBytes === undefined ? {} : { pieceLength: spec.pieceBytes }),
  });
  const torrentPath = join(dir, `${metainfo.infoHash}.torrent`);
  await writeFile(torrentPath, bytes);
  return { facts: await factsOf(metainfo, dir), metainfo, torrent: bytes, torrentPath, dir };
}

/** Returns the path of the file or directory. */
async function makeSource(
  spec: ContentSpec,
  { dir, inputDir, seed, index }: ContentsOptions & { readonly index: number },
): Promise<string> {
  if ('file' in spec) {
    const path = join(dir, basename(spec.file));
    await copyFile(insideOf(inputDir, spec.file), path);
    return path;
  }
  const path = join(dir, spec.name ?? `content-${index}`);
  if ('bytes' in spec) {
    await writeSeeded(path, spec.bytes, `${seed}/${index}`);
    return path;
  }
  for (const file of spec.files) {
    const target = insideOf(path, file.path);
    await mkdir(dirname(target), { recursive: true });
    await writeSeeded(target, file.bytes, `${seed}/${index}/${file.path}`);
  }
  return path;
}

/** A scenario may come from anywhere; the paths in it stay where they belong. */
export function insideOf(dir: string, path: string): string {
  const target = resolve(dir, path);
  if (relative(dir, target).startsWith('..')) throw new Error(`${path} leads out of ${dir}`);
  return target;
}

async function factsOf(metainfo: Metainfo, dir: string): Promise<ContentFacts> {
  const { infoHash, name, length, pieceLength, pieceCount } = metainfo;
  const files: ContentFacts['files'][number][] = [];
  for (const { path, length: fileLength } of metainfo.files)
    files.push({
      path: (metainfo.isMultiFile ? path.slice(1) : path).join('/'),
      length: fileLength,
      sha256: await sha256File(join(dir, ...path)),
    });
  return { infoHash, name, length, pieceLength, pieceCount, files };
}
