/** What a peer may say, given the torrent and what it has said before (BEP 3, BEP 6). */
import type { Message } from '../wire/message.ts';
import type { BlockRef, Pieces } from '../torrent/pieces.ts';
import type { PieceIndex } from '../torrent/ids.ts';
import { Bitfield } from '../torrent/bitfield.ts';

/** The largest block anybody has asked for in the wild; BEP 3 knows 16 KiB, older clients 128 KiB. */
export const maxRequestBytes = 131_072;

export type Violation =
  | 'piece-out-of-range'
  | 'bad-request'
  | 'bad-block'
  | 'bad-bitfield'
  | 'late-bitfield'
  | 'fast-not-agreed';

export type Expected = {
  readonly pieces: Pieces;
  /** Whether both sides have said that they speak BEP 6. */
  readonly fast: boolean;
  /** Whether this is the first message, where alone a bitfield may stand. */
  readonly isFirst: boolean;
};

/** What is wrong with the message; `undefined` when nothing is. */
export function violationOf(
  message: Message,
  { pieces, fast, isFirst }: Expected,
): Violation | undefined {
  switch (message.type) {
    case 'have':
      return isPiece(pieces, message.piece) ? undefined : 'piece-out-of-range';
    case 'bitfield':
      return isFirst ? badBitfield(message.bits, pieces) : 'late-bitfield';
    case 'have-all':
    case 'have-none':
      if (!fast) return 'fast-not-agreed';
      return isFirst ? undefined : 'late-bitfield';
    case 'suggest':
    case 'allowed-fast':
      if (!fast) return 'fast-not-agreed';
      return isPiece(pieces, message.piece) ? undefined : 'piece-out-of-range';
    case 'reject':
      return fast ? undefined : 'fast-not-agreed';
    case 'request':
      return isBlock(pieces, message) ? undefined : 'bad-request';
    case 'piece':
      return isBlock(pieces, { ...message, length: message.block.length })
        ? undefined
        : 'bad-block';
    default:
      return undefined;
  }
}

const isPiece = (pieces: Pieces, piece: PieceIndex): boolean => piece < pieces.count;

const isBlock = (pieces: Pieces, { piece, begin, length }: BlockRef): boolean =>
  isPiece(pieces, piece) &&
  length > 0 &&
  length <= maxRequestBytes &&
  begin + length <= pieces.lengthOf(piece);

const badBitfield = (bits: Uint8Array, pieces: Pieces): Violation | undefined =>
  Bitfield.fromBytes(bits, pieces.count) === undefined ? 'bad-bitfield' : undefined;
