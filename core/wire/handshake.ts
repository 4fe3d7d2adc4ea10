/** The fixed 68 bytes each side sends first (BEP 3, "handshake"; reserved bits of BEP 6 and BEP 10). */
import { InfoHash, PeerId } from '../torrent/ids.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { WireError } from './error.ts';

export type Handshake = {
  readonly infoHash: InfoHash;
  readonly peerId: PeerId;
  /** Eight bytes of capability bits. */
  readonly reserved: Uint8Array;
};

export const handshakeLength = 68;

const protocol = Uint8Array.from('\x13BitTorrent protocol', (c) => c.charCodeAt(0));

/** BEP 6: the third least significant bit of the last byte. */
const fastBit = { byte: 7, mask: 0x04 };
/** BEP 10: the fifth bit from the right of the sixth byte. */
const extensionBit = { byte: 5, mask: 0x10 };

export function reservedBits({
  fast,
  extension,
}: {
  readonly fast: boolean;
  readonly extension: boolean;
}): Uint8Array {
  const reserved = new Uint8Array(8);
  if (fast) reserved[fastBit.byte] = fastBit.mask;
  if (extension) reserved[extensionBit.byte] = extensionBit.mask;
  return reserved;
}

export const supportsFast = (reserved: Uint8Array): boolean => isSet(reserved, fastBit);
export const supportsExtension = (reserved: Uint8Array): boolean => isSet(reserved, extensionBit);

export function encodeHandshake({ infoHash, peerId, reserved }: Handshake): Uint8Array {
  const bytes = new Uint8Array(handshakeLength);
  bytes.set(protocol);
  bytes.set(reserved, 20);
  bytes.set(fromHex(infoHash), 28);
  bytes.set(fromHex(peerId), 48);
  return bytes;
}

/** Reads exactly `handshakeLength` bytes. Throws WireError `bad-protocol-string`. */
export function decodeHandshake(bytes: Uint8Array): Handshake {
  expectProtocol(bytes);
  return {
    reserved: bytes.slice(20, 28),
    infoHash: InfoHash(toHex(bytes.subarray(28, 48))),
    peerId: PeerId(toHex(bytes.subarray(48, 68))),
  };
}

/** Throws as soon as the first bytes of a stream cannot begin a handshake, without waiting for all 68. */
export function expectProtocol(bytes: Uint8Array): void {
  const length = Math.min(bytes.length, protocol.length);
  for (let i = 0; i < length; i += 1)
    if (bytes[i] !== protocol[i])
      throw new WireError('bad-protocol-string', toHex(bytes.subarray(0, protocol.length)));
}

const isSet = (
  reserved: Uint8Array,
  { byte, mask }: { readonly byte: number; readonly mask: number },
): boolean => ((reserved[byte] ?? 0) & mask) !== 0;
