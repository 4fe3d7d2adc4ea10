/** What a hostile peer may try on one connection, and what becomes of it. */
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { Message } from '../wire/message.ts';
import type { CloseReason, ConnectionOutput } from './connection.ts';
import { concatBytes, fromLatin1 } from '../bytes/utf8.ts';
import { fromHex } from '../bytes/hex.ts';
import { message as anyMessage } from '../testing/wire-arbitraries.ts';
import { after, millis, minutes, seconds, start } from '../time.ts';
import { InfoHash, PeerId, PieceIndex } from '../torrent/ids.ts';
import { Pieces } from '../torrent/pieces.ts';
import { encodeHandshake, reservedBits } from '../wire/handshake.ts';
import { encodeMessage } from '../wire/message.ts';
import { changesPerSec, maxChanges } from './changes.ts';
import { PeerConnection, localExtensionIds, maxFrameBytes } from './connection.ts';
import { maxRequestBytes } from './validation.ts';

// Nine pieces, two bytes of bitfield; the last piece is short.
const pieces = new Pieces({ length: 8 * 2 ** 18 + 5, pieceLength: 2 ** 18 });
const last = PieceIndex(8);
const beyond = PieceIndex(9);
const p = PieceIndex(1);
const block = { piece: p, begin: 0, length: 16_384 };
const everything = { fast: true, extension: true };
const nothing = { fast: false, extension: false };

describe('a stream that is none of ours', () => {
  it.each(['GET / HTTP/1.0\r\n\r\n', '\x16\x03\x01\x02\x00', '\x13BitTorrent protocoX', '\xff'])(
    'is refused at its first wrong byte: %j',
    (text) => {
      for (const connection of [dialling(), called()]) {
        const outputs = [...fromLatin1(text)].map((byte) => hear(connection, Uint8Array.of(byte)));
        const wrong = text.startsWith('\x13') ? text.length - 1 : 0;
        expect(outputs[wrong]).toEqual([{ type: 'disconnect', reason: 'bad-protocol-string' }]);
      }
    },
  );

  it('is refused when it is about another torrent than the one we dialled for', () => {
    const other = encodeHandshake({ ...them(everything), infoHash: InfoHash('cd'.repeat(20)) });
    expect(hear(dialling(), other)).toEqual([{ type: 'disconnect', reason: 'wrong-torrent' }]);
  });

  it('is refused when it fills our memory before it is let in', () => {
    const connection = called();
    hear(connection, encodeHandshake(them(everything)));
    const chunk = new Uint8Array(2 ** 16);
    for (let i = 0; i < 4; i += 1) expect(hear(connection, chunk)).toEqual([]);
    expect(hear(connection, chunk)).toEqual([{ type: 'disconnect', reason: 'frame-too-long' }]);
  });

  it('never makes the machine throw, ends it at most once, and is then ignored', () => {
    const noise = fc.oneof(fc.uint8Array(), anyMessage.map(encodeMessage));
    fc.assert(
      fc.property(fc.array(noise), fc.boolean(), fc.boolean(), (chunks, isOpen, fast) => {
        const connection = isOpen ? open({ fast, extension: true }) : called();
        const outputs = chunks.flatMap((chunk) => hear(connection, chunk));
        const ends = outputs.filter(({ type }) => type === 'disconnect');
        expect(ends.length).toBeLessThanOrEqual(1);
        if (ends.length > 0) expect(outputs.at(-1)).toBe(ends[0]);
      }),
    );
  });
});

