import { expect, it } from 'vitest';
import fc from 'fast-check';
import { setUint32, uint32At } from './uint32.ts';

it('reads and writes what a DataView does, up to 2^32 - 1', () => {
  const value = fc.oneof(fc.nat({ max: 2 ** 32 - 1 }), fc.constantFrom(0, 2 ** 31, 2 ** 32 - 1));
  fc.assert(
    fc.property(value, fc.nat({ max: 3 }), (number, at) => {
      const bytes = new Uint8Array(8).fill(0xaa);
      const expected = bytes.slice();
      new DataView(expected.buffer).setUint32(at, number);
      setUint32(bytes, at, number);
      expect(bytes).toEqual(expected);
      expect(uint32At(bytes, at)).toBe(number);
    }),
  );
});
