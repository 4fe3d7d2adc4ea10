/** All open requests, kept on both sides: with the peer that was asked and with the block. */
import type { Instant } from '../../time.ts';
import { type ConnectionId, PieceIndex } from '../../torrent/ids.ts';
import { type BlockRef, type Pieces, blockBytes } from '../../torrent/pieces.ts';
import type { BegunPiece } from './begun-piece.ts';
import { type BlockKey, PeerRequests, type Tally } from './peer-requests.ts';
import type { PieceStates } from './piece-states.ts';

/** A block and the connection it was asked of or came from. */
export type BlockOfPeer = { readonly conn: ConnectionId; readonly block: BlockRef };

/** Asks, frees and forgets; whoever changes a request changes it here. */
export class Requests {
  readonly #pieces: Pieces;
  readonly #states: PieceStates;
  readonly #blocksPerPiece: number;
  readonly #peers = new Map<ConnectionId, PeerRequests>();
  readonly #tally: Tally = { open: 0 };

  constructor(pieces: Pieces, states: PieceStates) {
    this.#pieces = pieces;
    this.#states = states;
    this.#blocksPerPiece = Math.ceil(pieces.pieceLength / blockBytes);
  }

  /** How many blocks are waited for. */
  get open(): number {
    return this.#tally.open;
  }

  join(conn: ConnectionId): PeerRequests {
    const peer = this.#peers.get(conn) ?? new PeerRequests(conn, this.#tally);
    this.#peers.set(conn, peer);
    return peer;
  }

  leave(peer: PeerRequests): void {
    for (const key of peer.keys()) {
      this.free(peer, key);
      peer.remove(key);
    }
    this.#states.suspects.left(peer.conn);
    this.#peers.delete(peer.conn);
  }

  find(conn: ConnectionId): PeerRequests | undefined {
    return this.#peers.get(conn);
  }

  /** The peer must have joined. */
  peer(conn: ConnectionId): PeerRequests {
    const peer = this.#peers.get(conn);
    if (peer === undefined) throw new RangeError(`connection ${conn} has not joined`);
    return peer;
  }

  /** Undefined if this is not one of the blocks that pieces are asked for in. */
  keyOf({ piece, begin, length }: BlockRef): BlockKey | undefined {
    const block = begin / blockBytes;
    if (!Number.isInteger(block) || piece >= this.#pieces.count) return undefined;
    if (block >= this.#pieces.blockCount(piece)) return undefined;
    if (length !== this.#pieces.blockLength(piece, block)) return undefined;
    return piece * this.#blocksPerPiece + block;
  }

  /** The block must be missing and have room for another asker. */
  ask(peer: PeerRequests, begun: BegunPiece, asked: { block: number; now: Instant }): BlockRef {
    this.#states.begun.ask(begun, asked.block, peer.conn);
    peer.add(begun.piece * this.#blocksPerPiece + asked.block, asked.now);
    return this.#pieces.blockRef(begun.piece, asked.block);
  }

  /** Nobody waits for this peer to send the block. Does nothing if nobody did. */
  free(peer: PeerRequests, key: BlockKey): void {
    const begun = this.#states.begun.find(this.#pieceOf(key));
    if (begun === undefined) return;
    this.#states.begun.release(begun, this.blockOf(key), peer.conn);
    if (begun.isUntouched) this.#states.drop(begun);
  }

  /** Frees the blocks, which stay welcome if they come from this peer after all. */
  giveUp(peer: PeerRequests, keys: readonly BlockKey[]): BlockRef[] {
    return keys.map((key) => {
      this.free(peer, key);
      peer.giveUp(key);
      return this.#pieces.blockRef(this.#pieceOf(key), this.blockOf(key));
    });
  }

  /** The missing block has come; returns who else was asked for it and is no longer waited for. */
  arrive(peer: PeerRequests, begun: BegunPiece, key: BlockKey): readonly ConnectionId[] {
    const others = this.#states.begun.arrive(begun, this.blockOf(key), peer.conn);
    for (const other of others) this.#peers.get(other)?.giveUp(key);
    return others;
  }

  /** The piece is missing again; returns the requests for it, which are given up. */
  drop(begun: BegunPiece): BlockOfPeer[] {
    const given: BlockOfPeer[] = [];
    for (let block = 0; block < begun.blockCount; block += 1)
      for (const conn of begun.askersOf(block)) {
        this.#peers.get(conn)?.giveUp(begun.piece * this.#blocksPerPiece + block);
        given.push({ conn, block: this.#pieces.blockRef(begun.piece, block) });
      }
    this.#states.drop(begun);
    return given;
  }

  /** Who sent what has come of a piece under way. */
  sendersOf(piece: PieceIndex): BlockOfPeer[] {
    const senders = this.#states.begun.find(piece)?.senders() ?? [];
    return Array.from(senders, ([block, conn]) => ({
      conn,
      block: this.#pieces.blockRef(piece, block),
    }));
  }

  /** Which block of its piece. */
  blockOf(key: BlockKey): number {
    return key % this.#blocksPerPiece;
  }

  #pieceOf(key: BlockKey): PieceIndex {
    return PieceIndex(Math.floor(key / this.#blocksPerPiece));
  }
}
