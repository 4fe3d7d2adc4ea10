/** A connection does what a naive one does, whatever happens in whatever order. */
import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import type { Handshake } from '../wire/handshake.ts';
import type { Form } from '../wire/saying.ts';
import type { CloseReason, LocalHello } from './connection.ts';
import {
  handshakes,
  hears,
  sends,
  type WireCommand,
  type WireUnderTest,
  waits,
  wireCommands,
} from '../testing/wire-model-commands.ts';
import { WireModel } from '../testing/wire-model.ts';
import {
  modelHash,
  modelPieces,
  oneSaying,
  stormOf,
  theirHandshake,
} from '../testing/wire-model-sayings.ts';
import { type Instant, minutes, seconds } from '../time.ts';
import { PeerId, PieceIndex } from '../torrent/ids.ts';
import { reservedBits } from '../wire/handshake.ts';
import { PeerConnection, localExtensionIds } from './connection.ts';

const limits = {
  handshakeLimit: seconds(10),
  silenceLimit: minutes(2),
  keepAliveEvery: seconds(90),
};

const setup = fc.record({
  outgoing: fc.boolean(),
  startedAt: fc.nat({ max: 1_000 }),
  speaks: fc.record({ fast: fc.boolean(), extension: fc.boolean() }),
  namesExtensions: fc.boolean(),
  /** Both handshakes come first; or anything does. */
  begins: fc.option(theirHandshake, { freq: 5 }),
});

type Setup = typeof setup extends fc.Arbitrary<infer Value> ? Value : never;

/** All that the other side can be at fault for, and what an owner may say. */
const reasons: readonly CloseReason[] = [
  ...(['eof', 'silent', 'handshake-timeout', 'wrong-torrent', 'message-storm'] as const),
  ...(['bad-protocol-string', 'frame-too-long', 'bad-length'] as const),
  ...(['bad-extension-handshake', 'bad-extension-message', 'extension-not-agreed'] as const),
  ...(['piece-out-of-range', 'bad-request', 'bad-block'] as const),
  ...(['bad-bitfield', 'late-bitfield', 'fast-not-agreed'] as const),
  ...(['banned', 'idle', 'too-many'] as const),
];

const forms: readonly Form[] = ['bytes', 'values'];

describe.each(forms)('a connection that hears %s', (form) => {
  it('does what a naive one does, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(setup, wireCommands, (drawn, commands) => {
        play(form, drawn, commands);
      }),
    );
  });

  it('was seen to do everything it can do, and to end for every reason that the other side can give', () => {
    const seen = new Set<string>();
    const property = fc.property(setup, wireCommands, (drawn, commands) => {
      play(form, drawn, commands, seen);
    });
    fc.assert(property, { seed: 7, numRuns: 400 });
    const outputs = ['extensions', 'hello', 'lost', 'ready', 'received'];
    const sent = form === 'bytes' ? 'transmit' : 'say';
    expect([...seen].sort()).toEqual([...outputs, sent, ...reasons].sort());
  });

  it('counts what time gives back of a patience that is used up to the last millisecond', () => {
    const begins = oneSaying({ type: 'handshake', handshake: handshakeOf(everything) });
    const tenth: readonly WireCommand[] = [
      waits(1),
      sends({ type: 'have', piece: PieceIndex(0) }),
      hears(stormOf(2, ['unchoke', 'choke'])),
    ];
    const commands = [
      hears(stormOf(1_000, ['unchoke', 'choke'])),
      ...Array.from({ length: 10 }, () => tenth).flat(),
      hears(stormOf(1, ['unchoke', 'choke'])),
    ];
    const seen = new Set<string>();
    play(form, { ...plain, begins }, commands, seen);
    expect(seen).not.toContain('message-storm');
    play(form, { ...plain, begins }, [...commands, hears(stormOf(1, ['choke', 'choke']))], seen);
    expect(seen).toContain('message-storm');
  });
});

const everything = { fast: true, extension: true };
const plain = { outgoing: true, startedAt: 0, speaks: everything, namesExtensions: false };

const handshakeOf = (speaks: Setup['speaks'], digit = '2'): Handshake => ({
  infoHash: modelHash,
  peerId: PeerId(digit.repeat(40)),
  reserved: reservedBits(speaks),
});

function play(
  form: Form,
  { begins, namesExtensions, outgoing, speaks, startedAt }: Setup,
  commands: Iterable<WireCommand>,
  seen: Set<string> = new Set(),
): void {
  const options = { ...limits, outgoing };
  const local: LocalHello = {
    handshake: handshakeOf(speaks, '1'),
    pieces: modelPieces,
    ...(namesExtensions && {
      extensions: { ids: localExtensionIds, version: 'Peer 1.0', listenPort: 6881, reqq: 250 },
    }),
  };
  const first = begins === null ? [] : handshakes(begins);
  fc.modelRun(() => {
    const connection = new PeerConnection(startedAt as Instant, { ...options, form });
    const real: WireUnderTest = { connection, form, local, line: [], seen };
    return { model: new WireModel(startedAt, options), real };
  }, [...first, ...commands]);
}
