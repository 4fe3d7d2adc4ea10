/** A picker made of plain sets: what may be chosen next, and what must be true, said slowly. */
import { Bitfield } from '../torrent/bitfield.ts';
import type { ConnectionId, PieceIndex } from '../torrent/ids.ts';
import type { BlockRef, Pieces } from '../torrent/pieces.ts';
import { maxAskersPerBlock } from '../swarm/picker/begun-piece.ts';
import { turnLimit } from '../swarm/picker/suspects.ts';
import { normalPriority } from '../swarm/picker/piece-states.ts';

export type ModelPeer = {
  readonly has: Set<PieceIndex>;
  /** It had everything when it came, and has lost nothing. */
  isSeed: boolean;
  /** Block keys by when they were asked for. */
  readonly open: Map<string, number>;
  /** Asked for once, and neither sent nor refused. */
  readonly givenUp: Set<string>;
};

/** What `choose` was asked, without the bitfield. */
export type ModelWish = {
  readonly now: number;
  readonly newPieces: number;
  readonly allowed?: ReadonlySet<PieceIndex>;
};

export const keyOf = ({ piece, begin }: BlockRef): string => `${piece} ${begin}`;

/** Kept in step with a `Picker` of the rarest-first policy without random first pieces. */
export class PickerModel {
  readonly pieces: Pieces;
  readonly peers: Map<ConnectionId, ModelPeer> = new Map();
  readonly had: Set<PieceIndex> = new Set();
  /** Failed pieces, and whose turn it is since when. */
  readonly suspects: Map<PieceIndex, { conn?: ConnectionId; askedAt: number }> = new Map();
  /** Who sent each block of a piece under way. */
  readonly arrived: Map<string, ConnectionId> = new Map();
  readonly #priorities = new Map<PieceIndex, number>();

  constructor(pieces: Pieces) {
    this.pieces = pieces;
  }

  allPieces(): PieceIndex[] {
    return Array.from({ length: this.pieces.count }, (_, piece) => piece as PieceIndex);
  }

  blocksOf(piece: PieceIndex): BlockRef[] {
    const count = this.pieces.blockCount(piece);
    return Array.from({ length: count }, (_, block) => this.pieces.blockRef(piece, block));
  }

  blockOf(key: string): BlockRef {
    const all = this.allPieces().flatMap((piece) => this.blocksOf(piece));
    const block = all.find((candidate) => keyOf(candidate) === key);
    if (block === undefined) throw new RangeError(`no such block: ${key}`);
    return block;
  }

  bitfieldOf({ has }: ModelPeer): Bitfield {
    const bits = new Bitfield(this.pieces.count);
    for (const piece of has) bits.set(piece);
    return bits;
  }

  priorityOf(piece: PieceIndex): number {
    return this.#priorities.get(piece) ?? normalPriority;
  }

  setPriority(piece: PieceIndex, priority: number): void {
    this.#priorities.set(piece, priority);
  }

  availability(piece: PieceIndex): number {
    return [...this.peers.values()].filter(({ has }) => has.has(piece)).length;
  }

  askersOf(block: BlockRef): ConnectionId[] {
    const asked = [...this.peers].filter(([, { open }]) => open.has(keyOf(block)));
    return asked.map(([conn]) => conn);
  }

  isWantedMissing(piece: PieceIndex): boolean {
    return this.priorityOf(piece) > 0 && !this.had.has(piece);
  }

  isPending(piece: PieceIndex): boolean {
    return this.#missingBlocks(piece).length === 0;
  }

  isUnderWay(piece: PieceIndex): boolean {
    return this.blocksOf(piece).some(
      (block) => this.arrived.has(keyOf(block)) || this.askersOf(block).length > 0,
    );
  }

