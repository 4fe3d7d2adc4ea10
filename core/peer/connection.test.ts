import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { Message } from '../wire/message.ts';
import type { ConnectionInput, ConnectionOutput } from './connection.ts';
import { concatBytes } from '../bytes/utf8.ts';
import { cutAt, monologue } from '../testing/wire-arbitraries.ts';
import { type Instant, after, millis, minutes, seconds, start } from '../time.ts';
import { InfoHash, PeerId, PieceIndex } from '../torrent/ids.ts';
import { Pieces } from '../torrent/pieces.ts';
import { encodeHandshake, reservedBits } from '../wire/handshake.ts';
import { encodeMessage } from '../wire/message.ts';
import { PeerConnection, localExtensionIds } from './connection.ts';

const pieces = new Pieces({ length: 100_000, pieceLength: 40_000 });
const limits = {
  handshakeLimit: seconds(10),
  silenceLimit: minutes(2),
  keepAliveEvery: seconds(90),
};

describe('two connections on a fake wire', () => {
  it('hear all that the other says that is news, however the wire cuts it', () => {
    const cuts = fc.array(fc.nat());
    fc.assert(
      fc.property(monologue(pieces), monologue(pieces), cuts, (ours, theirs, places) => {
        const { caller, called } = shakenHands(places);
        called.hear(caller.say(ours), places);
        caller.hear(called.say(theirs), places);
        expect(called.heard()).toEqual(newsOf(ours));
        expect(caller.heard()).toEqual(newsOf(theirs));
        expect([...caller.log, ...called.log].map(({ type }) => type)).not.toContain('disconnect');
      }),
    );
  });

  it('agree on what both speak, and keep each side of choking and interest', () => {
    const { caller, called } = shakenHands();
    expect([caller.connection.fast, called.connection.fast]).toEqual([true, true]);
    expect(flags(called.connection)).toEqual([true, false, true, false]);
    called.hear(caller.say([{ type: 'interested' }]));
    caller.hear(called.say([{ type: 'unchoke' }]));
    expect(flags(caller.connection)).toEqual([true, true, false, false]);
    expect(flags(called.connection)).toEqual([false, false, true, true]);
    called.hear(caller.say([{ type: 'not-interested' }]));
    caller.hear(called.say([{ type: 'choke' }]));
    expect(flags(caller.connection)).toEqual([true, false, true, false]);
    expect(flags(called.connection)).toEqual([true, false, true, false]);
  });

  it.each([
    [{ fast: false, extension: false }, false, undefined],
    [{ fast: true, extension: false }, true, undefined],
    [{ fast: false, extension: true }, false, 'Peer 1.0'],
  ])('speak no more than the other does: %o', (reserved, fast, version) => {
    const caller = new Side(true, { reserved: reservedBits(reserved) });
    const called = new Side(false);
    shakeHands(caller, called);
    expect([caller.connection.fast, called.connection.fast]).toEqual([fast, fast]);
    expect(called.connection.remoteExtensions?.version).toBe(version);
    expect(caller.connection.remoteExtensions?.version).toBe(version);
    expect([...caller.log, ...called.log].map(({ type }) => type)).not.toContain('disconnect');
  });

  it('tell each other what they are and which extensions they want to hear (BEP 10)', () => {
    const { called } = shakenHands();
    expect(called.log.find(({ type }) => type === 'extensions')).toEqual({
      type: 'extensions',
      remote: { ids: localExtensionIds, version: 'Peer 1.0', listenPort: 6881, reqq: 250 },
    });
  });

  it('tell that a piece is lost, and that nothing more is wanted (BEP 54, BEP 21)', () => {
    const { caller, called } = shakenHands();
    const lost = extended('lt_donthave', Uint8Array.of(0, 0, 0, 2));
    const enough = extended('upload_only', Uint8Array.of(1));
    called.hear(caller.say([{ type: 'have', piece: PieceIndex(2) }, lost, enough]));
    expect(called.log.slice(-2)).toMatchObject([
      { type: 'lost', piece: 2 },
      { type: 'extensions', remote: { version: 'Peer 1.0', uploadOnly: true } },
    ]);
    expect(called.connection.remoteExtensions).toMatchObject({ reqq: 250, uploadOnly: true });
  });
});

