import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { fromHex, toHex } from '../bytes/hex.ts';
import { PieceIndex } from '../torrent/ids.ts';
import { WireError } from './error.ts';
import { ExtensionRegistry } from './extension-registry.ts';
import { type DontHave, ltDonthave } from './extensions/lt-donthave.ts';
import { type UploadOnly, uploadOnly } from './extensions/upload-only.ts';

describe('ExtensionRegistry', () => {
  const registry = new ExtensionRegistry<DontHave | UploadOnly>([ltDonthave, uploadOnly]);

  it('gives ids from 1 up, in the order the extensions are named', () => {
    expect([...registry.ids]).toEqual([
      ['lt_donthave', 1],
      ['upload_only', 2],
    ]);
  });

  it('reads a message by the id it came under', () => {
    expect(registry.decode(1, fromHex('00000102'))).toEqual({ type: 'lost', piece: 258 });
    expect(registry.decode(2, fromHex('01'))).toEqual({ type: 'upload-only', uploadOnly: true });
  });

  it.each([0, 3, 255])('knows nothing of id %d', (extendedId) => {
    expect(registry.decode(extendedId, fromHex('01'))).toBeUndefined();
  });

  it('throws nothing but its own error, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.nat({ max: 255 }), fc.uint8Array({ maxLength: 10 }), (id, bytes) => {
        try {
          registry.decode(id, bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
    );
  });
});

describe('lt_donthave', () => {
  it('is one piece index, in both directions (BEP 54)', () => {
    const message = { type: 'lost', piece: PieceIndex(0xffff_ff02) } as const;
    expect(toHex(ltDonthave.encode(message))).toBe('ffffff02');
    expect(ltDonthave.decode(fromHex('ffffff02'))).toEqual(message);
  });

  it.each(['', '000001', '0000000102'])('of %s is refused', (hex) => {
    expect(() => ltDonthave.decode(fromHex(hex))).toThrow(WireError);
  });
});

describe('upload_only', () => {
  it.each([
    [true, '01'],
    [false, '00'],
  ])('%s is %s, in both directions', (isSo, hex) => {
    const message = { type: 'upload-only', uploadOnly: isSo } as const;
    expect(toHex(uploadOnly.encode(message))).toBe(hex);
    expect(uploadOnly.decode(fromHex(hex))).toEqual(message);
  });

  it.each(['', '0100'])('of %s is refused', (hex) => {
    expect(() => uploadOnly.decode(fromHex(hex))).toThrow(WireError);
  });
});
