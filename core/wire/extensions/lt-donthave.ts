/** `lt_donthave`: a peer no longer has a piece it once announced (BEP 54). */
import { PieceIndex } from '../../torrent/ids.ts';
import type { Extension } from '../extension.ts';

export const ltDonthave: Extension<PieceIndex> = {
  name: 'lt_donthave',
  decode: (payload) =>
    payload.length === 4
      ? PieceIndex(new DataView(payload.buffer, payload.byteOffset).getUint32(0))
      : undefined,
  encode: (piece) => {
    const payload = new Uint8Array(4);
    new DataView(payload.buffer).setUint32(0, piece);
    return payload;
  },
};
