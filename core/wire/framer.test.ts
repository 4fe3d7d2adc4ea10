import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { toHex } from '../bytes/hex.ts';
import { concatBytes } from '../bytes/utf8.ts';
import { chunksOf } from '../testing/wire-arbitraries.ts';
import { WireError } from './error.ts';
import { Framer } from './framer.ts';

const prefixBytes = 4;

describe('Framer', () => {
  const frames = fc.array(fc.uint8Array({ maxLength: 50 }));
  const stream = frames.chain((fs) =>
    chunksOf(concatBytes(...fs.map(framed))).map((chunks) => ({ fs, chunks })),
  );

  it('gives the same frames whatever the chunks, though each is overwritten once it is read', () => {
    fc.assert(
      fc.property(stream, ({ fs, chunks }) => {
        const framer = new Framer(50);
        const seen = chunks.flatMap((chunk) => {
          framer.push(chunk);
          const hex = all(framer).map(toHex);
          chunk.fill(0xee);
          return hex;
        });
        expect(seen).toEqual(fs.map(toHex));
        expect(framer.unread).toBe(0);
      }),
    );
  });

  it('gives the same frames when they are taken only at the end, from chunks that were held', () => {
    fc.assert(
      fc.property(stream, ({ fs, chunks }) => {
        const framer = new Framer(50);
        for (const chunk of chunks) {
          framer.push(chunk);
          framer.hold();
          chunk.fill(0xee);
        }
        expect(all(framer).map(toHex)).toEqual(fs.map(toHex));
      }),
    );
  });

  it('leaves alone what it has given out, whatever is pushed after it', () => {
    const framer = new Framer(50);
    const whole = concatBytes(framed(Uint8Array.of(1, 2, 3)), framed(Uint8Array.of(4, 5)));
    framer.push(whole.subarray(0, 5));
    expect(framer.takeFrame()).toBeUndefined();
    framer.push(whole.subarray(5, 9));
    const first = framer.takeFrame();
    expect(framer.takeFrame()).toBeUndefined();
    framer.push(whole.subarray(9));
    expect(framer.takeFrame()).toEqual(Uint8Array.of(4, 5));
    expect(first).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('loses nothing when more is pushed before all is taken', () => {
    const framer = new Framer(50);
    framer.push(concatBytes(framed(Uint8Array.of(1)), framed(Uint8Array.of(2))));
    expect(framer.takeFrame()).toEqual(Uint8Array.of(1));
    framer.push(framed(Uint8Array.of(3)));
    expect(all(framer)).toEqual([Uint8Array.of(2), Uint8Array.of(3)]);
  });

  it('copies no frame that lies whole in a chunk', () => {
    const framer = new Framer(50);
    const chunk = concatBytes(framed(new Uint8Array(7)), framed(new Uint8Array(9)));
    framer.push(chunk);
    const taken = all(framer);
    expect(taken.map((frame) => frame.buffer === chunk.buffer)).toEqual([true, true]);
    expect(taken.map((frame) => frame.byteOffset)).toEqual([4, 15]);
  });

  it('copies a split frame once, into memory of its own size', () => {
    const framer = new Framer(10_000);
    const memories = new Set<ArrayBufferLike>();
    for (const byte of framed(new Uint8Array(10_000))) {
      framer.push(Uint8Array.of(byte));
      const frame = framer.takeFrame();
      memories.add((frame ?? framer.partial).buffer);
    }
    // One for the prefix, whose four bytes alone are copied twice, and one for the frame.
    expect([...memories].map((memory) => memory.byteLength)).toEqual([4, 10_004]);
    expect(framer.partial.buffer.byteLength).toBe(0);
  });

  it('copies what is held byte by byte no more than a few times', () => {
    const framer = new Framer(10_000);
    let copied = 0;
    let memory = framer.partial.buffer;
    for (let pushed = 1; pushed <= 10_000; pushed += 1) {
      framer.push(Uint8Array.of(0));
      framer.hold();
      if (framer.partial.buffer !== memory) copied += pushed;
      memory = framer.partial.buffer;
    }
    expect(copied).toBeLessThan(3 * 10_000);
  });

  it('refuses a frame that is too long as soon as its prefix is here, before taking memory for it', () => {
    const framer = new Framer(1_000);
    framer.push(Uint8Array.of(0xff, 0xff, 0xff));
    expect(framer.takeFrame()).toBeUndefined();
    framer.push(Uint8Array.of(0xff));
    expect(() => framer.takeFrame()).toThrow(WireError);
    expect(framer.partial.buffer.byteLength).toBe(prefixBytes);
  });

  it('takes a frame as long as the limit, and none longer by a byte', () => {
    for (const [length, isTaken] of [
      [50, true],
      [51, false],
    ] as const) {
      const framer = new Framer(50);
      framer.push(framed(new Uint8Array(length)));
      if (isTaken) expect(framer.takeFrame()).toHaveLength(length);
      else expect(() => framer.takeFrame()).toThrow(WireError);
    }
  });

  it('takes raw bytes before the first frame, also when they are split', () => {
    const framer = new Framer(50);
    framer.push(Uint8Array.of(1, 2));
    expect(framer.take(4)).toBeUndefined();
    expect(framer.partial).toEqual(Uint8Array.of(1, 2));
    framer.push(concatBytes(Uint8Array.of(3, 4), framed(Uint8Array.of(9))));
    expect(framer.take(4)).toEqual(Uint8Array.of(1, 2, 3, 4));
    expect(framer.takeFrame()).toEqual(Uint8Array.of(9));
  });

  it('holds back no more than one frame, one byte at a time', () => {
    const framer = new Framer(50);
    for (const byte of concatBytes(framed(new Uint8Array(50)), framed(new Uint8Array(3)))) {
      framer.push(Uint8Array.of(byte));
      all(framer);
      expect(framer.unread).toBeLessThan(prefixBytes + 50);
      expect(framer.partial.buffer.byteLength).toBeLessThanOrEqual(prefixBytes + 50);
    }
  });
});

function all(framer: Framer): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let frame = framer.takeFrame(); frame !== undefined; frame = framer.takeFrame())
    frames.push(frame);
  return frames;
}

function framed(body: Uint8Array): Uint8Array {
  const prefix = new Uint8Array(prefixBytes);
  new DataView(prefix.buffer).setUint32(0, body.length);
  return concatBytes(prefix, body);
}
