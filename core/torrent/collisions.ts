/** Files of one torrent that would be one file on disk. */
import { fitName, foldName } from './path.ts';

/** libtorrent's cap on renaming; honest torrents have none or a handful. */
const maxRenames = 500;

/** A name in a directory. Numbered, so that a table of all needs no paths as keys. */
type Node = { readonly id: number; isDirectory: boolean; isTaken: boolean };

const rootId = 0;

/** Gives every file a path of its own. First `add` them all, then `place` them all, in the same order. */
export class Collisions {
  readonly #nodes = new Map<string, Node>();
  readonly #folded = new Map<string, string>();
  readonly #onCaseClash: (name: string, other: string) => void;
  #renames = 0;

  /** `onCaseClash` hears of names that only some file systems keep apart; they are left as they are. */
  constructor(onCaseClash: (name: string, other: string) => void) {
    this.#onCaseClash = onCaseClash;
  }

  add(path: readonly string[]): void {
    let parent = rootId;
    for (const [depth, name] of path.entries()) {
      const node = this.#enter(parent, name);
      if (depth < path.length - 1) node.isDirectory = true;
      parent = node.id;
    }
  }

  /** The path for the file, renamed when it is taken already or a directory; undefined when that happened too often. */
  place(path: readonly string[]): readonly string[] | undefined {
    const directory = path.slice(0, -1);
    const name = path.at(-1) ?? '';
    const parent = this.#idOf(directory);
    const node = this.#enter(parent, name);
    if (!node.isTaken && !node.isDirectory) {
      node.isTaken = true;
      return path;
    }
    const free = this.#freeName(parent, name);
    return free === undefined ? undefined : [...directory, free];
  }

  /** Each number is tried once in the whole torrent, so hostile names cannot make the search long. */
  #freeName(parent: number, name: string): string | undefined {
    while (this.#renames < maxRenames) {
      this.#renames += 1;
      const candidate = fitName(name, `.${this.#renames}`);
      if (this.#nodes.has(keyOf(parent, candidate))) continue;
      this.#enter(parent, candidate).isTaken = true;
      return candidate;
    }
    return undefined;
  }

  #idOf(directory: readonly string[]): number {
    let id = rootId;
    for (const name of directory) id = this.#enter(id, name).id;
    return id;
  }

  #enter(parent: number, name: string): Node {
    const key = keyOf(parent, name);
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    const node = { id: this.#nodes.size + 1, isDirectory: false, isTaken: false };
    this.#nodes.set(key, node);
    this.#compareCase(parent, name);
    return node;
  }

  #compareCase(parent: number, name: string): void {
    const folded = keyOf(parent, foldName(name));
    const other = this.#folded.get(folded);
    if (other === undefined) this.#folded.set(folded, name);
    else this.#onCaseClash(name, other);
  }
}

const keyOf = (parent: number, name: string): string => `${parent}/${name}`;
