/** Peer messages, whole conversations, and the ways a stream of bytes may be cut. */
import fc from 'fast-check';
import type { BlockRef, Pieces } from '../torrent/pieces.ts';
import type { Message } from '../wire/message.ts';
import { type Saying, sayingLength } from '../wire/saying.ts';
import { Bitfield } from '../torrent/bitfield.ts';
import { InfoHash, PeerId, PieceIndex } from '../torrent/ids.ts';
import { toHex } from '../bytes/hex.ts';

const u32 = fc.nat({ max: 2 ** 32 - 1 });
const bytes = fc.uint8Array({ maxLength: 40 });
const changes = ['choke', 'unchoke', 'interested', 'not-interested'] as const;

type Ranges = {
  readonly piece: fc.Arbitrary<PieceIndex>;
  readonly block: fc.Arbitrary<BlockRef>;
  /** Ids under which nobody has promised anything. */
  readonly extendedId: fc.Arbitrary<number>;
};

/** Messages that may come at any time between peers that speak everything, from the ranges given. */
const within = ({ piece, block, extendedId }: Ranges): fc.Arbitrary<Message> =>
  fc.oneof(
    fc.constantFrom(...changes).map((type): Message => ({ type })),
    fc
      .tuple(fc.constantFrom('have', 'suggest', 'allowed-fast'), piece)
      .map(([type, p]): Message => ({ type, piece: p })),
    fc
      .tuple(fc.constantFrom('request', 'cancel', 'reject'), block)
      .map(([type, b]): Message => ({ type, ...b })),
    fc
      .tuple(block, fc.uint8Array({ minLength: 1, maxLength: 40 }))
      .map(([{ piece: p, begin, length }, data]): Message => ({
        type: 'piece',
        piece: p,
        begin,
        block: data.subarray(0, length),
      })),
    fc.record({ type: fc.constant('extended' as const), extendedId, payload: bytes }),
    fc.record({
      type: fc.constant('unknown' as const),
      id: fc.constantFrom(9, 12, 21, 255),
      payload: bytes,
    }),
  );

const piece32 = u32.map(PieceIndex);

/** Any message that can be written, whether it makes sense or not. */
export const message: fc.Arbitrary<Message> = fc.oneof(
  within({
    piece: piece32,
    block: fc.record({ piece: piece32, begin: u32, length: u32 }),
    extendedId: fc.nat({ max: 255 }),
  }),
  fc.constantFrom('have-all', 'have-none').map((type): Message => ({ type })),
  bytes.map((bits): Message => ({ type: 'bitfield', bits })),
);

const id20 = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(toHex);

/** Anything that can be said, at whatever time and under whatever number. */
export const saying: fc.Arbitrary<Saying> = fc.oneof(
  { weight: 6, arbitrary: message },
  fc.constant<Saying>({ type: 'keep-alive' }),
  fc.record({ type: fc.constant('unknown' as const), id: fc.nat({ max: 255 }), payload: bytes }),
  fc.record({
    type: fc.constant('handshake' as const),
    handshake: fc.record({
      infoHash: id20.map(InfoHash),
      peerId: id20.map(PeerId),
      reserved: fc.uint8Array({ minLength: 8, maxLength: 8 }),
    }),
  }),
);

/** All that one side of an open connection says, without a fault. */
export function monologue(pieces: Pieces): fc.Arbitrary<readonly Message[]> {
  const piece = fc.nat({ max: pieces.count - 1 }).map(PieceIndex);
  const block = piece.chain((p) =>
    fc.nat({ max: pieces.blockCount(p) - 1 }).map((index) => pieces.blockRef(p, index)),
  );
  const first: fc.Arbitrary<readonly Message[]> = fc.oneof(
    fc.constant([]),
    fc.constantFrom('have-all', 'have-none').map((type): Message[] => [{ type }]),
    fc.uniqueArray(piece).map((have): Message[] => {
      const bits = new Bitfield(pieces.count);
      for (const p of have) bits.set(p);
      return [{ type: 'bitfield', bits: bits.toBytes() }];
    }),
  );
  const rest = fc.array(within({ piece, block, extendedId: fc.integer({ min: 100, max: 255 }) }));
  return fc.tuple(first, rest).map(([head, tail]) => [...head, ...tail]);
}

/** Cuts bytes into consecutive chunks at arbitrary places. */
export const chunksOf = (whole: Uint8Array): fc.Arbitrary<Uint8Array[]> =>
  fc.array(fc.nat({ max: whole.length })).map((cuts) => cutAt(whole, cuts));

/** The chunks of `whole` between the places in `cuts`, in whatever order these are. */
export function cutAt(whole: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const edges = edgesOf(whole.length, cuts);
  return edges.slice(1).map((end, i) => whole.slice(edges[i], end));
}

/** The same cuts through the same stream as values: what has arrived whole with each chunk. */
export function cutSayings(sayings: readonly Saying[], cuts: readonly number[]): Saying[][] {
  const ends: number[] = [];
  for (const said of sayings) ends.push((ends.at(-1) ?? 0) + sayingLength(said));
  const edges = edgesOf(ends.at(-1) ?? 0, cuts);
  return edges.slice(1).map((end, i) => {
    const from = edges[i] ?? 0;
    return sayings.filter((_, n) => (ends[n] ?? 0) > from && (ends[n] ?? 0) <= end);
  });
}

function edgesOf(length: number, cuts: readonly number[]): number[] {
  const inside = cuts.map((cut) => cut % (length + 1)).sort((a, b) => a - b);
  return [0, ...inside, length];
}
