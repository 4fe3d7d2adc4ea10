/** The bytes of the peer protocol, written down a second time from the tables of BEP 3, 6 and 10: the oracle of the codecs. */
import type { Handshake } from '../wire/handshake.ts';
import type { Message } from '../wire/message.ts';
import type { PieceIndex } from '../torrent/ids.ts';
import { InfoHash, PeerId } from '../torrent/ids.ts';

type Type = Message['type'];
type Body = 'nothing' | 'piece' | 'range' | 'place and data' | 'data' | 'number and data';
type Row = { readonly id: number; readonly type: Type; readonly body: Body };

const rows: readonly Row[] = [
  { id: 0, type: 'choke', body: 'nothing' },
  { id: 1, type: 'unchoke', body: 'nothing' },
  { id: 2, type: 'interested', body: 'nothing' },
  { id: 3, type: 'not-interested', body: 'nothing' },
  { id: 4, type: 'have', body: 'piece' },
  { id: 5, type: 'bitfield', body: 'data' },
  { id: 6, type: 'request', body: 'range' },
  { id: 7, type: 'piece', body: 'place and data' },
  { id: 8, type: 'cancel', body: 'range' },
  { id: 13, type: 'suggest', body: 'piece' },
  { id: 14, type: 'have-all', body: 'nothing' },
  { id: 15, type: 'have-none', body: 'nothing' },
  { id: 16, type: 'reject', body: 'range' },
  { id: 17, type: 'allowed-fast', body: 'piece' },
  { id: 20, type: 'extended', body: 'number and data' },
];

const protocolHex = `13${hexOf(Array.from('BitTorrent protocol', (c) => c.charCodeAt(0)))}`;

/** A message as it is sent, with its length in front. */
export function spell(message: Message): number[] {
  const body = [idOf(message), ...bodyOf(message)];
  return [...word(body.length), ...body];
}

export const spellHandshake = ({ infoHash, peerId, reserved }: Handshake): number[] => [
  ...bytesOf(protocolHex),
  ...reserved,
  ...bytesOf(infoHash),
  ...bytesOf(peerId),
];

/** What comes after a length above 0; undefined when that is not a length its message may have. */
export function readMessage(frame: readonly number[]): Message | undefined {
  const [id = -1, ...body] = frame;
  const row = rows.find((other) => other.id === id);
  if (row === undefined) return { type: 'unknown', id, payload: Uint8Array.from(body) };
  return fits(row.body, body.length) ? made(row, body) : undefined;
}

/** Whether these bytes, 68 at most, may begin a connection. */
export const mayGreet = (bytes: readonly number[]): boolean => {
  const hex = hexOf(bytes);
  return hex.length < protocolHex.length
    ? protocolHex.startsWith(hex)
    : hex.startsWith(protocolHex);
};

export const readHandshake = (bytes: readonly number[]): Handshake => ({
  reserved: Uint8Array.from(bytes.slice(20, 28)),
  infoHash: InfoHash(hexOf(bytes.slice(28, 48))),
  peerId: PeerId(hexOf(bytes.slice(48, 68))),
});

/** Four bytes as a number. */
export const wordAt = (bytes: readonly number[], at: number): number =>
  Number.parseInt(hexOf(bytes.slice(at, at + 4)), 16);

export function hexOf(bytes: Iterable<number>): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function fits(body: Body, length: number): boolean {
  if (body === 'data') return true;
  if (body === 'place and data') return length >= 8;
  if (body === 'number and data') return length >= 1;
  return length === { nothing: 0, piece: 4, range: 12 }[body];
}

/** The lengths are right. */
function made({ type, body }: Row, bytes: readonly number[]): Message {
  const piece = wordAt(bytes, 0) as PieceIndex;
  const begin = wordAt(bytes, 4);
  const fields = {
    nothing: {},
    piece: { piece },
    range: { piece, begin, length: wordAt(bytes, 8) },
    'place and data': { piece, begin, block: Uint8Array.from(bytes.slice(8)) },
    data: { bits: Uint8Array.from(bytes) },
    'number and data': { extendedId: bytes[0], payload: Uint8Array.from(bytes.slice(1)) },
  }[body];
  return { type, ...fields } as Message;
}

const idOf = (message: Message): number =>
  message.type === 'unknown'
    ? message.id
    : (rows.find(({ type }) => type === message.type)?.id ?? -1);

function bodyOf(message: Message): readonly number[] {
  switch (message.type) {
    case 'have':
    case 'suggest':
    case 'allowed-fast':
      return word(message.piece);
    case 'request':
    case 'cancel':
    case 'reject':
      return [message.piece, message.begin, message.length].flatMap(word);
    case 'piece':
      return [...word(message.piece), ...word(message.begin), ...message.block];
    case 'bitfield':
      return [...message.bits];
    case 'extended':
      return [message.extendedId, ...message.payload];
    case 'unknown':
      return [...message.payload];
    default:
      return [];
  }
}

const word = (n: number): number[] => bytesOf(n.toString(16).padStart(8, '0'));

function bytesOf(hex: string): number[] {
  return Array.from({ length: hex.length / 2 }, (_, i) =>
    Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
  );
}
