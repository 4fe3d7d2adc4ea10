/** The same conversation as bytes and as values: what comes of it must not depend on the form. */
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { ConnectionInput, ConnectionOutput, LocalHello } from './connection.ts';
import { toHex } from '../bytes/hex.ts';
import { concatBytes } from '../bytes/utf8.ts';
import { saying as anySaying } from '../testing/wire-arbitraries.ts';
import { after, millis, minutes, seconds, start } from '../time.ts';
import { InfoHash, PeerId, PieceIndex } from '../torrent/ids.ts';
import { Pieces } from '../torrent/pieces.ts';
import { reservedBits } from '../wire/handshake.ts';
import type { Message } from '../wire/message.ts';
import { encodeSaying, type Form, type Saying, sayingLength } from '../wire/saying.ts';
import { PeerConnection, localExtensionIds, maxFrameBytes } from './connection.ts';

const pieces = new Pieces({ length: 100_000, pieceLength: 40_000 });
const limits = {
  handshakeLimit: seconds(10),
  silenceLimit: minutes(2),
  keepAliveEvery: seconds(90),
};
const helloOf = (outgoing: boolean, infoHash = 'ab'): LocalHello => ({
  handshake: {
    infoHash: InfoHash(infoHash.repeat(20)),
    peerId: PeerId((outgoing ? '01' : '02').repeat(20)),
    reserved: reservedBits({ fast: true, extension: true }),
  },
  pieces,
  extensions: { ids: localExtensionIds, version: 'Peer 1.0', listenPort: 6881, reqq: 250 },
});
const theirHandshake: Saying = { type: 'handshake', handshake: helloOf(true).handshake };

/** Something that happens at the caller (0) or at the called (1), `wait` ms after the last. */
type Step = { readonly at: 0 | 1; readonly wait: number } & (
  | { readonly do: 'open' }
  | { readonly do: 'tick' | 'eof' }
  /** So many bytes of what the other side has said arrive. */
  | { readonly do: 'pass'; readonly bytes: number }
  /** The machine is told to say it. */
  | { readonly do: 'send'; readonly message: Message }
  /** The other side says it without its machine knowing. */
  | { readonly do: 'forge'; readonly saying: Saying }
);

/** Mostly in order: what breaks the rules ends the conversation. */
const piece = fc
  .oneof(
    { weight: 30, arbitrary: fc.nat({ max: 2 }) },
    { weight: 1, arbitrary: fc.constant(pieces.count) },
  )
  .map(PieceIndex);
const begin = fc.constantFrom(0, 1, 16_384);
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.constantFrom('choke', 'unchoke', 'interested').map((type): Message => ({ type })),
  fc.record({ type: fc.constantFrom('have', 'suggest'), piece }),
  fc.record({
    type: fc.constantFrom('request', 'reject'),
    piece,
    begin,
    length: fc.nat({ max: 3_000 }),
  }),
  fc.record({ type: fc.constant('piece'), piece, begin, block: fc.uint8Array({ maxLength: 99 }) }),
);

const side = { at: fc.constantFrom(0 as const, 1 as const), wait: fc.nat({ max: 3_000 }) };
const pass = fc.record({
  ...side,
  do: fc.constant('pass' as const),
  bytes: fc.oneof(fc.nat({ max: 40 }), fc.constant(10_000)),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: pass },
  { weight: 4, arbitrary: fc.record({ ...side, do: fc.constant('send' as const), message }) },
  {
    weight: 3,
    arbitrary: fc.record({
      ...side,
      do: fc.constant('forge' as const),
      saying: fc.oneof(message, anySaying),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      ...side,
      do: fc.constantFrom('open' as const, 'tick' as const, 'eof' as const),
    }),
  },
);
/** Most conversations shake hands first: the others end soon. */
const introduction: readonly Step[] = [
  { at: 0, wait: 0, do: 'open' },
  { at: 1, wait: 5, do: 'pass', bytes: 68 },
  { at: 1, wait: 0, do: 'open' },
  { at: 0, wait: 5, do: 'pass', bytes: 500 },
];
const conversation = fc
  .tuple(fc.boolean(), fc.array(step, { maxLength: 60, size: 'max' }))
  .map(([isMet, steps]) => (isMet ? [...introduction, ...steps] : steps));

