/** Peer messages: what follows the handshake (BEP 3, "peer messages"; BEP 6; the envelope of BEP 10). */
import type { BlockRef } from '../torrent/pieces.ts';
import { concatBytes } from '../bytes/utf8.ts';
import { never } from '../never.ts';
import { setUint32, uint32At } from '../bytes/uint32.ts';
import { PieceIndex } from '../torrent/ids.ts';
import { WireError } from './error.ts';

export type Message =
  | { readonly type: 'choke' }
  | { readonly type: 'unchoke' }
  | { readonly type: 'interested' }
  | { readonly type: 'not-interested' }
  | { readonly type: 'have'; readonly piece: PieceIndex }
  | { readonly type: 'bitfield'; readonly bits: Uint8Array }
  | ({ readonly type: 'request' } & BlockRef)
  | {
      readonly type: 'piece';
      readonly piece: PieceIndex;
      readonly begin: number;
      readonly block: Uint8Array;
    }
  | ({ readonly type: 'cancel' } & BlockRef)
  | { readonly type: 'suggest'; readonly piece: PieceIndex }
  | { readonly type: 'have-all' }
  | { readonly type: 'have-none' }
  | ({ readonly type: 'reject' } & BlockRef)
  | { readonly type: 'allowed-fast'; readonly piece: PieceIndex }
  | { readonly type: 'extended'; readonly extendedId: number; readonly payload: Uint8Array }
  | { readonly type: 'unknown'; readonly id: number; readonly payload: Uint8Array };

const id = {
  choke: 0,
  unchoke: 1,
  interested: 2,
  notInterested: 3,
  have: 4,
  bitfield: 5,
  request: 6,
  piece: 7,
  cancel: 8,
  suggest: 0x0d,
  haveAll: 0x0e,
  haveNone: 0x0f,
  reject: 0x10,
  allowedFast: 0x11,
  extended: 20,
} as const;

/**
 * Reads one message from a whole frame without its length prefix. A keep-alive, the empty frame, is none.
 * Blocks, bits and payloads are views of the frame. Throws WireError `bad-length`.
 */
// prettier-ignore
export function decodeMessage(frame: Uint8Array): Message {
  switch (frame[0]) {
    case id.choke:         expectLength(frame, 1);   return { type: 'choke' };
    case id.unchoke:       expectLength(frame, 1);   return { type: 'unchoke' };
    case id.interested:    expectLength(frame, 1);   return { type: 'interested' };
    case id.notInterested: expectLength(frame, 1);   return { type: 'not-interested' };
    case id.have:          expectLength(frame, 5);   return { type: 'have', piece: pieceOf(frame) };
    case id.bitfield:                                return { type: 'bitfield', bits: frame.subarray(1) };
    case id.request:       expectLength(frame, 13);  return { type: 'request', ...blockOf(frame) };
    case id.piece:         expectAtLeast(frame, 9);  return { type: 'piece', piece: pieceOf(frame), begin: uint32At(frame, 5), block: frame.subarray(9) };
    case id.cancel:        expectLength(frame, 13);  return { type: 'cancel', ...blockOf(frame) };
    case id.suggest:       expectLength(frame, 5);   return { type: 'suggest', piece: pieceOf(frame) };
    case id.haveAll:       expectLength(frame, 1);   return { type: 'have-all' };
    case id.haveNone:      expectLength(frame, 1);   return { type: 'have-none' };
    case id.reject:        expectLength(frame, 13);  return { type: 'reject', ...blockOf(frame) };
    case id.allowedFast:   expectLength(frame, 5);   return { type: 'allowed-fast', piece: pieceOf(frame) };
    case id.extended:      expectAtLeast(frame, 2);  return { type: 'extended', extendedId: byteAt(frame, 1), payload: frame.subarray(2) };
    default:               expectAtLeast(frame, 1);  return { type: 'unknown', id: byteAt(frame, 0), payload: frame.subarray(1) };
  }
}

/** Writes one message as a frame, length prefix included. */
// prettier-ignore
export function encodeMessage(message: Message): Uint8Array {
  switch (message.type) {
    case 'choke':          return frameOf(id.choke);
    case 'unchoke':        return frameOf(id.unchoke);
    case 'interested':     return frameOf(id.interested);
    case 'not-interested': return frameOf(id.notInterested);
    case 'have':           return frameOf(id.have, [message.piece]);
    case 'bitfield':       return frameOf(id.bitfield, [], message.bits);
    case 'request':        return blockFrame(id.request, message);
    case 'piece':          return frameOf(id.piece, [message.piece, message.begin], message.block);
    case 'cancel':         return blockFrame(id.cancel, message);
    case 'suggest':        return frameOf(id.suggest, [message.piece]);
    case 'have-all':       return frameOf(id.haveAll);
    case 'have-none':      return frameOf(id.haveNone);
    case 'reject':         return blockFrame(id.reject, message);
    case 'allowed-fast':   return frameOf(id.allowedFast, [message.piece]);
    case 'extended':       return frameOf(id.extended, [], concatBytes(Uint8Array.of(message.extendedId), message.payload));
    case 'unknown':        return frameOf(message.id, [], message.payload);
    default:               return never(message);
  }
}

/** The 13 bytes before a block, so that the block itself is sent from where it lies. */
export function encodePieceHeader({ piece, begin, length }: BlockRef): Uint8Array {
  const header = new Uint8Array(13);
  setUint32(header, 0, 9 + length);
  header[4] = id.piece;
  setUint32(header, 5, piece);
  setUint32(header, 9, begin);
  return header;
}

const pieceOf = (frame: Uint8Array): PieceIndex => PieceIndex(uint32At(frame, 1));

const blockOf = (frame: Uint8Array): BlockRef => ({
  piece: pieceOf(frame),
  begin: uint32At(frame, 5),
  length: uint32At(frame, 9),
});

/** The lengths have been checked: the byte is there. */
const byteAt = (frame: Uint8Array, at: number): number => frame[at] ?? 0;

const nothing = new Uint8Array();

function frameOf(
  idByte: number,
  words: readonly number[] = [],
  tail: Uint8Array = nothing,
): Uint8Array {
  const bytes = new Uint8Array(5 + 4 * words.length + tail.length);
  setUint32(bytes, 0, bytes.length - 4);
  bytes[4] = idByte;
  for (let i = 0; i < words.length; i += 1) setUint32(bytes, 5 + 4 * i, words[i] ?? 0);
  bytes.set(tail, 5 + 4 * words.length);
  return bytes;
}

/** Asked for a hundred thousand times a second, unlike the others: no list is made on the way. */
function blockFrame(idByte: number, { piece, begin, length }: BlockRef): Uint8Array {
  const bytes = new Uint8Array(17);
  setUint32(bytes, 0, 13);
  bytes[4] = idByte;
  setUint32(bytes, 5, piece);
  setUint32(bytes, 9, begin);
  setUint32(bytes, 13, length);
  return bytes;
}

function expectLength(frame: Uint8Array, length: number): void {
  if (frame.length !== length)
    throw new WireError(
      'bad-length',
      `message ${frame[0]} is ${frame.length} bytes, not ${length}`,
    );
}

function expectAtLeast(frame: Uint8Array, length: number): void {
  if (frame.length < length)
    throw new WireError(
      'bad-length',
      `message ${frame[0]} is ${frame.length} bytes, under ${length}`,
    );
}
