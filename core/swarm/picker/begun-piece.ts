/** The blocks of one piece that has been begun: asked of whom, come from whom. */
import type { ConnectionId, PieceIndex } from '../../torrent/ids.ts';

/**
 * How many peers may be asked for one block at the same time, in the end game only. Mainline asked
 * everybody; with three, one frozen and one slow peer cannot hold up the end, and waste is bounded.
 */
export const maxAskersPerBlock = 3;

/** No connection: ids count from 0. */
const nobody = -1;
const none: readonly ConnectionId[] = [];

/** A block is free, asked of one or more connections, or arrived; blocks are named by index. */
export class BegunPiece {
  readonly piece: PieceIndex;
  readonly blockCount: number;
  readonly #askers: Int32Array;
  readonly #askerCounts: Uint8Array;
  readonly #senders: Int32Array;
  /** How many missing blocks have 0, 1, 2, ... askers. */
  readonly #blocksByAskers: number[];
  #missing: number;
  #lowestFree = 0;

  constructor(piece: PieceIndex, blockCount: number) {
    this.piece = piece;
    this.blockCount = blockCount;
    this.#askers = new Int32Array(blockCount * maxAskersPerBlock).fill(nobody);
    this.#askerCounts = new Uint8Array(blockCount);
    this.#senders = new Int32Array(blockCount).fill(nobody);
    this.#blocksByAskers = [blockCount, 0, 0, 0];
    this.#missing = blockCount;
  }

  get missing(): number {
    return this.#missing;
  }

  /** Nothing has come and nothing is asked for. */
  get isUntouched(): boolean {
    return this.countAskedOf(0) === this.blockCount;
  }

  hasArrived(block: number): boolean {
    return this.#senders[block] !== nobody;
  }

  /** How many missing blocks have exactly this many askers; free ones have none. */
  countAskedOf(askers: number): number {
    return this.#blocksByAskers[askers] ?? 0;
  }

  /** The first free block, or undefined. */
  nextFree(): number | undefined {
    if (this.countAskedOf(0) === 0) return undefined;
    while (!this.#isMissingWith(this.#lowestFree, 0)) this.#lowestFree += 1;
    return this.#lowestFree;
  }

  /** The last block with that many askers, `conn` not among them, or undefined. */
  nextAskedOf(askers: number, conn: ConnectionId): number | undefined {
    for (let block = this.blockCount - 1; block >= 0; block -= 1)
      if (this.#isMissingWith(block, askers) && this.#slotOf(block, conn) === undefined)
        return block;
    return undefined;
  }

  /** Whether anybody but `conn` is being asked for a block of this piece. */
  isAskedOfOthers(conn: ConnectionId): boolean {
    return this.#askers.some((asker) => asker !== nobody && asker !== conn);
  }

  /** The block must be missing and have room for another asker. */
  ask(block: number, conn: ConnectionId): void {
    const slot = this.#slotOf(block, nobody);
    if (slot === undefined || this.hasArrived(block))
      throw new RangeError(`block ${block} of piece ${this.piece} cannot be asked for`);
    this.#askers[slot] = conn;
    this.#countAskers(block, 1);
  }

  /** `conn` is no longer asked for the block. Does nothing if it was not. */
  release(block: number, conn: ConnectionId): void {
    const slot = this.#slotOf(block, conn);
    if (slot === undefined) return;
    this.#askers[slot] = nobody;
    this.#countAskers(block, -1);
    if (this.#isMissingWith(block, 0)) this.#lowestFree = Math.min(this.#lowestFree, block);
  }

  /** The missing block has come from `conn`; returns everybody else who was asked for it. */
  arrive(block: number, conn: ConnectionId): readonly ConnectionId[] {
    this.release(block, conn);
    const others = this.#askerCounts[block] === 0 ? none : this.askersOf(block);
    this.#senders[block] = conn;
    for (const other of others) this.release(block, other);
    this.#blocksByAskers[0] = this.countAskedOf(0) - 1;
    this.#missing -= 1;
    return others;
  }

  askersOf(block: number): ConnectionId[] {
    const askers: ConnectionId[] = [];
    const from = block * maxAskersPerBlock;
    for (let slot = from; slot < from + maxAskersPerBlock; slot += 1) {
      const asker = this.#askers[slot] ?? nobody;
      if (asker !== nobody) askers.push(asker as ConnectionId);
    }
    return askers;
  }

  /** Who sent each block that has come, by block index. */
  *senders(): Iterable<readonly [block: number, conn: ConnectionId]> {
    for (const [block, conn] of this.#senders.entries())
      if (conn !== nobody) yield [block, conn as ConnectionId];
  }

  #isMissingWith(block: number, askers: number): boolean {
    return this.#askerCounts[block] === askers && !this.hasArrived(block);
  }

  #slotOf(block: number, conn: number): number | undefined {
    const from = block * maxAskersPerBlock;
    for (let slot = from; slot < from + maxAskersPerBlock; slot += 1)
      if (this.#askers[slot] === conn) return slot;
    return undefined;
  }

  #countAskers(block: number, change: 1 | -1): void {
    const before = this.#askerCounts[block] ?? 0;
    this.#askerCounts[block] = before + change;
    this.#blocksByAskers[before] = this.countAskedOf(before) - 1;
    this.#blocksByAskers[before + change] = this.countAskedOf(before + change) + 1;
  }
}
