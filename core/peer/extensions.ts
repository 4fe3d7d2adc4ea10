/** The extension protocol as one connection speaks it: what we understand, and what the peer has told of itself (BEP 10). */
import type { PieceIndex } from '../torrent/ids.ts';
import type { ExtensionHandshake } from '../wire/extension.ts';
import type { DontHave } from '../wire/extensions/lt-donthave.ts';
import type { UploadOnly } from '../wire/extensions/upload-only.ts';
import type { Message } from '../wire/message.ts';
import { never } from '../never.ts';
import {
  decodeExtensionHandshake,
  extensionHandshakeId,
  mergeExtensionHandshakes,
} from '../wire/extension.ts';
import { ExtensionRegistry } from '../wire/extension-registry.ts';
import { ltDonthave } from '../wire/extensions/lt-donthave.ts';
import { uploadOnly } from '../wire/extensions/upload-only.ts';

const localExtensions = new ExtensionRegistry<DontHave | UploadOnly>([ltDonthave, uploadOnly]);

/** The extensions we understand, to be named in our extension handshake. */
export const localExtensionIds: ReadonlyMap<string, number> = localExtensions.ids;

/** What an extended message means to the owner. */
export type ExtensionNews =
  /** All that the peer has said of itself so far; again whenever it says more. */
  | { readonly type: 'extensions'; readonly remote: ExtensionHandshake }
  /** The peer no longer has this piece (BEP 54). */
  | { readonly type: 'lost'; readonly piece: PieceIndex }
  /** Under an id that is none of ours. */
  | { readonly type: 'received'; readonly message: Message };

export class PeerExtensions {
  #remote: ExtensionHandshake | undefined;

  /** Undefined until the peer has sent its extension handshake. */
  get remote(): ExtensionHandshake | undefined {
    return this.#remote;
  }

  /** Reads an extended message. Throws WireError. */
  heard(message: Extract<Message, { readonly type: 'extended' }>): ExtensionNews {
    const { extendedId, payload } = message;
    if (extendedId === extensionHandshakeId) return this.#learn(decodeExtensionHandshake(payload));
    const known = localExtensions.decode(extendedId, payload);
    if (known === undefined) return { type: 'received', message };
    switch (known.type) {
      case 'lost':
        return known;
      case 'upload-only':
        return this.#learn({ ids: new Map(), uploadOnly: known.uploadOnly });
      default:
        return never(known);
    }
  }

  #learn(more: ExtensionHandshake): ExtensionNews {
    this.#remote = mergeExtensionHandshakes(this.#remote, more);
    return { type: 'extensions', remote: this.#remote };
  }
}
