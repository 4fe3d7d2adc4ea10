/**
 * Big-endian 32-bit numbers in bytes. Without a DataView: making one for each of a hundred thousand small
 * messages a second costs more than all else about them, since it moves a small array off the heap.
 */

/** The number at `at`, 0 to 2^32 - 1. The four bytes must be there. */
export const uint32At = (bytes: Uint8Array, at: number): number =>
  // Multiplied, not shifted: a shift by 24 would make numbers above 2^31 negative.
  (bytes[at] ?? 0) * 0x100_0000 +
  (((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));

/** Writes `value`, 0 to 2^32 - 1, at `at`. */
export function setUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
