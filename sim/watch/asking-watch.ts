/** Who is asked for what: rules about all connections of a torrent together (BEP 3, "end game"). */
import type { BlockRef } from '../../core/torrent/pieces.ts';
import type { Instant } from '../../core/time.ts';
import type { Came, DataWatch } from './data-watch.ts';
import { type Asked, type Line, keyOf } from './line.ts';
import type { Shared } from './shared.ts';

/** One frozen and one slow peer cannot hold up the end when a third is asked; more only wastes. */
const mostAskers = 3;

export class AskingWatch {
  readonly #shared: Shared;
  readonly #data: DataWatch;

  constructor(shared: Shared, data: DataWatch) {
    this.#shared = shared;
    this.#data = data;
  }

  /** A block was asked of a peer. */
  asked(now: Instant, line: Line, block: BlockRef): void {
    const { complain, options, torrent } = this.#shared;
    const open = openOf(line).filter(({ at }) => now - at < options.requestLimit).length;
    const reqq = torrent.parts.peers.of(line.conn)?.wire.remoteExtensions?.reqq ?? Infinity;
    const most = Math.min(options.maxPipelineBlocks, Math.max(1, reqq));
    if (open > most) complain('asksFew', `${open} blocks asked of one peer, at most ${most}`);
    const others = this.#othersAsked(now, line, keyOf(block));
    if (others.length === 0) return;
    if (others.length >= mostAskers)
      complain('asksOthers', `${keyOf(block)} asked of ${others.length + 1} peers`);
    const free = this.#freeBlock();
    if (free !== undefined)
      complain('asksOthers', `${keyOf(block)} asked again while nobody is asked for ${free}`);
  }

  /** Blocks that came and were kept: nobody else is waited for. */
  settled(now: Instant, kept: readonly Came[]): void {
    for (const { key, line } of kept)
      for (const other of this.#othersAsked(now, line, key))
        this.#shared.complain('cancelsAll', `${key} at ${other.address.ip}`);
  }

  /** The first wanted block that has not come and is asked of nobody; undefined in the end game. */
  #freeBlock(): string | undefined {
    const { wanted, have, pieces } = this.#shared;
    for (const piece of wanted) {
      if (have.has(piece)) continue;
      for (let i = 0; i < pieces.blockCount(piece as never); i += 1) {
        const block = pieces.blockRef(piece as never, i);
        if (!this.#isStored(block) && !this.#isAsked(keyOf(block))) return keyOf(block);
      }
    }
    return undefined;
  }

  /** A wanted block of what this peer has that has not come and is asked of nobody; undefined when there is none. */
  freeBlockOf(line: Line, isFair: (piece: number) => boolean): string | undefined {
    const { wanted, have, pieces } = this.#shared;
    for (const piece of line.theyHave) {
      if (have.has(piece) || !wanted.has(piece) || !isFair(piece)) continue;
      for (let i = 0; i < pieces.blockCount(piece as never); i += 1) {
        const block = pieces.blockRef(piece as never, i);
        if (!this.#isStored(block) && !this.#isAsked(keyOf(block))) return keyOf(block);
      }
    }
    return undefined;
  }

  /** How many blocks are waited for. */
  get open(): number {
    let open = 0;
    for (const line of this.#shared.lines.values()) open += openOf(line).length;
    return open;
  }

  /** Pieces of which anything has come, or was asked for less than so long ago. */
  begun(now: Instant, withinMs: number): ReadonlySet<number> {
    const begun = new Set(this.#data.stored.keys());
    for (const line of this.#shared.lines.values())
      for (const { at, block } of openOf(line)) if (now - at < withinMs) begun.add(block.piece);
    return begun;
  }

  #isStored = ({ piece, begin }: BlockRef): boolean =>
    this.#data.stored.get(piece)?.has(begin) === true;

  #isAsked(key: string): boolean {
    for (const line of this.#shared.lines.values()) {
      const asked = line.asked.get(key);
      if (asked !== undefined && !asked.isCancelled) return true;
    }
    return false;
  }

  /** Others who are waited for with this block. */
  #othersAsked(now: Instant, line: Line, key: string): readonly Line[] {
    const { lines, options } = this.#shared;
    return [...lines.values()].filter((other) => {
      const asked = other === line ? undefined : other.asked.get(key);
      return asked !== undefined && !asked.isCancelled && now - asked.at < options.requestLimit;
    });
  }
}

/** What the peer was asked for and is still waited for. */
export const openOf = (line: Line): readonly Asked[] =>
  [...line.asked.values()].filter(({ isCancelled }) => !isCancelled);