describe('PeerConnection', () => {
  it('sends a block from where it lies, behind a header of its own', () => {
    const { caller } = shakenHands();
    const block = new Uint8Array(16_384).fill(7);
    const message = { type: 'piece', piece: PieceIndex(1), begin: 16_384, block } as const;
    const outputs = caller.connection.handle(start, { type: 'send', message });
    expect(outputs).toHaveLength(2);
    expect(outputs[1]?.type === 'transmit' && outputs[1].bytes === block).toBe(true);
    expect(transmitted(outputs)).toEqual(encodeMessage(message));
  });

  it('hands out a block that came in one chunk as a view of it', () => {
    const { called } = shakenHands();
    const block = new Uint8Array(16_384).fill(7);
    const bytes = encodeMessage({ type: 'piece', piece: PieceIndex(1), begin: 0, block });
    const [output] = called.connection.handle(start, { type: 'bytes', bytes });
    const message = output?.type === 'received' ? output.message : undefined;
    expect(message?.type === 'piece' && message.block.buffer).toBe(bytes.buffer);
  });

  it('takes no memory when nothing happens', () => {
    const { called } = shakenHands();
    const keepAlive = { type: 'bytes', bytes: new Uint8Array(4) } as const;
    const outputs = called.connection.handle(start, keepAlive);
    expect(outputs).toEqual([]);
    expect(called.connection.handle(start, keepAlive)).toBe(outputs);
  });

  it('keeps what a caller says before it is let in, though the chunks are overwritten', () => {
    const talk: Message[] = [
      { type: 'bitfield', bits: Uint8Array.of(0xe0) },
      { type: 'unchoke' },
      { type: 'request', piece: PieceIndex(0), begin: 0, length: 16_384 },
    ];
    const early = concatBytes(encodeHandshake(helloOf(true).handshake), ...talk.map(encodeMessage));
    fc.assert(
      fc.property(fc.array(fc.nat()), (places) => {
        const called = new Side(false);
        called.letsIn = false;
        expect(transmitted(called.hear(early, places)).length).toBe(0);
        expect(called.log.map(({ type }) => type)).toEqual(['hello']);
        const outputs = called.connection.open(start, helloOf(false));
        expect(
          outputs.flatMap((output) => (output.type === 'received' ? output.message : [])),
        ).toEqual(talk);
      }),
    );
  });

  it('sends nothing to a caller whose torrent nobody knows', () => {
    const called = new Side(false);
    called.letsIn = false;
    called.hear(encodeHandshake(helloOf(true).handshake));
    expect(called.connection.handle(start, { type: 'close', reason: 'unknown-torrent' })).toEqual([
      { type: 'disconnect', reason: 'unknown-torrent' },
    ]);
  });

  it.each([
    [{ type: 'eof' }, 'eof'],
    [{ type: 'close' }, 'local'],
    [{ type: 'close', reason: 'banned' }, 'banned'],
  ] as const)('ends on %o, once, and is silent from then on', (input, reason) => {
    const { caller } = shakenHands();
    const { connection } = caller;
    expect(connection.handle(start, input)).toEqual([{ type: 'disconnect', reason }]);
    expect(connection.deadline).toBeUndefined();
    const silent: readonly ConnectionInput[] = [
      input,
      { type: 'tick' },
      { type: 'send', message: { type: 'choke' } },
      { type: 'bytes', bytes: Uint8Array.of(0xff, 0xff, 0xff, 0xff) },
    ];
    for (const after1 of silent) expect(connection.handle(start, after1)).toEqual([]);
    expect(connection.open(start, helloOf(true))).toEqual([]);
  });

  it('says nothing before the handshakes are through', () => {
    const caller = new PeerConnection(start, { ...limits, outgoing: true });
    const message = { type: 'unchoke' } as const;
    expect(caller.handle(start, { type: 'send', message })).toEqual([]);
    expect(caller.amChoking).toBe(true);
  });

  it('shakes hands once only, whenever it is asked to', () => {
    const { caller, called } = shakenHands();
    expect(caller.connection.open(start, helloOf(true))).toEqual([]);
    expect(called.connection.open(start, helloOf(false))).toEqual([]);
    const early = new PeerConnection(start, { ...limits, outgoing: false });
    expect(early.open(start, helloOf(false))).toEqual([]);
  });
});

