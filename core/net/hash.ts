/** SHA-1 for pieces (BEP 3) and SHA-256 of whole files for integrity checks. */
import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** Long reads keep the thread pool cheap; 16 KiB ones cost three times the CPU. */
const readBytes = 2 ** 20;

/** SHA-1 of `bytes`: 20 bytes. Fits `Sha1` wherever core asks for one. */
export const sha1 = (bytes: Uint8Array): Uint8Array => hash('sha1', bytes, 'buffer');

/** SHA-1 of `bytes` as 40 hex digits. */
export const sha1Hex = (bytes: Uint8Array): string => hash('sha1', bytes, 'hex');

/** SHA-256 of a whole file as 64 hex digits. Rejects with the system's error, or when `signal` aborts. */
export async function sha256File(
  path: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<string> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: readBytes }), digest, options);
  return digest.digest('hex');
}