describe('a message that breaks the rules', () => {
  it.each<readonly [string, CloseReason, string]>([
    ['a prefix of 4 GiB', 'frame-too-long', 'ffffffff'],
    ['a choke with a payload', 'bad-length', '0000000200ff'],
    ['a have without a piece', 'bad-length', '0000000104'],
    ['a request that is cut short', 'bad-length', '0000000706000000010000'],
    ['a piece without a place', 'bad-length', '00000005070000000000'],
    ['an extended message without an id', 'bad-length', '0000000114'],
  ])('%s: %s', (_, reason, hex) => {
    expect(reasonFor(everything, fromHex(hex))).toBe(reason);
  });

  it.each<readonly [string, CloseReason, Message]>([
    ['a have of no piece', 'piece-out-of-range', { type: 'have', piece: beyond }],
    ['a have of 2^32 - 1', 'piece-out-of-range', { type: 'have', piece: PieceIndex(2 ** 32 - 1) }],
    ['a suggestion of no piece', 'piece-out-of-range', { type: 'suggest', piece: beyond }],
    ['an allowance of no piece', 'piece-out-of-range', { type: 'allowed-fast', piece: beyond }],
    ['a loss of no piece', 'piece-out-of-range', extended('lt_donthave', '00000009')],
    ['an empty bitfield', 'bad-bitfield', bitfield('')],
    ['a short bitfield', 'bad-bitfield', bitfield('ff')],
    ['a long bitfield', 'bad-bitfield', bitfield('ff8000')],
    ['a bitfield with spare bits', 'bad-bitfield', bitfield('ffc0')],
    ['a request for nothing', 'bad-request', { type: 'request', ...block, length: 0 }],
    [
      'a request for more than any block',
      'bad-request',
      { type: 'request', ...block, length: maxRequestBytes + 1 },
    ],
    [
      'a request beyond its piece',
      'bad-request',
      { type: 'request', ...block, begin: 2 ** 18 - 1 },
    ],
    [
      'a request beyond the last piece',
      'bad-request',
      { type: 'request', piece: last, begin: 0, length: 6 },
    ],
    [
      'a request that wraps at 2^32',
      'bad-request',
      { type: 'request', piece: p, begin: 2 ** 32 - 1, length: 2 },
    ],
    ['a request for no piece', 'bad-request', { type: 'request', ...block, piece: beyond }],
    ['a cancel of no piece', 'bad-request', { type: 'cancel', ...block, piece: beyond }],
    ['a reject of no piece', 'bad-request', { type: 'reject', ...block, piece: beyond }],
    [
      'a block of no piece',
      'bad-block',
      { type: 'piece', piece: beyond, begin: 0, block: new Uint8Array(1) },
    ],
    ['an empty block', 'bad-block', { type: 'piece', piece: p, begin: 0, block: new Uint8Array() }],
    [
      'a block beyond its piece',
      'bad-block',
      { type: 'piece', piece: last, begin: 1, block: new Uint8Array(5) },
    ],
    ['a loss of half a piece index', 'bad-extension-message', extended('lt_donthave', '0000')],
    ['an extension handshake of garbage', 'bad-extension-handshake', extendedHandshake('spam')],
    ['one that is no dictionary', 'bad-extension-handshake', extendedHandshake('le')],
    ['one that is deep', 'bad-extension-handshake', extendedHandshake('d1:x'.repeat(4_000))],
    [
      'one that is long',
      'bad-extension-handshake',
      extendedHandshake(`d1:v20000:${'v'.repeat(20_000)}e`),
    ],
  ])('%s: %s', (_, reason, message) => {
    expect(reasonFor(everything, encodeMessage(message))).toBe(reason);
  });

  it.each<Message>([
    { type: 'request', piece: p, begin: 2 ** 17, length: maxRequestBytes },
    { type: 'request', piece: last, begin: 4, length: 1 },
    { type: 'piece', piece: last, begin: 0, block: new Uint8Array(5) },
    { type: 'have', piece: last },
    bitfield('ff80'),
  ])('is not one that goes to the very edge: %o', (message) => {
    expect(reasonFor(everything, encodeMessage(message))).toBeUndefined();
  });

  const first: readonly Message[] = [{ type: 'have-all' }, { type: 'have-none' }];
  const before: readonly Message[] = [
    ...first,
    bitfield('ff80'),
    { type: 'have', piece: p },
    { type: 'unchoke' },
  ];
  it.each(before.flatMap((one) => first.map((two) => [one, two] as const)))(
    'a word on all or none that is not the first: %o, then %o',
    (one, two) => {
      expect(reasonFor(everything, encodeMessage(one), encodeMessage(two))).toBe('late-bitfield');
    },
  );

  it.each<Message>([
    { type: 'have-all' },
    { type: 'have-none' },
    { type: 'suggest', piece: p },
    { type: 'allowed-fast', piece: p },
    { type: 'reject', ...block },
  ])('what was not agreed on in the handshake (BEP 6): %o', (message) => {
    expect(reasonFor({ fast: false, extension: true }, encodeMessage(message))).toBe(
      'fast-not-agreed',
    );
  });

  it('what was not agreed on in the handshake (BEP 10)', () => {
    const bytes = encodeMessage(extendedHandshake('de'));
    expect(reasonFor(nothing, bytes)).toBe('extension-not-agreed');
  });

  it('is the last that is heard: what came before it counts, what comes after it does not', () => {
    const bytes = concatBytes(
      encodeMessage({ type: 'have', piece: p }),
      encodeMessage({ type: 'have', piece: beyond }),
      encodeMessage({ type: 'have', piece: p }),
    );
    expect(hear(open(everything), bytes)).toEqual([
      { type: 'received', message: { type: 'have', piece: p } },
      { type: 'disconnect', reason: 'piece-out-of-range' },
    ]);
  });
});

