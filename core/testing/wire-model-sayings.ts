/** What a peer may put on the wire, right and wrong, with the bytes it takes (BEP 3, 6, 10). */
import * as fc from 'fast-check';
import type { Handshake } from '../wire/handshake.ts';
import type { Message } from '../wire/message.ts';
import type { Saying } from '../wire/saying.ts';
import { fromLatin1 } from '../bytes/utf8.ts';
import { InfoHash, PeerId, PieceIndex } from '../torrent/ids.ts';
import { Pieces } from '../torrent/pieces.ts';
import { hexOf, spell, spellHandshake } from './wire-model-bytes.ts';

/** Some bytes, and the values they are when they are any. */
export type Said = {
  readonly label: string;
  readonly bytes: readonly number[];
  readonly sayings?: readonly Saying[];
};

/** Nine pieces, two bytes of bitfield with spare bits; the last piece is short. */
export const modelPieces: Pieces = new Pieces({ length: 8 * 2 ** 18 + 5, pieceLength: 2 ** 18 });
export const modelHash: InfoHash = InfoHash('ab'.repeat(20));

const pieceBytes = 2 ** 18;
const longest = 131_072;
const data = fc.uint8Array({ maxLength: 12 });
const goodPiece = fc.nat({ max: 8 });
const anyPiece = fc.constantFrom(8, 9, 15, 2 ** 31, 2 ** 32 - 1);

/** Inside the torrent, to the very edge. */
const goodRange = fc.oneof(
  fc.record({
    piece: fc.nat({ max: 7 }),
    begin: fc.constantFrom(0, 1, pieceBytes - longest),
    length: fc.constantFrom(1, 16_384, longest),
  }),
  fc.constantFrom({ piece: 8, begin: 0, length: 5 }, { piece: 8, begin: 4, length: 1 }),
);

/** One of the three numbers is at or beyond an edge. */
const anyRange = fc.record({
  piece: fc.oneof(goodPiece, anyPiece),
  begin: fc.constantFrom(0, 1, 5, pieceBytes - longest + 1, pieceBytes, 2 ** 32 - 1),
  length: fc.constantFrom(0, 1, 5, 6, longest, longest + 1, 2 ** 32 - 1),
});

type Change = 'choke' | 'unchoke' | 'interested' | 'not-interested';

const changes = fc
  .constantFrom<Change[]>('choke', 'unchoke', 'interested', 'not-interested')
  .map((type): Message => ({ type }));

type Numbers = { readonly piece: number; readonly begin: number; readonly length: number };

const withPiece = (piece: fc.Arbitrary<number>): fc.Arbitrary<Message> =>
  fc
    .tuple(fc.constantFrom('have', 'have', 'suggest', 'allowed-fast'), piece)
    .map(([type, n]): Message => ({ type, piece: PieceIndex(n) }));

const withRange = (range: fc.Arbitrary<Numbers>): fc.Arbitrary<Message> =>
  fc
    .tuple(fc.constantFrom('request', 'request', 'cancel', 'reject'), range)
    .map(([type, { piece, begin, length }]): Message => ({
      ...{ type, begin, length },
      piece: PieceIndex(piece),
    }));

/** Blocks are short, so that runs are not; now and then there is one of the longest, or of a byte too many. */
const block = (range: fc.Arbitrary<Numbers>, most: number): fc.Arbitrary<Message> =>
  fc.tuple(range, fc.nat({ max: 30 })).map(([{ piece, begin, length }, dice]): Message => ({
    ...{ type: 'piece', piece: PieceIndex(piece), begin },
    block: new Uint8Array(dice === 0 ? Math.min(length, most) : Math.min(length, 8)).fill(dice),
  }));

const bits = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(fc.nat({ max: 255 }), fc.constantFrom(0, 0x80)) },
  { weight: 1, arbitrary: fc.constantFrom([], [1], [255, 192], [0, 1], [255, 128, 0]) },
);

