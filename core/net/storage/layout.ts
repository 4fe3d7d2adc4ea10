/** Where the files of a torrent lie on disk, under their final and their partial names. */
import { basename, dirname, join, sep } from 'node:path';
import type { FileEntry, Metainfo } from '../../torrent/metainfo.ts';
import { DiskError } from '../disk-error.ts';

/** What one component of a path may measure on every usual file system, with room for `.tmp` while a state is replaced. */
const maxNameBytes = 255 - '.tmp'.length;

/** One file. Everything is an absolute path but `entry`. */
export type FilePlace = {
  readonly entry: FileEntry;
  /** Its name once every piece of it is verified. */
  readonly final: string;
  /** Its name until then. */
  readonly part: string;
};

export type Layout = {
  /** Where the top-level name is. */
  readonly dir: string;
  /** One for each file of the torrent, pad files included. */
  readonly files: readonly FilePlace[];
  /** The name of the resume state, to go into `dir` or a directory for states. */
  readonly resumeName: string;
};

/** Lays the torrent out under `dir`, an absolute path. `name` replaces its top-level name. Throws DiskError `unsafe-path`. */
export function layoutOf(metainfo: Metainfo, dir: string, name: string = metainfo.name): Layout {
  const finals = metainfo.files.map(({ path }) => join(dir, ...safePath([name, ...path.slice(1)])));
  const parts = partsOf(finals, dir, metainfo.infoHash);
  const files = metainfo.files.map((entry, file) => ({
    entry,
    final: finals[file] as string,
    part: parts[file] as string,
  }));
  const resumeName = fit(`.${name}`, `.${metainfo.infoHash.slice(0, 8)}.resume`);
  return { dir, files, resumeName };
}

/** The directories from below `dir` down to the one that holds `path`. */
export function parentsOf(dir: string, path: string): readonly string[] {
  const parents: string[] = [];
  for (let parent = dirname(path); parent.length > dir.length; parent = dirname(parent))
    parents.unshift(parent);
  return parents;
}

/** The metainfo has cleaned its paths; storage does not take that on trust. */
function safePath(path: readonly string[]): readonly string[] {
  for (const component of path)
    if (['', '.', '..'].includes(component) || /[/\\\0]/.test(component))
      throw new DiskError('unsafe-path', { errno: 'not a file name', path: path.join(sep) });
  return path;
}

/** A torrent may itself hold `a` and `a.part`, on purpose; then the suffix is one it cannot have foreseen. */
function partsOf(finals: readonly string[], dir: string, infoHash: string): readonly string[] {
  const taken = new Set(
    finals.flatMap((path) => [path, ...parentsOf(dir, path)]).map((path) => path.toLowerCase()),
  );
  const parts = finals.map((path, file) => partOf(path, file, '.part'));
  const isFree = parts.every((path) => !taken.has(path.toLowerCase()));
  return isFree ? parts : finals.map((path, file) => partOf(path, file, `.${infoHash}.part`));
}

/** A name that has to be cut gets its file's index, or two long names could become one. */
function partOf(path: string, file: number, suffix: string): string {
  const fits = Buffer.byteLength(basename(path)) + suffix.length <= maxNameBytes;
  return join(dirname(path), fit(basename(path), fits ? suffix : `.${file}${suffix}`));
}

/** Cuts the name, never in the middle of a character, so that the suffix still fits. */
function fit(name: string, suffix: string): string {
  const characters = [...name];
  while (Buffer.byteLength(characters.join('')) + suffix.length > maxNameBytes) characters.pop();
  return characters.join('') + suffix;
}