describe('what is odd but harmless', () => {
  it('an unknown id is told and changes nothing, before a bitfield too', () => {
    const port: Message = { type: 'unknown', id: 9, payload: fromHex('1ae1') };
    expect(
      reasonFor(nothing, encodeMessage(port), encodeMessage(bitfield('ff80'))),
    ).toBeUndefined();
  });

  it('an extended message under an id we never gave is told and changes nothing', () => {
    const odd: Message = { type: 'extended', extendedId: 200, payload: fromHex('00') };
    const outputs = hear(open(everything), encodeMessage(odd));
    expect(outputs).toEqual([{ type: 'received', message: odd }]);
  });

  it.each(['d13:metadata_sizei2147483648ee', 'd13:metadata_sizei-1ee', 'd1:mi1ee', 'd1:pi-1ee'])(
    'an extension handshake with nonsense in it is read without the nonsense: %s',
    (text) => {
      const outputs = hear(open(everything), encodeMessage(extendedHandshake(text)));
      expect(outputs).toEqual([{ type: 'extensions', remote: { ids: new Map() } }]);
    },
  );

  it.each(['d4:reqqi0ee', 'd4:reqqi-5ee'])(
    'a peer that would queue nothing queues one: %s',
    (text) => {
      const connection = open(everything);
      hear(connection, encodeMessage(extendedHandshake(text)));
      expect(connection.remoteExtensions?.reqq).toBe(1);
    },
  );
});

describe('a storm of changes', () => {
  const flapping: readonly (readonly [string, readonly Message[]])[] = [
    ['interest that flaps', [{ type: 'interested' }, { type: 'not-interested' }]],
    ['choking that flaps', [{ type: 'unchoke' }, { type: 'choke' }]],
    ['the same choke again and again', [{ type: 'choke' }]],
    ['an extension handshake again and again', [extendedHandshake('de')]],
    ['a bitfield again and again', [{ type: 'have', piece: p }, bitfield('ff80')]],
    ['the same haves over and over', [{ type: 'have', piece: p }]],
    ['suggestions without end', [{ type: 'suggest', piece: p }]],
    ['messages that nobody knows', [{ type: 'unknown', id: 99, payload: new Uint8Array(1) }]],
    [
      'a piece that comes and goes',
      [{ type: 'have', piece: p }, extended('lt_donthave', '00000001')],
    ],
  ];

  it.each(flapping)('%s ends the connection, after a bounded number of replies', (_, messages) => {
    const connection = open(everything);
    const round = concatBytes(...messages.map(encodeMessage));
    const outputs = Array.from({ length: 10_000 }, () => hear(connection, round)).flat();
    expect(outputs.at(-1)).toEqual({ type: 'disconnect', reason: 'message-storm' });
    const most = messages.length * (maxChanges + 1) + pieces.count;
    expect(outputs.length).toBeLessThanOrEqual(most);
  });

  it('keep-alives without end are a storm as well, and cost no reply', () => {
    const connection = open(everything);
    const outputs = hear(connection, new Uint8Array(4 * 10_000));
    expect(outputs).toEqual([{ type: 'disconnect', reason: 'message-storm' }]);
    expect(hear(open(everything), new Uint8Array(4 * maxChanges))).toEqual([]);
  });

  it('a have for each piece is none, however many pieces there are', () => {
    const many = new Pieces({ length: 3 * maxChanges, pieceLength: 1 });
    const connection = open(everything, many);
    const outputs = Array.from({ length: many.count }, (_, i) =>
      hear(connection, encodeMessage({ type: 'have', piece: PieceIndex(i) })),
    );
    expect(outputs.flat().map(({ type }) => type)).toEqual(outputs.map(() => 'received'));
  });

  it('a peer that says the same again is not told of: it has nothing to gain from it', () => {
    const outputs = hear(open(everything), encodeMessage({ type: 'choke' }));
    expect(outputs).toEqual([]);
  });

  it('changes at a bearable rate go on for ever', () => {
    const connection = open(everything);
    const flap = concatBytes(...(flapping[0]?.[1] ?? []).map(encodeMessage));
    const every = millis((2 * 1_000) / changesPerSec);
    for (let now = start; now < minutes(5); now = after(now, every))
      expect(connection.handle(now, { type: 'bytes', bytes: flap })).toHaveLength(2);
  });

  it('interest that follows our own news is none, however fast it comes', () => {
    const connection = open(everything);
    const flap = concatBytes(...(flapping[0]?.[1] ?? []).map(encodeMessage));
    for (let i = 0; i < 10 * maxChanges; i += 1) {
      connection.handle(start, { type: 'send', message: { type: 'have', piece: p } });
      expect(hear(connection, flap)).toHaveLength(2);
    }
  });

  it('unchokes that follow our own interest are none, however fast they come', () => {
    const connection = open(everything);
    for (let i = 0; i < 10 * maxChanges; i += 1) {
      const type = i % 2 === 0 ? 'interested' : 'not-interested';
      connection.handle(start, { type: 'send', message: { type } });
      const answer: Message = { type: i % 2 === 0 ? 'unchoke' : 'choke' };
      expect(hear(connection, encodeMessage(answer))).toHaveLength(1);
    }
  });

  it('patience saved up is bounded', () => {
    const connection = open(everything);
    const later = after(start, minutes(1));
    const flap = concatBytes(...(flapping[0]?.[1] ?? []).map(encodeMessage));
    const bytes = concatBytes(...Array.from({ length: maxChanges }, () => flap));
    expect(connection.handle(later, { type: 'bytes', bytes }).at(-1)).toEqual({
      type: 'disconnect',
      reason: 'message-storm',
    });
  });
});

