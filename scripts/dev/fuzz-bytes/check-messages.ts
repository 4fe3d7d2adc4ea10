/** Frames and messages: written as they were read, no byte lost, and the same however the stream is cut. */
import { WireError } from '../../../core/wire/error.ts';
import { Framer } from '../../../core/wire/framer.ts';
import { decodeMessage, encodeMessage } from '../../../core/wire/message.ts';
import { sayingLength } from '../../../core/wire/saying.ts';
import { type Check, attempt, expectSame } from './target.ts';
import { chunksOf } from './wire-samples.ts';

/** Small, so that inputs of a few kilobytes go beyond it. */
const maxFrameBytes = 1_000;

/** Every message, in hex, up to the end or the fault. */
type Heard = { readonly hex: readonly string[]; readonly end: string };

export const checkMessages: Check = (bytes) => {
  const whole = heardFrom([bytes.slice()]);
  const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
  expectSame(heardFrom(chunksOf(bytes, 9)), whole, 'other when cut');
  expectSame(heardFrom(single), whole, 'other byte by byte');
  return `${whole.end} ${whole.hex.at(-1)?.slice(8, 10) ?? ''}`;
};

function heardFrom(chunks: readonly Uint8Array[]): Heard {
  const framer = new Framer(maxFrameBytes);
  const hex: string[] = [];
  let pushed = 0;
  let taken = 0;
  for (const chunk of chunks) {
    framer.push(chunk);
    pushed += chunk.length;
    for (;;) {
      const found = attempt(WireError, () => next(framer));
      if (found instanceof WireError) return { hex, end: found.code };
      if (found === undefined) break;
      taken += found.length / 2;
      hex.push(found);
    }
    expectSame(framer.unread, pushed - taken, 'bytes that came from nowhere, or went there');
    framer.hold();
    chunk.fill(0xee);
  }
  return { hex, end: 'open' };
}

/** The next message as it is written again. */
function next(framer: Framer): string | undefined {
  const frame = framer.takeFrame();
  if (frame === undefined) return undefined;
  if (frame.length === 0) return '00000000';
  const message = decodeMessage(frame);
  const written = encodeMessage(message);
  expectSame(Buffer.compare(written.subarray(4), frame), 0, 'other when written');
  expectSame(sayingLength(message), written.length, 'of another length');
  return Buffer.from(written).toString('hex');
}
