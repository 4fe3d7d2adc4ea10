/** Why a connection was ended: what the machine saw, and what only its owner can know. */
import type { WireErrorCode } from '../wire/error.ts';
import type { Violation } from './validation.ts';

export type CloseReason =
  | 'local'
  | 'eof'
  | 'silent'
  | 'handshake-timeout'
  | 'wrong-torrent'
  | 'message-storm'
  | WireErrorCode
  | Violation
  | OwnerReason;

/** Said by the owner in `close`. */
type OwnerReason =
  | 'unknown-torrent'
  | 'torrent-stopped'
  | 'self'
  | 'duplicate'
  | 'banned'
  | 'too-many'
  | 'both-seeds'
  | 'idle'
  | 'request-flood'
  | 'block-flood';
