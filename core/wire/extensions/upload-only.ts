/**
 * `upload_only`: a peer wants no more pieces, or wants some again (BEP 21).
 * The BEP knows it in the extension handshake only; libtorrent, whose message this is, tells changes so.
 */
import { WireError } from '../error.ts';
import type { Extension } from '../extension-registry.ts';

export type UploadOnly = { readonly type: 'upload-only'; readonly uploadOnly: boolean };

export const uploadOnly: Extension<UploadOnly> = {
  name: 'upload_only',
  decode(bytes) {
    if (bytes.length !== 1)
      throw new WireError('bad-extension-message', `upload_only of ${bytes.length} bytes`);
    return { type: 'upload-only', uploadOnly: bytes[0] !== 0 };
  },
  encode: (message) => Uint8Array.of(message.uploadOnly ? 1 : 0),
};