const lists = fc.oneof(
  fc.constantFrom('have-all', 'have-none').map((type): Message => ({ type })),
  bits.map((bytes): Message => ({ type: 'bitfield', bits: Uint8Array.from(bytes) })),
);

/** Extension handshakes in the order of how odd they are. */
const helloTexts: readonly string[] = [
  'de',
  'd1:md11:lt_donthavei3e11:upload_onlyi7ee1:pi6881e4:reqqi250e1:v8:Peer 1.0e',
  'd1:md11:lt_donthavei0ee11:upload_onlyi1ee',
  'd4:reqqi0e1:pi0e13:metadata_sizei4194305e11:upload_onlyi0ee',
  'd1:pi65535e13:metadata_sizei4194304e4:reqqi10001ee and more',
  'd1:m2:no1:v2:\xff\xfe4:reqqi99999999999999999999ee',
  `d1:v128:${'v'.repeat(128)}e`,
  `d1:v129:${'v'.repeat(129)}e`,
  `d1:md${names(70)}ee`,
  `d1:md${names(40, 'x')}ee`,
  `d1:md65:${'n'.repeat(65)}i1e3:abci256e3:abdi-1e3:abei255eee`,
  `d1:v16373:${'v'.repeat(16_373)}e`,
  `d1:v16374:${'v'.repeat(16_374)}e`,
];
const badHelloTexts: readonly string[] = [
  '',
  'le',
  'i1e',
  'd',
  'd1:v',
  'd1:v1:xd',
  'd1:ai1e1:ai1ee',
];

const extended = (extendedId: number, payload: Uint8Array): Message => ({
  ...{ type: 'extended', extendedId, payload },
});

const goodExtended = fc.oneof(
  fc.constantFrom(...helloTexts).map((text) => extended(0, fromLatin1(text))),
  fc.nat({ max: 8 }).map((piece) => extended(1, Uint8Array.of(0, 0, 0, piece))),
  fc.nat({ max: 2 }).map((flag) => extended(2, Uint8Array.of(flag))),
  fc.tuple(fc.integer({ min: 3, max: 255 }), data).map(([id, payload]) => extended(id, payload)),
);

const badExtended = fc.oneof(
  fc.constantFrom(...badHelloTexts).map((text) => extended(0, fromLatin1(text))),
  fc
    .constantFrom([0, 0, 0, 9], [255, 255, 255, 255], [0, 0, 0], [])
    .map((bytes) => extended(1, Uint8Array.from(bytes))),
  fc.constantFrom([], [1, 0]).map((bytes) => extended(2, Uint8Array.from(bytes))),
);

/** Ids that mean nothing here, and longer than what may wait before a caller is let in. */
const unknown = fc
  .tuple(fc.constantFrom(9, 12, 18, 21, 255), data, fc.nat({ max: 40 }))
  .map(([id, payload, dice]): Message => ({
    ...{ type: 'unknown', id },
    payload: dice === 0 ? new Uint8Array(140_000) : payload,
  }));

/** Nothing wrong with it between peers that speak everything, unless it comes too often or too late. */
export const message: fc.Arbitrary<Message> = fc.oneof(
  { weight: 5, arbitrary: changes },
  { weight: 3, arbitrary: withPiece(goodPiece) },
  { weight: 3, arbitrary: withRange(goodRange) },
  { weight: 2, arbitrary: block(goodRange, longest) },
  { weight: 2, arbitrary: goodExtended },
  { weight: 1, arbitrary: unknown },
);

/** A known id in front of what does not belong there. */
const misnamed = fc
  .tuple(fc.constantFrom(0, 3, 4, 6, 7, 16, 17, 20), fc.constantFrom(0, 1, 4, 5, 12))
  .map(([id, length]): Message => ({ type: 'unknown', id, payload: new Uint8Array(length) }));

const badMessage = fc.oneof(
  misnamed,
  withPiece(anyPiece),
  withRange(anyRange),
  block(anyRange, longest + 1),
  lists,
  badExtended,
  badExtended,
);

