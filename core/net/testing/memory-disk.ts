/** A disk in memory whose time is a count of changes: the state a crash leaves can be built from a log. */
import { dirname } from 'node:path';
import type { Disk, DiskFile, DiskSpace, DiskStat, OpenMode } from '../disk.ts';
import { DiskError } from '../disk-error.ts';

type Node = {
  kind: 'file' | 'directory';
  bytes: Uint8Array;
  mtimeMs: number;
  links: number;
};

/** Everything under `/`. `now` is the time of the next change; a replay may set it. */
export class MemoryDisk implements Disk {
  now = 1;
  readonly #nodes = new Map<string, Node>([['/', newNode('directory', 0)]]);

  /** The content of a file; undefined when there is none of that name. */
  contentOf(path: string): Uint8Array | undefined {
    const node = this.#nodes.get(path);
    return node?.kind === 'file' ? node.bytes : undefined;
  }

  /** Every path, directories included. */
  paths(): readonly string[] {
    return [...this.#nodes.keys()];
  }

  /** Makes an empty file if it is absent. */
  create(path: string): void {
    this.#parentOf(path);
    if (!this.#nodes.has(path)) this.#nodes.set(path, newNode('file', this.now++));
  }

  /** Changes a file in place; it grows as needed. */
  put(path: string, bytes: Uint8Array, position: number): void {
    grow(this.#nodeAt(path), position + bytes.length).set(bytes, position);
    this.#nodeAt(path).mtimeMs = this.now++;
  }

  addDirectory(path: string): void {
    this.#parentOf(path);
    if (!this.#nodes.has(path)) this.#nodes.set(path, newNode('directory', this.now++));
  }

  /** Renames; what had the new name is gone. */
  move(source: string, target: string): void {
    const node = this.#nodeAt(source);
    this.#parentOf(target);
    const replaced = this.#nodes.get(target);
    if (replaced !== undefined) replaced.links = 0;
    this.#nodes.delete(source);
    this.#nodes.set(target, node);
  }

  cut(path: string, length: number): void {
    const node = this.#nodeAt(path);
    node.bytes = grow(node, length).slice(0, length);
    node.mtimeMs = this.now++;
  }

  async open(path: string, mode: OpenMode): Promise<DiskFile> {
    await Promise.resolve();
    if (mode === 'create') this.create(path);
    const node = this.#nodeAt(path);
    if (node.kind === 'file') return fileOf(this, path, node);
    throw new DiskError('unsafe-path', { errno: 'not a regular file', path });
  }

  async rename(source: string, target: string): Promise<void> {
    await Promise.resolve();
    this.move(source, target);
  }

  async unlink(path: string): Promise<void> {
    await Promise.resolve();
    this.#nodeAt(path).links = 0;
    this.#nodes.delete(path);
  }

  async mkdir(path: string): Promise<void> {
    await Promise.resolve();
    this.addDirectory(path);
  }

  async fsyncDir(path: string): Promise<void> {
    await Promise.resolve();
    this.#nodeAt(path);
  }

  async list(path: string): Promise<readonly string[]> {
    await Promise.resolve();
    return this.paths()
      .filter((other) => other !== '/' && dirname(other) === path)
      .map((other) => other.slice(path === '/' ? 1 : path.length + 1));
  }

  async stat(path: string): Promise<DiskStat | undefined> {
    await Promise.resolve();
    const node = this.#nodes.get(path);
    return node === undefined ? undefined : statOf(node);
  }

  async realPath(path: string): Promise<string | undefined> {
    await Promise.resolve();
    return this.#nodes.has(path) ? path : undefined;
  }

  async space(): Promise<DiskSpace> {
    await Promise.resolve();
    return { freeBytes: 2 ** 40, totalBytes: 2 ** 40 };
  }

  #nodeAt(path: string): Node {
    const node = this.#nodes.get(path);
    if (node === undefined) throw new DiskError('vanished', { errno: 'ENOENT', path });
    return node;
  }

  #parentOf(path: string): void {
    this.#nodeAt(dirname(path));
  }
}

function fileOf(disk: MemoryDisk, path: string, node: Node): DiskFile {
  const change = (bytes: Uint8Array): void => {
    node.bytes = bytes;
    node.mtimeMs = disk.now++;
  };
  return {
    path,
    async read(into, position) {
      await Promise.resolve();
      const bytes = node.bytes.subarray(position, position + into.length);
      into.set(bytes);
      return bytes.length;
    },
    async write(bytes, position) {
      await Promise.resolve();
      const grown = grow(node, position + bytes.length);
      grown.set(bytes, position);
      change(grown);
      return bytes.length;
    },
    async truncate(length) {
      await Promise.resolve();
      change(grow(node, length).slice(0, length));
    },
    fsync: () => Promise.resolve(),
    stat: () => Promise.resolve(statOf(node)),
    close: () => Promise.resolve(),
  };
}

function newNode(kind: Node['kind'], mtimeMs: number): Node {
  return { kind, bytes: new Uint8Array(), mtimeMs, links: 1 };
}

function grow(node: Node, length: number): Uint8Array {
  if (node.bytes.length >= length) return node.bytes;
  const grown = new Uint8Array(length);
  grown.set(node.bytes);
  node.bytes = grown;
  return grown;
}

const statOf = ({ kind, bytes, mtimeMs, links }: Node): DiskStat => ({
  kind,
  size: bytes.length,
  mtimeMs,
  links,
});
