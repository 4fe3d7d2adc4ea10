/** Bytes as peers send them, and the ways they arrive. */

export const protocol = '\x13BitTorrent protocol';
export const greeting = `${protocol}\0\0\0\0\0\x10\0\x04${'i'.repeat(20)}${'p'.repeat(20)}`;

export const frames: readonly string[] = [
  ...['\0\0\0\0', '\0\0\0\x01\0', '\0\0\0\x01\x01', '\0\0\0\x01\x02', '\0\0\0\x01\x03'],
  ...['\0\0\0\x05\x04\0\0\0\x01', '\0\0\0\x03\x05\xff\x80', '\0\0\0\x02\x05\x80'],
  ...['\x06', '\x08', '\x10'].map((id) => `\0\0\0\x0d${id}\0\0\0\x01\0\0\0\0\0\0\x40\0`),
  ...['\0\0\0\x0b\x07\0\0\0\x01\0\0\0\0xy', '\0\0\0\x05\x0d\0\0\0\x02', '\0\0\0\x05\x11\0\0\0\x02'],
  ...['\0\0\0\x01\x0e', '\0\0\0\x01\x0f', '\0\0\0\x04\x14\0de', '\0\0\0\x06\x14\x01\0\0\0\x01'],
  ...[
    '\0\0\0\x03\x14\x02\x01',
    '\0\0\0\x02\x09x',
    '\xff\xff\xff\xff',
    '\0\x04\0\x01',
    '\0\x04\0\x02',
  ],
];

/** Where to cut, from the bytes themselves: the same input is always cut alike. */
export function chunksOf(bytes: Uint8Array, most: number): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = 1 + (((bytes[at] ?? 0) * 7 + at) % most);
    chunks.push(bytes.slice(at, at + length));
    at += length;
  }
  return chunks;
}
