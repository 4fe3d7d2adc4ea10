/** Traps: a chunk that holds whole frames costs no copy, and is the easy case; small messages are told by the thousand. */
import { describe } from 'vitest';
import { concatBytes } from '../bytes/utf8.ts';
import { bench } from '../testing/bench.ts';
import { PieceIndex } from '../torrent/ids.ts';
import { blockBytes } from '../torrent/pieces.ts';
import { Framer } from './framer.ts';
import { type Message, encodeMessage } from './message.ts';

const maxFrameBytes = 2 ** 20;

/** What one read of a socket brings: all that fits the shared buffer, what Node reads by itself, one packet. */
const reads = [
  ['256 KiB', 2 ** 18],
  ['64 KiB', 2 ** 16],
  ['1,448 bytes', 1_448],
] as const;

const block = new Uint8Array(blockBytes);

cutting('the framer, 256 blocks (4 MiB)', 256, (i) => {
  return { type: 'piece', piece: PieceIndex(i >> 4), begin: (i & 15) * blockBytes, block };
});

// As a seed hears them: mostly requests, and haves of those who were served.
cutting('the framer, 10,000 small messages', 10_000, (i) => {
  if (i % 4 === 0) return { type: 'have', piece: PieceIndex(i) };
  const begin = (i & 15) * blockBytes;
  return { type: 'request', piece: PieceIndex(i >> 4), begin, length: blockBytes };
});

function cutting(name: string, count: number, messageAt: (index: number) => Message): void {
  const stream = concatBytes(
    ...Array.from({ length: count }, (_, i) => encodeMessage(messageAt(i))),
  );
  describe(name, () => {
    const framer = new Framer(maxFrameBytes);
    for (const [size, readBytes] of reads)
      bench(`in reads of ${size}`, () => {
        if (framesIn(framer, stream, readBytes) !== count) throw new Error('frames were lost');
      });
  });
}

/** Every read goes into the same buffer, so that what is not whole is held, as connections do. */
function framesIn(framer: Framer, stream: Uint8Array, readBytes: number): number {
  let count = 0;
  for (let at = 0; at < stream.length; at += readBytes) {
    framer.push(stream.subarray(at, at + readBytes));
    while (framer.takeFrame() !== undefined) count += 1;
    framer.hold();
  }
  return count;
}