describe('a conversation', () => {
  it('is heard and answered alike as bytes and as values, wherever it is cut', () => {
    fc.assert(
      fc.property(conversation, (steps) => {
        expect(traceOf('values', steps)).toEqual(traceOf('bytes', steps));
      }),
      { numRuns: 500 },
    );
  });

  it('is long enough in those trials for both sides to hear news and for some to be hung up on', () => {
    const traces = fc.sample(conversation, { numRuns: 200, seed: 1 }).map((steps) => {
      return JSON.stringify(traceOf('values', steps));
    });
    for (const type of ['received', 'ready', 'extensions', 'bad-request', 'bad-block'])
      expect(traces.filter((trace) => trace.includes(type)).length).toBeGreaterThan(3);
  });
});

describe('a connection in form values', () => {
  const bitfieldOf = (bytes: number): Saying => ({ type: 'bitfield', bits: new Uint8Array(bytes) });
  const unknownOf = (id: number, bytes: number): Saying => ({
    type: 'unknown',
    id,
    payload: new Uint8Array(bytes),
  });

  it.each<readonly [string, string, Saying]>([
    ['a second handshake', 'frame-too-long', theirHandshake],
    ['a bitfield beyond all limits', 'frame-too-long', bitfieldOf(maxFrameBytes)],
    ['a bitfield that is too long', 'bad-bitfield', bitfieldOf(maxFrameBytes - 1)],
    ['an endless message of no kind', 'frame-too-long', unknownOf(9, maxFrameBytes)],
    ['a have of three bytes', 'bad-length', unknownOf(4, 3)],
    ['a have of no piece', 'piece-out-of-range', { type: 'have', piece: PieceIndex(3) }],
  ])('hangs up on %s as on its bytes: %s', (_, reason, saying) => {
    const hangUp = [{ type: 'disconnect', reason }];
    const bytes = opened('bytes').handle(start, { type: 'bytes', bytes: encodeSaying(saying) });
    expect(bytes).toEqual(hangUp);
    const values = opened('values').handle(start, { type: 'heard', sayings: [saying] });
    expect(values).toEqual(hangUp);
  });

  it('hangs up on a caller that fills its memory before it is let in', () => {
    const called = new PeerConnection(start, { ...limits, outgoing: false, form: 'values' });
    called.handle(start, { type: 'heard', sayings: [theirHandshake] });
    const sayings = [unknownOf(9, 2 ** 16)];
    for (let i = 0; i < 3; i += 1)
      expect(called.handle(start, { type: 'heard', sayings })).toEqual([]);
    expect(called.handle(start, { type: 'heard', sayings })).toEqual([
      { type: 'disconnect', reason: 'frame-too-long' },
    ]);
  });

  it('keeps what a caller says before it is let in, though the list is used again', () => {
    const called = new PeerConnection(start, { ...limits, outgoing: false, form: 'values' });
    const sayings: Saying[] = [theirHandshake, { type: 'have-all' }];
    called.handle(start, { type: 'heard', sayings });
    sayings.fill({ type: 'choke' });
    expect(called.open(start, helloOf(false)).at(-1)).toEqual({
      type: 'received',
      message: { type: 'have-all' },
    });
  });

  it('says a piece in one, with the very block', () => {
    const block = new Uint8Array(16_384);
    const piece0 = { type: 'piece', piece: PieceIndex(0), begin: 0, block } as const;
    const outputs = opened('values').handle(start, { type: 'send', message: piece0 });
    expect(outputs).toEqual([{ type: 'say', saying: piece0, length: 13 + 16_384 }]);
  });

  it.each<readonly [Form, ConnectionInput]>([
    ['values', { type: 'bytes', bytes: new Uint8Array(4) }],
    ['bytes', { type: 'heard', sayings: [] }],
  ])('of form %s is not to be given the other', (form, input) => {
    expect(() => opened(form).handle(start, input)).toThrow(TypeError);
  });
});

