/** Content drawn from the seed: bytes that no compression, no sparse file and no other content could fake. */
import { createCipheriv, hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Long enough that the cipher, not the calls, sets the pace (about 1.5 GB/s). */
const stepBytes = 2 ** 20;

/** Writes `length` bytes to a new file at `path`. The same `seed` (a text of any length) gives the same bytes. */
export async function writeSeeded(path: string, length: number, seed: string): Promise<void> {
  await pipeline(
    Readable.from(seededBytes(length, seed), { objectMode: false }),
    createWriteStream(path, { flags: 'wx', highWaterMark: stepBytes }),
  );
}

/** AES in counter mode: its key stream is as good as random, and the processor makes it in hardware. */
export function* seededBytes(length: number, seed: string): Generator<Buffer> {
  const digest = hash('sha256', seed, 'buffer');
  const cipher = createCipheriv('aes-128-ctr', digest.subarray(0, 16), digest.subarray(16));
  const zeros = Buffer.alloc(Math.min(stepBytes, length));
  for (let done = 0; done < length; done += stepBytes)
    yield cipher.update(zeros.subarray(0, Math.min(stepBytes, length - done)));
}