const greeting = fc
  .record({
    isOther: fc.nat({ max: 5 }).map((dice) => dice === 0),
    isMute: fc.nat({ max: 3 }).map((dice) => dice === 0),
    noise: fc.uint8Array({ minLength: 8, maxLength: 8 }),
    digit: fc.constantFrom('1', '2'),
  })
  .map(({ digit, isMute, isOther, noise }): Handshake => ({
    infoHash: isOther ? InfoHash('cd'.repeat(20)) : modelHash,
    peerId: PeerId(digit.repeat(40)),
    reserved: isMute ? noise : Uint8Array.of(0, 0, 0, 0, 0, 0x10, 0, 0x04),
  }));

export function oneSaying(saying: Saying): Said {
  const label = saying.type === 'handshake' ? JSON.stringify(saying.handshake) : labelOf(saying);
  return { label, bytes: spellSaying(saying), sayings: [saying] };
}

/** One bit of the beginning is another: length, number, piece, whatever lies there. */
const flipped = fc
  .tuple(fc.oneof(message, lists, greeting), fc.nat({ max: 15 }), fc.nat({ max: 7 }))
  .map(([saying, at, bit]): Said => {
    const bytes = spellSaying('type' in saying ? saying : { type: 'handshake', handshake: saying });
    const place = at % bytes.length;
    const spoilt = bytes.map((byte, i) => (i === place ? byte ^ (1 << bit) : byte));
    return { label: `bit ${bit} of byte ${place} of ${hexOf(bytes.slice(0, 80))}`, bytes: spoilt };
  });

const raw = fc
  .oneof(
    fc.constantFrom(
      [255, 255, 255, 255],
      [0, 4, 0, 2],
      [0, 0, 0, 2, 0, 0],
      [0, 0, 0, 1, 4],
      [0, 0, 0, 1, 20],
    ),
    fc.array(fc.nat({ max: 255 }), { maxLength: 12 }),
  )
  .map((bytes): Said => ({ label: hexOf(bytes), bytes }));

/** So many changes at once. */
export function stormOf(count: number, [one, other]: readonly [Change, Change]): Said {
  const types = Array.from({ length: count }, (_, i) => (i % 2 === 0 ? one : other));
  const sayings = types.map((type): Message => ({ type }));
  return { label: `${count} times ${one}, ${other}`, bytes: sayings.flatMap(spell), sayings };
}

/** More than anybody has to put up with, or nearly. */
const storm = fc
  .tuple(
    fc.constantFrom(100, 998, 1_000, 1_001),
    fc.constantFrom(['unchoke', 'choke'] as const, ['interested', 'interested'] as const),
  )
  .map(([count, pair]) => stormOf(count, pair));

/** What another peer's handshake may look like. */
export const theirHandshake: fc.Arbitrary<Said> = greeting.map((handshake) =>
  oneSaying({ type: 'handshake', handshake }),
);

/** Anything that may come in. */
export const said: fc.Arbitrary<Said> = fc.oneof(
  { weight: 20, arbitrary: message.map(oneSaying) },
  { weight: 3, arbitrary: fc.constant(oneSaying({ type: 'keep-alive' })) },
  { weight: 2, arbitrary: theirHandshake },
  { weight: 4, arbitrary: badMessage.map(oneSaying) },
  { weight: 1, arbitrary: flipped },
  { weight: 1, arbitrary: raw },
  { weight: 1, arbitrary: storm },
);

export function spellSaying(saying: Saying): number[] {
  if (saying.type === 'handshake') return spellHandshake(saying.handshake);
  return saying.type === 'keep-alive' ? [0, 0, 0, 0] : spell(saying);
}

/** As short as a failure needs it. */
function labelOf(saying: Message | { readonly type: 'keep-alive' }): string {
  return `${saying.type} ${hexOf(spellSaying(saying).slice(4, 84))}`;
}

function names(count: number, prefix = 'n'): string {
  const all = Array.from({ length: count }, (_, i) => `${prefix}${String(i).padStart(2, '0')}`);
  return all.map((name, i) => `${name.length}:${name}i${i + 1}e`).join('');
}
