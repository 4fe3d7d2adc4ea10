/** `lt_donthave`: a peer no longer has a piece it once announced (BEP 54). */
import { PieceIndex } from '../../torrent/ids.ts';
import { WireError } from '../error.ts';
import type { Extension } from '../extension-registry.ts';

export type DontHave = { readonly type: 'lost'; readonly piece: PieceIndex };

const payloadBytes = 4;

export const ltDonthave: Extension<DontHave> = {
  name: 'lt_donthave',
  decode(bytes) {
    if (bytes.length !== payloadBytes)
      throw new WireError('bad-extension-message', `lt_donthave of ${bytes.length} bytes`);
    const piece = new DataView(bytes.buffer, bytes.byteOffset, payloadBytes).getUint32(0);
    return { type: 'lost', piece: PieceIndex(piece) };
  },
  encode({ piece }) {
    const bytes = new Uint8Array(payloadBytes);
    new DataView(bytes.buffer).setUint32(0, piece);
    return bytes;
  },
};