describe('the deadline', () => {
  it('ends a handshake that is too slow, dialling or called, however it drips', () => {
    for (const outgoing of [true, false]) {
      const connection = new PeerConnection(start, { ...limits, outgoing });
      if (outgoing) connection.open(start, helloOf(true));
      const drip = encodeHandshake(helloOf(!outgoing).handshake).subarray(0, 67);
      let now = start;
      for (const byte of drip) {
        now = after(now, millis(100));
        connection.handle(now, { type: 'bytes', bytes: Uint8Array.of(byte) });
      }
      expect(connection.deadline).toBe(after(start, limits.handshakeLimit));
      expect(tick(connection)).toEqual([{ type: 'disconnect', reason: 'handshake-timeout' }]);
    }
  });

  it('ends a caller that is never let in', () => {
    const called = new Side(false);
    called.letsIn = false;
    called.hear(encodeHandshake(helloOf(true).handshake));
    expect(tick(called.connection)).toEqual([{ type: 'disconnect', reason: 'handshake-timeout' }]);
  });

  it('keeps a quiet connection alive from our side, and ends a peer that is silent on its own', () => {
    const { caller } = shakenHands();
    const { connection } = caller;
    expect(connection.deadline).toBe(limits.keepAliveEvery);
    expect(tick(connection)).toEqual([{ type: 'transmit', bytes: new Uint8Array(4) }]);
    expect(connection.deadline).toBe(limits.silenceLimit);
    expect(tick(connection)).toEqual([{ type: 'disconnect', reason: 'silent' }]);
  });

  it('is put off by anything that is heard or sent', () => {
    const { caller } = shakenHands();
    const { connection } = caller;
    const later = after(start, seconds(60));
    connection.handle(later, { type: 'bytes', bytes: new Uint8Array(1) });
    connection.handle(later, { type: 'send', message: { type: 'interested' } });
    expect(connection.deadline).toBe(after(later, limits.keepAliveEvery));
    connection.handle(after(later, seconds(60)), { type: 'send', message: { type: 'choke' } });
    expect(connection.deadline).toBe(after(later, limits.silenceLimit));
  });

  it('lets a peer live that sends keep-alives alone: how long that is useful, the owner decides', () => {
    const { caller } = shakenHands();
    for (let now = start; now < minutes(10); now = after(now, seconds(90)))
      expect(caller.connection.handle(now, { type: 'bytes', bytes: new Uint8Array(4) })).toEqual(
        [],
      );
  });

  it('never lies in the past after a tick', () => {
    const step = fc.tuple(fc.nat({ max: 200_000 }), fc.constantFrom('tick', 'hear', 'say'));
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { connection } = shakenHands().caller;
        let now = start;
        for (const [wait, what] of steps) {
          now = after(now, millis(wait));
          if (what === 'hear') connection.handle(now, { type: 'bytes', bytes: new Uint8Array(4) });
          if (what === 'say') connection.handle(now, { type: 'send', message: { type: 'choke' } });
          connection.handle(now, { type: 'tick' });
          expect(connection.deadline ?? Infinity).toBeGreaterThan(now);
        }
      }),
    );
  });
});

/** One end of the wire: its machine, and all that it told its owner. */
class Side {
  readonly connection: PeerConnection;
  readonly log: Exclude<ConnectionOutput, { readonly type: 'transmit' }>[] = [];
  letsIn = true;
  readonly #hello: ReturnType<typeof helloOf>;

