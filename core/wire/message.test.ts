import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { fromHex, toHex } from '../bytes/hex.ts';
import { message } from '../testing/wire-arbitraries.ts';
import { PieceIndex } from '../torrent/ids.ts';
import { WireError } from './error.ts';
import { decodeMessage, encodeMessage, encodePieceHeader, type Message } from './message.ts';

const p = PieceIndex;
const block = { piece: p(1), begin: 0x4000, length: 0x4000 };

// Each row is checked in both directions.
const golden: readonly (readonly [Message, string])[] = [
  [{ type: 'choke' }, '00000001 00'],
  [{ type: 'unchoke' }, '00000001 01'],
  [{ type: 'interested' }, '00000001 02'],
  [{ type: 'not-interested' }, '00000001 03'],
  [{ type: 'have', piece: p(0xffff_ffff) }, '00000005 04 ffffffff'],
  [{ type: 'bitfield', bits: fromHex('80ff') }, '00000003 05 80ff'],
  [{ type: 'request', ...block }, '0000000d 06 00000001 00004000 00004000'],
  [
    { type: 'piece', piece: p(2), begin: 0, block: fromHex('cafe') },
    '0000000b 07 00000002 00000000 cafe',
  ],
  [{ type: 'cancel', ...block }, '0000000d 08 00000001 00004000 00004000'],
  [{ type: 'suggest', piece: p(3) }, '00000005 0d 00000003'],
  [{ type: 'have-all' }, '00000001 0e'],
  [{ type: 'have-none' }, '00000001 0f'],
  [{ type: 'reject', ...block }, '0000000d 10 00000001 00004000 00004000'],
  [{ type: 'allowed-fast', piece: p(4) }, '00000005 11 00000004'],
  [{ type: 'extended', extendedId: 3, payload: fromHex('6465') }, '00000004 14 03 6465'],
  [{ type: 'unknown', id: 9, payload: fromHex('1ae1') }, '00000003 09 1ae1'],
];

const wrongLengths = [
  '',
  '0000',
  '01ff',
  '02ff',
  '03ff',
  '04',
  '04000000',
  '0400000000ff',
  '06000000010000400000004000ff',
  '0600',
  '0700000001000040',
  '080000',
  '0d',
  '0eff',
  '0fff',
  '10',
  '11ff',
  '14',
];

describe('peer messages', () => {
  it.each(golden)('%o on the wire', (value, spaced) => {
    const bytes = fromHex(spaced.replaceAll(' ', ''));
    expect(toHex(encodeMessage(value))).toBe(toHex(bytes));
    expect(decodeMessage(bytes.subarray(4))).toEqual(value);
  });

  it('decode undoes encode', () => {
    fc.assert(
      fc.property(message, (m) => {
        expect(decodeMessage(encodeMessage(m).subarray(4))).toEqual(m);
      }),
    );
  });

  it.each(wrongLengths)('refuses %s, whose length is not that of its kind', (hex) => {
    expect(() => decodeMessage(fromHex(hex))).toThrow(WireError);
  });

  it('throws nothing but its own error, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), (frame) => {
        try {
          decodeMessage(frame);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
    );
  });

  it('hands out the block as a view of its frame', () => {
    const frame = encodeMessage({ type: 'piece', piece: p(0), begin: 0, block: fromHex('cafe') });
    const read = decodeMessage(frame.subarray(4));
    expect(read.type === 'piece' && read.block.buffer).toBe(frame.buffer);
  });

  it('writes the header of a piece so that header and block are the whole message', () => {
    const bytes = fromHex('0102030405');
    const header = encodePieceHeader({ piece: p(7), begin: 16_384, length: bytes.length });
    const whole = encodeMessage({ type: 'piece', piece: p(7), begin: 16_384, block: bytes });
    expect(toHex(header) + toHex(bytes)).toBe(toHex(whole));
  });
});
