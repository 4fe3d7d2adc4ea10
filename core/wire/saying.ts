/** One thing a peer says on a connection, as a value, and what it takes on the wire (BEP 3, BEP 6, BEP 10). */
import type { Handshake } from './handshake.ts';
import type { Message } from './message.ts';
import { never } from '../never.ts';
import { encodeHandshake, handshakeLength } from './handshake.ts';
import { encodeMessage } from './message.ts';

/** The handshake that comes first, the empty message that keeps a connection alive, or a message. */
export type Saying =
  | { readonly type: 'handshake'; readonly handshake: Handshake }
  | { readonly type: 'keep-alive' }
  | Message;

/** How a machine takes and gives what is said: encoded, as sockets need it, or as it is, which costs no copies. */
export type Form = 'bytes' | 'values';

/** The length prefix, and with the number of the message. */
const prefixBytes = 4;
const emptyBytes = prefixBytes + 1;

/** Bytes on the wire, the length prefix included: exactly those that `encodeSaying` would write. */
// prettier-ignore
export function sayingLength(saying: Saying): number {
  switch (saying.type) {
    case 'have':           return emptyBytes + 4;
    case 'request':        return emptyBytes + 12;
    case 'piece':          return emptyBytes + 8 + saying.block.length;
    case 'cancel':
    case 'reject':         return emptyBytes + 12;
    case 'suggest':
    case 'allowed-fast':   return emptyBytes + 4;
    case 'choke':
    case 'unchoke':
    case 'interested':
    case 'not-interested':
    case 'have-all':
    case 'have-none':      return emptyBytes;
    case 'bitfield':       return emptyBytes + saying.bits.length;
    case 'extended':       return emptyBytes + 1 + saying.payload.length;
    case 'unknown':        return emptyBytes + saying.payload.length;
    case 'keep-alive':     return prefixBytes;
    case 'handshake':      return handshakeLength;
    default:               return never(saying);
  }
}

/** Bytes in the frame of a message, its length prefix not included: what a limit on frames is about. */
export const frameLength = (message: Message): number => sayingLength(message) - prefixBytes;

const keepAlive = new Uint8Array(prefixBytes);

/** The bytes of it; a keep-alive's are always the same four, not to be changed. */
export function encodeSaying(saying: Saying): Uint8Array {
  switch (saying.type) {
    case 'handshake':
      return encodeHandshake(saying.handshake);
    case 'keep-alive':
      return keepAlive;
    default:
      return encodeMessage(saying);
  }
}
