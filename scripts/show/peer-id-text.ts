/** Peer ids as people see them in file names and lists: their 20 bytes as text (BEP 20). */
import { fromHex } from '../../core/bytes/hex.ts';
import { latin1 } from '../../core/bytes/utf8.ts';
import type { PeerId } from '../../core/torrent/ids.ts';
import { printable } from './printable.ts';

/** Ours are letters, digits and `-`; a stranger's may hold anything and is escaped. */
export const peerIdText = (peerId: PeerId): string => printable(latin1(fromHex(peerId)));
