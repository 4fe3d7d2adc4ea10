/** Who sent the bad block: blames kept from a failed piece are settled when the piece passes. */

import { blockBytes } from '../torrent/pieces.ts';

/** One block of a failed piece: who sent it (any stable key of a peer) and the digest of its bytes. */
export type Blame = { readonly peer: string; readonly begin: number; readonly digest: string };

/** One that may not be accused: nobody knows any more who sent it, or what it was. */
export type Unproved = { readonly [Key in keyof Blame]: Blame[Key] | undefined };

/** A digest for each `begin`: the blocks of a piece that passed. */
export type BlockDigests = ReadonlyMap<number, string>;

/** So many blames at most, about 10 MB: beyond that the piece that failed longest ago is forgotten. */
const maxBlames = 65_536;

/**
 * Bans exactly the peers whose blocks differ from those of the piece that passed. No honest peer is
 * ever banned, since its blocks do not differ.
 */
export class SmartBan {
  readonly #blames = new Map<number, Map<string, Blame>>();
  readonly #maxBlames: number;
  #size = 0;

  constructor(limit: number = maxBlames) {
    this.#maxBlames = limit;
  }

  /** How many blames are kept. */
  get size(): number {
    return this.#size;
  }

  /**
   * The piece failed with these blocks, all it has. Returns whom to ban at once: its only sender, if there is one. Whoever
   * sent the others of a piece is not proved to be that while one of them might be somebody else's.
   */
  blame(piece: number, all: readonly (Blame | Unproved)[]): readonly string[] {
    const blocks = all.filter(isProved);
    const [first] = blocks;
    if (first === undefined) return [];
    if (all.every(({ peer }) => peer === first.peer)) return [first.peer];
    const kept = this.#blames.get(piece) ?? new Map<string, Blame>();
    this.#forget(piece);
    for (const blame of blocks) kept.set(`${blame.begin} ${blame.digest} ${blame.peer}`, blame);
    this.#blames.set(piece, kept);
    this.#size += kept.size;
    this.#shrink();
    return [];
  }

  /** The piece passed with these digests. Returns whom to ban, each once. */
  settle(piece: number, digests: BlockDigests): readonly string[] {
    const liars = new Set<string>();
    for (const { peer, begin, digest } of this.#blames.get(piece)?.values() ?? [])
      if (digests.has(begin) && digests.get(begin) !== digest) liars.add(peer);
    this.#forget(piece);
    return [...liars];
  }

  /** Whether the piece has failed and not passed since: only then are digests wanted. */
  isBlamed(piece: number): boolean {
    return this.#blames.has(piece);
  }

  #shrink(): void {
    for (const piece of this.#blames.keys()) {
      if (this.#size <= this.#maxBlames) return;
      this.#forget(piece);
    }
  }

  #forget(piece: number): void {
    this.#size -= this.#blames.get(piece)?.size ?? 0;
    this.#blames.delete(piece);
  }
}

const isProved = (block: Blame | Unproved): block is Blame =>
  block.peer !== undefined && block.digest !== undefined;

/** Digests of all blocks in order, by where each block begins. */
export const byBegin = (digests: readonly string[]): BlockDigests =>
  new Map(digests.map((digest, i) => [i * blockBytes, digest]));