describe('limits', () => {
  it('leave room for the longest honest messages', () => {
    const longest = new Pieces({ length: 2 ** 21, pieceLength: 1 });
    expect(Math.ceil(longest.count / 8) + 1).toBeLessThanOrEqual(maxFrameBytes);
    expect(maxRequestBytes + 9).toBeLessThanOrEqual(maxFrameBytes);
  });
});

type Agreed = Parameters<typeof reservedBits>[0];

function them(agreed: Agreed) {
  return {
    infoHash: InfoHash('ab'.repeat(20)),
    peerId: PeerId('02'.repeat(20)),
    reserved: reservedBits(agreed),
  };
}

function dialling(torrent = pieces): PeerConnection {
  const connection = new PeerConnection(start, { ...limits(), outgoing: true });
  const handshake = { ...them(everything), peerId: PeerId('01'.repeat(20)) };
  connection.open(start, { handshake, pieces: torrent, extensions: { ids: localExtensionIds } });
  return connection;
}

function called(): PeerConnection {
  return new PeerConnection(start, { ...limits(), outgoing: false });
}

/** A connection to a peer that speaks what was agreed on. */
function open(agreed: Agreed, torrent = pieces): PeerConnection {
  const connection = dialling(torrent);
  hear(connection, encodeHandshake(them(agreed)));
  return connection;
}

/** Why the connection ends on the last of these messages; undefined when it does not. Those before must pass. */
function reasonFor(agreed: Agreed, ...messages: readonly Uint8Array[]): CloseReason | undefined {
  const connection = open(agreed);
  const outputs = messages.map((bytes) => hear(connection, bytes));
  const lastOutput = outputs.pop()?.at(-1);
  expect(outputs.flat().map(({ type }) => type)).not.toContain('disconnect');
  return lastOutput?.type === 'disconnect' ? lastOutput.reason : undefined;
}

function hear(connection: PeerConnection, bytes: Uint8Array): readonly ConnectionOutput[] {
  return connection.handle(start, { type: 'bytes', bytes });
}

function bitfield(hex: string): Message {
  return { type: 'bitfield', bits: fromHex(hex) };
}

function extended(name: string, hex: string): Message {
  const extendedId = localExtensionIds.get(name) ?? 255;
  return { type: 'extended', extendedId, payload: fromHex(hex) };
}

function extendedHandshake(text: string): Message {
  return { type: 'extended', extendedId: 0, payload: fromLatin1(text) };
}

function limits() {
  return { handshakeLimit: seconds(10), silenceLimit: minutes(2), keepAliveEvery: seconds(90) };
}
