/** Bitfields as events tell them. */

/** The pieces of a bitfield in hex, in the order of the wire: the highest bit of the first byte is piece 0 (BEP 3). */
export function bitsOf(hex: string): readonly number[] {
  const pieces: number[] = [];
  for (let i = 0; i < hex.length; i += 1) {
    const nibble = Number.parseInt(hex[i] ?? '0', 16);
    for (let bit = 0; bit < 4; bit += 1) if (nibble & (8 >> bit)) pieces.push(i * 4 + bit);
  }
  return pieces;
}