  constructor(outgoing: boolean, handshake: { readonly reserved?: Uint8Array } = {}) {
    this.connection = new PeerConnection(start, { ...limits, outgoing });
    const hello = helloOf(outgoing);
    this.#hello = { ...hello, handshake: { ...hello.handshake, ...handshake } };
  }

  /** Begins as a caller; returns what it sends. */
  call(): Uint8Array {
    return transmitted(this.#note(this.connection.open(start, this.#hello)));
  }

  /** Returns what saying it sends. */
  say(messages: readonly Message[]): Uint8Array {
    return transmitted(
      messages.flatMap((message) =>
        this.#note(this.connection.handle(start, { type: 'send', message })),
      ),
    );
  }

  /** Hears bytes in chunks that are overwritten as soon as they have been dealt with; returns all outputs. */
  hear(bytes: Uint8Array, cuts: readonly number[] = []): readonly ConnectionOutput[] {
    return cutAt(bytes, cuts).flatMap((chunk) => {
      const outputs = this.#note(this.connection.handle(start, { type: 'bytes', bytes: chunk }));
      chunk.fill(0xee);
      return outputs;
    });
  }

  heard(): readonly Message[] {
    return this.log.flatMap((output) => (output.type === 'received' ? output.message : []));
  }

  #note(outputs: readonly ConnectionOutput[]): readonly ConnectionOutput[] {
    const copies = structuredClone(outputs);
    for (const output of copies) if (output.type !== 'transmit') this.log.push(output);
    const isGreeted = copies.some(({ type }) => type === 'hello') && this.letsIn;
    return isGreeted
      ? [...copies, ...this.#note(this.connection.open(start, this.#hello))]
      : copies;
  }
}

function shakeHands(caller: Side, called: Side, cuts: readonly number[] = []): void {
  let toCalled = caller.call();
  for (let round = 0; round < 3; round += 1) {
    const toCaller = transmitted(called.hear(toCalled, cuts));
    toCalled = transmitted(caller.hear(toCaller, cuts));
  }
}

function shakenHands(cuts: readonly number[] = []): {
  readonly caller: Side;
  readonly called: Side;
} {
  const sides = { caller: new Side(true), called: new Side(false) };
  shakeHands(sides.caller, sides.called, cuts);
  return sides;
}

const helloOf = (outgoing: boolean) => ({
  handshake: {
    infoHash: InfoHash('ab'.repeat(20)),
    peerId: PeerId((outgoing ? '01' : '02').repeat(20)),
    reserved: reservedBits({ fast: true, extension: true }),
  },
  pieces,
  extensions: { ids: localExtensionIds, version: 'Peer 1.0', listenPort: 6881, reqq: 250 },
});

const transmitted = (outputs: readonly ConnectionOutput[]): Uint8Array =>
  concatBytes(...outputs.flatMap((output) => (output.type === 'transmit' ? output.bytes : [])));

const flags = ({ amChoking, amInterested, peerChoking, peerInterested }: PeerConnection) => [
  amChoking,
  amInterested,
  peerChoking,
  peerInterested,
];

const extended = (name: string, payload: Uint8Array): Message => ({
  type: 'extended',
  extendedId: localExtensionIds.get(name) ?? -1,
  payload,
});

const tick = (connection: PeerConnection): readonly ConnectionOutput[] =>
  connection.handle(connection.deadline as Instant, { type: 'tick' });

/** The messages without those that say again what was said before. */
function newsOf(messages: readonly Message[]): readonly Message[] {
  let isChoking = true;
  let isInterested = false;
  return messages.filter(({ type }) => {
    const wasChoking = isChoking;
    const wasInterested = isInterested;
    if (type === 'choke' || type === 'unchoke') isChoking = type === 'choke';
    else if (type === 'interested' || type === 'not-interested')
      isInterested = type === 'interested';
    else return true;
    return isChoking !== wasChoking || isInterested !== wasInterested;
  });
}