  get isEndgame(): boolean {
    const wanted = this.allPieces().filter((piece) => this.isWantedMissing(piece));
    const missing = wanted.flatMap((piece) => this.#missingBlocks(piece));
    return missing.length > 0 && missing.every((block) => this.askersOf(block).length > 0);
  }

  /** Every block that would be a right choice now; none if nothing may be chosen. */
  nextBlocks(conn: ConnectionId, wish: ModelWish): BlockRef[] {
    const usable = this.allPieces().filter((piece) => this.#mayAsk(conn, piece, wish));
    const begun = usable.filter((piece) => this.isUnderWay(piece));
    const fresh = usable.filter((piece) => !this.isUnderWay(piece));
    const best = wish.newPieces > 0 && fresh.length > 0 ? this.#best(fresh) : [];
    const free = begun.flatMap((piece) => this.#missingBlocks(piece)).filter(this.#isFree);
    const isFirstCopy = ({ piece }: BlockRef): boolean => this.#isFirstCopy(conn, piece);
    const [next] = best.filter(isFirstCopy);
    // A piece that came before it for its priority is still asked for as a whole.
    const isUrgent = ({ piece }: BlockRef): boolean =>
      next !== undefined && this.priorityOf(piece) > this.priorityOf(next.piece);
    const first = next === undefined ? [] : [...best, ...free.filter(isUrgent)];
    for (const blocks of [free.filter(isFirstCopy), first, free, best])
      if (blocks.length > 0) return blocks;
    const isIdle = this.peers.get(conn)?.open.size === 0;
    return this.isEndgame && isIdle ? this.#leastAsked(conn, begun) : [];
  }

  /** All that is under way of the piece is forgotten; its requests are given up. */
  drop(piece: PieceIndex): void {
    for (const block of this.blocksOf(piece)) {
      this.arrived.delete(keyOf(block));
      for (const conn of this.askersOf(block)) this.giveUp(conn, keyOf(block));
    }
  }

  giveUp(conn: ConnectionId, key: string): void {
    this.peers.get(conn)?.open.delete(key);
    this.peers.get(conn)?.givenUp.add(key);
  }

  readonly #isFree = (block: BlockRef): boolean => this.askersOf(block).length === 0;

  /** The peer is a seed, and only seeds have the piece. */
  #isFirstCopy(conn: ConnectionId, piece: PieceIndex): boolean {
    const holders = [...this.peers.values()].filter(({ has }) => has.has(piece));
    return this.peers.get(conn)?.isSeed === true && holders.every(({ isSeed }) => isSeed);
  }

  #missingBlocks(piece: PieceIndex): BlockRef[] {
    return this.blocksOf(piece).filter((block) => !this.arrived.has(keyOf(block)));
  }

  #mayAsk(conn: ConnectionId, piece: PieceIndex, { now, allowed }: ModelWish): boolean {
    const askers = this.blocksOf(piece).flatMap((block) => this.askersOf(block));
    const turn = this.suspects.get(piece);
    const isTurnOver =
      turn !== undefined &&
      now - turn.askedAt >= turnLimit &&
      askers.every((asker) => asker === conn);
    return (
      this.isWantedMissing(piece) &&
      this.peers.get(conn)?.has.has(piece) === true &&
      (allowed === undefined || allowed.has(piece)) &&
      (!this.isUnderWay(piece) || turn?.conn === undefined || turn.conn === conn || isTurnOver)
    );
  }

  #best(candidates: readonly PieceIndex[]): BlockRef[] {
    const highest = Math.max(...candidates.map((piece) => this.priorityOf(piece)));
    const first = candidates.filter((piece) => this.priorityOf(piece) === highest);
    const rarest = Math.min(...first.map((piece) => this.availability(piece)));
    return first
      .filter((piece) => this.availability(piece) === rarest)
      .flatMap((piece) => this.blocksOf(piece));
  }

  #leastAsked(conn: ConnectionId, begun: readonly PieceIndex[]): BlockRef[] {
    const open = begun
      .flatMap((piece) => this.#missingBlocks(piece))
      .filter((block) => !this.askersOf(block).includes(conn))
      .filter((block) => this.askersOf(block).length < maxAskersPerBlock);
    const least = Math.min(...open.map((block) => this.askersOf(block).length));
    return open.filter((block) => this.askersOf(block).length === least);
  }
}
