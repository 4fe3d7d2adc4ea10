import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { fromHex, toHex } from '../bytes/hex.ts';
import { InfoHash, PeerId } from '../torrent/ids.ts';
import { WireError } from './error.ts';
import {
  decodeHandshake,
  encodeHandshake,
  expectProtocol,
  handshakeLength,
  reservedBits,
  supportsExtension,
  supportsFast,
} from './handshake.ts';

const golden = `13426974546f7272656e742070726f746f636f6c0000000000100004${'ab'.repeat(20)}${'01'.repeat(20)}`;
const hello = {
  infoHash: InfoHash('ab'.repeat(20)),
  peerId: PeerId('01'.repeat(20)),
  reserved: reservedBits({ fast: true, extension: true }),
};

describe('handshake', () => {
  it('is these 68 bytes, in both directions', () => {
    expect(toHex(encodeHandshake(hello))).toBe(golden);
    expect(decodeHandshake(fromHex(golden))).toEqual(hello);
    expect(fromHex(golden)).toHaveLength(handshakeLength);
  });

  it.each([
    { fast: false, extension: false },
    { fast: true, extension: false },
    { fast: false, extension: true },
  ])('says just what is supported: %o', (agreed) => {
    const reserved = reservedBits(agreed);
    expect({ fast: supportsFast(reserved), extension: supportsExtension(reserved) }).toEqual(
      agreed,
    );
  });

  it('is refused at the first byte that differs, without waiting for the rest', () => {
    for (const text of ['GET / HTTP/1.1', '\x16\x03\x01', '\x13BitTorrent protocoL', '\x00'])
      expect(() => expectProtocol(Uint8Array.from(text, (c) => c.charCodeAt(0)))).toThrow(
        WireError,
      );
    for (let length = 0; length <= handshakeLength; length += 1)
      expectProtocol(fromHex(golden).subarray(0, length));
  });

  it('throws nothing but its own error on 68 bytes of anything', () => {
    const any = fc.uint8Array({ minLength: handshakeLength, maxLength: handshakeLength });
    fc.assert(
      fc.property(any, (bytes) => {
        expect(() => decodeHandshake(bytes)).toThrow(WireError);
      }),
    );
  });
});
