/** What a peer may say, given the torrent and what it has said before (BEP 3, BEP 6, BEP 10). */
import type { PieceIndex } from '../torrent/ids.ts';
import type { BlockRef, Pieces } from '../torrent/pieces.ts';
import type { Message } from '../wire/message.ts';
import { never } from '../never.ts';
import { Bitfield } from '../torrent/bitfield.ts';

/** The largest block anybody has asked for in the wild; BEP 3 knows 16 KiB, older clients 128 KiB. */
export const maxRequestBytes = 131_072;

export type Violation =
  | 'piece-out-of-range'
  | 'bad-request'
  | 'bad-block'
  | 'bad-bitfield'
  | 'late-bitfield'
  | 'fast-not-agreed'
  | 'extension-not-agreed';

export type Expected = {
  readonly pieces: Pieces;
  /** Whether both sides have said that they speak BEP 6. */
  readonly fast: boolean;
  /** Whether both sides have said that they speak BEP 10. */
  readonly extension: boolean;
};

/** What is wrong with the message; `undefined` when nothing is. Only the first may be a have-all or have-none. Unknown ids are let pass, as BEP 10 peers need. */
export function violationOf(
  message: Message,
  expected: Expected,
  isFirst: boolean,
): Violation | undefined {
  const { pieces } = expected;
  switch (message.type) {
    case 'choke':
    case 'unchoke':
    case 'interested':
    case 'not-interested':
    case 'unknown':
      return undefined;
    case 'have':
      return isPiece(pieces, message.piece) ? undefined : 'piece-out-of-range';
    case 'bitfield':
      return Bitfield.fromBytes(message.bits, pieces.count) ? undefined : 'bad-bitfield';
    case 'request':
    case 'cancel':
      return isBlock(pieces, message) ? undefined : 'bad-request';
    case 'piece':
      return isInPiece(pieces, message, message.block.length) ? undefined : 'bad-block';
    case 'extended':
      return expected.extension ? undefined : 'extension-not-agreed';
    case 'have-all':
    case 'have-none':
    case 'suggest':
    case 'allowed-fast':
    case 'reject':
      return expected.fast ? fastViolationOf(message, pieces, isFirst) : 'fast-not-agreed';
    default:
      return never(message);
  }
}

type FastMessage = Extract<
  Message,
  { readonly type: 'have-all' | 'have-none' | 'suggest' | 'allowed-fast' | 'reject' }
>;

function fastViolationOf(
  message: FastMessage,
  pieces: Pieces,
  isFirst: boolean,
): Violation | undefined {
  switch (message.type) {
    case 'have-all':
    case 'have-none':
      return isFirst ? undefined : 'late-bitfield';
    case 'suggest':
    case 'allowed-fast':
      return isPiece(pieces, message.piece) ? undefined : 'piece-out-of-range';
    case 'reject':
      return isBlock(pieces, message) ? undefined : 'bad-request';
    default:
      return never(message);
  }
}

const isPiece = (pieces: Pieces, piece: PieceIndex): boolean => piece < pieces.count;

const isBlock = (pieces: Pieces, block: BlockRef): boolean =>
  isInPiece(pieces, block, block.length);

const isInPiece = (
  pieces: Pieces,
  { piece, begin }: Pick<BlockRef, 'piece' | 'begin'>,
  length: number,
): boolean =>
  isPiece(pieces, piece) &&
  length > 0 &&
  length <= maxRequestBytes &&
  begin + length <= pieces.lengthOf(piece);
