/** What passes on a wire as bytes, read a second time and by other code than the peers' own (BEP 3, 6, 10). */
import { toHex } from '../../core/bytes/hex.ts';
import { InfoHash, PeerId, PieceIndex } from '../../core/torrent/ids.ts';
import type { BlockRef } from '../../core/torrent/pieces.ts';
import type { Saying } from '../../core/wire/saying.ts';

const handshakeBytes = 68;
const prefixBytes = 4;

/** One direction of one connection. */
export class Tap {
  #unread = new Uint8Array();
  #isFirst = true;

  /** The sayings that are whole with these bytes. */
  read(bytes: Uint8Array): readonly Saying[] {
    const joined = new Uint8Array(this.#unread.length + bytes.length);
    joined.set(this.#unread);
    joined.set(bytes, this.#unread.length);
    this.#unread = joined;
    const sayings: Saying[] = [];
    for (let next = this.#next(); next !== undefined; next = this.#next()) sayings.push(next);
    return sayings;
  }

  #next(): Saying | undefined {
    const bytes = this.#unread;
    const length = this.#isFirst ? handshakeBytes : frameBytes(bytes);
    if (bytes.length < length) return undefined;
    this.#unread = bytes.subarray(length);
    if (!this.#isFirst) return sayingOf(bytes.subarray(prefixBytes, length));
    this.#isFirst = false;
    return handshakeOf(bytes);
  }
}

const frameBytes = (bytes: Uint8Array): number =>
  bytes.length < prefixBytes ? prefixBytes : prefixBytes + numberAt(bytes, 0);

const numberAt = (bytes: Uint8Array, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);

const handshakeOf = (bytes: Uint8Array): Saying => ({
  type: 'handshake',
  handshake: {
    reserved: bytes.slice(20, 28),
    infoHash: InfoHash(toHex(bytes.subarray(28, 48))),
    peerId: PeerId(toHex(bytes.subarray(48, 68))),
  },
});

const plain: ReadonlyMap<number, Saying> = new Map<number, Saying>([
  [0, { type: 'choke' }],
  [1, { type: 'unchoke' }],
  [2, { type: 'interested' }],
  [3, { type: 'not-interested' }],
  [14, { type: 'have-all' }],
  [15, { type: 'have-none' }],
]);

function sayingOf(frame: Uint8Array): Saying {
  const [id] = frame;
  if (id === undefined) return { type: 'keep-alive' };
  const payload = frame.subarray(1);
  const known = plain.get(id);
  if (known !== undefined && payload.length === 0) return known;
  return ofLength(id, payload) ?? { type: 'unknown', id, payload };
}

/** A bitfield, a block or an extension's message may be as long as what has a fixed length: the id decides first. */
function ofLength(id: number, payload: Uint8Array): Saying | undefined {
  switch (id) {
    case 5:
      return { type: 'bitfield', bits: payload };
    case 7:
      return payload.length < 8 ? undefined : ofPayload(payload);
    case 20:
      return payload.length === 0 ? undefined : ofExtension(payload);
    default:
      if (payload.length === 4) return ofPiece(id, PieceIndex(numberAt(payload, 0)));
      return payload.length === 12 ? ofBlock(id, payload) : undefined;
  }
}

const ofPayload = (payload: Uint8Array): Saying => ({
  type: 'piece',
  ...startOf(payload),
  block: payload.subarray(8),
});

const ofExtension = (payload: Uint8Array): Saying => ({
  type: 'extended',
  extendedId: payload[0] ?? 0,
  payload: payload.subarray(1),
});

function ofPiece(id: number, piece: PieceIndex): Saying | undefined {
  if (id === 4) return { type: 'have', piece };
  if (id === 13) return { type: 'suggest', piece };
  return id === 17 ? { type: 'allowed-fast', piece } : undefined;
}

function ofBlock(id: number, payload: Uint8Array): Saying | undefined {
  const block: BlockRef = { ...startOf(payload), length: numberAt(payload, 8) };
  if (id === 6) return { type: 'request', ...block };
  if (id === 8) return { type: 'cancel', ...block };
  return id === 16 ? { type: 'reject', ...block } : undefined;
}

const startOf = (payload: Uint8Array): { readonly piece: PieceIndex; readonly begin: number } => ({
  piece: PieceIndex(numberAt(payload, 0)),
  begin: numberAt(payload, 4),
});
