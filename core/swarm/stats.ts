/** How a torrent and its peers are doing, in numbers: for menus, samples and reports. */
import type { Endpoint, PeerId } from '../torrent/ids.ts';
import type { Instant } from '../time.ts';
import type { PauseReason } from './event.ts';
import type { Peer } from './peer.ts';
import type { Torrent } from './torrent.ts';
import { clientOf } from '../torrent/peer-id.ts';

/** One connected peer. Bytes are payload. */
export type PeerStats = {
  readonly address: Endpoint;
  readonly peerId: PeerId;
  readonly client: string;
  readonly isSeed: boolean;
  readonly bytesDown: number;
  readonly bytesUp: number;
  readonly downBytesPerSec: number;
  readonly upBytesPerSec: number;
  readonly amChoking: boolean;
  readonly amInterested: boolean;
  readonly peerChoking: boolean;
  readonly peerInterested: boolean;
};

/** All but the peers one by one. */
export type TorrentFigures = {
  readonly state: 'opening' | 'downloading' | 'seeding' | 'paused' | 'stopped';
  readonly pauseReason?: PauseReason;
  readonly pieceCount: number;
  readonly piecesHave: number;
  readonly bytesHave: number;
  readonly bytesLeft: number;
  /** Payload since the torrent was added; what was thrown away is counted in both. */
  readonly bytesDown: number;
  readonly bytesWasted: number;
  readonly bytesUp: number;
  readonly downBytesPerSec: number;
  readonly upBytesPerSec: number;
};

export type TorrentStats = TorrentFigures & { readonly peers: readonly PeerStats[] };

export function torrentStats(torrent: Torrent, now: Instant): TorrentStats {
  const peers = torrent.parts.peers.ready().map((peer) => statsOf(peer, now));
  return { ...torrentFigures(torrent, now), peers };
}

/** Cheap enough to be asked of thousands of peers each second. */
export function torrentFigures(torrent: Torrent, now: Instant): TorrentFigures {
  const { downloads, peers, torrent: context, uploads } = torrent.parts;
  const bytesHave = context.pieces.bytesOf(context.have);
  let downBytesPerSec = 0;
  let upBytesPerSec = 0;
  for (const peer of peers.ready()) {
    downBytesPerSec += peer.down.rate(now);
    upBytesPerSec += peer.up.rate(now);
  }
  return {
    state: stateOf(torrent),
    ...(torrent.pauseReason !== undefined && { pauseReason: torrent.pauseReason }),
    pieceCount: context.pieces.count,
    piecesHave: context.have.size,
    bytesHave,
    bytesLeft: context.pieces.length - bytesHave,
    bytesDown: downloads.bytesDown,
    bytesWasted: downloads.bytesWasted,
    bytesUp: uploads.bytesUp,
    downBytesPerSec,
    upBytesPerSec,
  };
}

function stateOf(torrent: Torrent): TorrentFigures['state'] {
  if (torrent.state === 'opening') return 'opening';
  if (torrent.state !== 'running') return 'stopped';
  if (torrent.pauseReason !== undefined) return 'paused';
  return torrent.parts.torrent.picker.isComplete ? 'seeding' : 'downloading';
}

function statsOf(peer: Peer, now: Instant): PeerStats {
  const { amChoking, amInterested, peerChoking, peerInterested } = peer.wire;
  return {
    address: peer.listensAt,
    peerId: peer.peerId as PeerId,
    client: peer.wire.remoteExtensions?.version ?? clientOf(peer.peerId as PeerId),
    isSeed: peer.isSeed,
    bytesDown: peer.down.total,
    bytesUp: peer.up.total,
    downBytesPerSec: peer.down.rate(now),
    upBytesPerSec: peer.up.rate(now),
    amChoking,
    amInterested,
    peerChoking,
    peerInterested,
  };
}