/** All that the two machines put out, with what they say as bytes. */
function traceOf(form: Form, steps: readonly Step[]): unknown {
  const wires = [true, false].map((outgoing) => {
    return new PeerConnection(start, { ...limits, outgoing, form });
  });
  /** What each side is to hear. */
  const streams = [new Stream(form), new Stream(form)];
  const trace: unknown[] = [];
  let now = start;
  for (const next of steps) {
    now = after(now, millis(next.wait));
    const wire = wires[next.at] as PeerConnection;
    const incoming = streams[next.at] as Stream;
    if (next.do === 'forge') {
      incoming.forge(next.saying);
      continue;
    }
    const outputs =
      next.do === 'open'
        ? wire.open(now, helloOf(next.at === 0))
        : wire.handle(now, inputOf(next, incoming));
    for (const output of outputs) (streams[1 - next.at] as Stream).addOutput(output);
    trace.push([now, next.at, wire.deadline, ...plain(outputs)]);
  }
  return trace;
}

function inputOf(
  next: Exclude<Step, { readonly do: 'open' | 'forge' }>,
  incoming: Stream,
): ConnectionInput {
  if (next.do === 'pass') return incoming.next(next.bytes);
  return next.do === 'send' ? { type: 'send', message: next.message } : { type: next.do };
}

/** What goes one way, cut as it is asked for. */
class Stream {
  readonly #form: Form;
  readonly #sayings: { readonly end: number; readonly saying: Saying }[] = [];
  /** What as bytes is refused before it has all come: it is never cut, or the forms would refuse it at two times. */
  readonly #uncut: { readonly from: number; readonly end: number }[] = [];
  #bytes: Uint8Array = new Uint8Array();
  #length = 0;
  #at = 0;

  constructor(form: Form) {
    this.#form = form;
  }

  forge(saying: Saying): void {
    const from = this.#length;
    this.#add(saying);
    if (from === 0 || saying.type === 'handshake') this.#uncut.push({ from, end: this.#length });
  }

  addOutput(output: ConnectionOutput): void {
    if (output.type === 'say') this.#add(output.saying);
    if (output.type !== 'transmit') return;
    this.#bytes = concatBytes(this.#bytes, output.bytes);
    this.#length += output.bytes.length;
  }

  next(bytes: number): ConnectionInput {
    const from = this.#at;
    const cut = Math.min(this.#length, from + bytes);
    this.#at = this.#uncut.find((part) => part.from < cut && cut < part.end)?.end ?? cut;
    if (this.#form === 'bytes') return { type: 'bytes', bytes: this.#bytes.slice(from, this.#at) };
    const arrived = this.#sayings.filter(({ end }) => end > from && end <= this.#at);
    return { type: 'heard', sayings: arrived.map(({ saying }) => saying) };
  }

  #add(saying: Saying): void {
    this.#bytes = concatBytes(this.#bytes, encodeSaying(saying));
    this.#length += sayingLength(saying);
    this.#sayings.push({ end: this.#length, saying });
  }
}

/** The outputs with what is said as hex, in one string where it was said in one go. */
function plain(outputs: readonly ConnectionOutput[]): unknown[] {
  const shown: unknown[] = [];
  for (const output of outputs) {
    if (output.type !== 'transmit' && output.type !== 'say') {
      shown.push(output);
      continue;
    }
    const hex = toHex(output.type === 'say' ? encodeSaying(output.saying) : output.bytes);
    const last = shown.at(-1);
    if (typeof last === 'string') shown[shown.length - 1] = last + hex;
    else shown.push(hex);
  }
  return shown;
}

/** A caller that has shaken hands. */
function opened(form: Form): PeerConnection {
  const wire = new PeerConnection(start, { ...limits, outgoing: true, form });
  wire.open(start, helloOf(true));
  const handshake = helloOf(false).handshake;
  const saying: Saying = { type: 'handshake', handshake };
  wire.handle(
    start,
    form === 'values'
      ? { type: 'heard', sayings: [saying] }
      : { type: 'bytes', bytes: encodeSaying(saying) },
  );
  return wire;
}
