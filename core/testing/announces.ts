/** What a peer says of itself to a tracker. */
import { type InfoHash, PeerId } from '../torrent/ids.ts';
import type { AnnounceRequest } from '../tracker/announce.ts';

/** A seeder that has moved nothing yet; `change` what is another's. */
export const seederOf = (
  infoHash: InfoHash,
  change: Partial<AnnounceRequest> = {},
): AnnounceRequest => ({
  infoHash,
  peerId: PeerId('ab'.repeat(20)),
  port: 6881,
  uploaded: 0,
  downloaded: 0,
  left: 0,
  compact: true,
  noPeerId: false,
  ...change,
});
