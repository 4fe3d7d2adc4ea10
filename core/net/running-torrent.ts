/** One torrent of a running peer: how it stands, and what may be asked of it. */
import { join } from 'node:path';
import type { Endpoint, InfoHash, PeerId } from '../torrent/ids.ts';
import type { Metainfo } from '../torrent/metainfo.ts';
import type { Command } from '../swarm/jobs.ts';
import type { Instant } from '../time.ts';
import type { PauseReason, SwarmEvent } from '../swarm/event.ts';
import type { Peer } from '../swarm/peer.ts';
import type { Priority } from '../swarm/picker/picker.ts';
import type { Torrent } from '../swarm/torrent.ts';
import { clientOf } from '../torrent/peer-id.ts';
import { piecePriorities } from '../swarm/priorities.ts';

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

export type TorrentStats = {
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
  readonly peers: readonly PeerStats[];
};

export type RunningTorrentOptions = {
  readonly metainfo: Metainfo;
  readonly torrent: Torrent;
  /** Where the data lies once it is whole: a file or a directory. */
  readonly dir: string;
  readonly name: string;
  readonly clock: () => Instant;
  readonly command: (command: Command) => void;
};

export class RunningTorrent {
  readonly metainfo: Metainfo;
  readonly path: string;
  /** Resolves when all that is wanted is there; at once for a seed. */
  readonly completed: Promise<void>;
  /** Resolves when the torrent has ended: trackers told, progress saved, files closed. */
  readonly stopped: Promise<void>;
  readonly #options: RunningTorrentOptions;
  #resolveCompleted: () => void = () => undefined;
  #resolveStopped: () => void = () => undefined;

  constructor(options: RunningTorrentOptions) {
    this.#options = options;
    this.metainfo = options.metainfo;
    this.path = join(options.dir, options.name);
    this.completed = new Promise((resolve) => (this.#resolveCompleted = resolve));
    this.stopped = new Promise((resolve) => (this.#resolveStopped = resolve));
  }

  get infoHash(): InfoHash {
    return this.metainfo.infoHash;
  }

  pause(): void {
    this.#options.command({ type: 'pause' });
  }

  /** Goes on after `pause`, or after the disk has been put right. */
  resume(): void {
    this.#options.command({ type: 'resume' });
  }

  /** Asks for files with priority 1 (last) to 7 (first); 0 leaves a file out. */
  prioritise(ofFile: (file: number) => Priority): void {
    const priorities = piecePriorities(this.metainfo, ofFile);
    this.#options.command({ type: 'prioritise', priorities });
  }

  /** Dials these peers without asking a tracker. */
  meet(addresses: readonly Endpoint[]): void {
    this.#options.command({ type: 'meet', addresses });
  }

  /** Ends the connections with this address; it may be dialled again. */
  disconnect(address: Endpoint): void {
    this.#options.command({ type: 'drop', address });
  }

  /** Leaves the swarm: tells the trackers, saves progress, closes the files. */
  stop(): Promise<void> {
    this.#options.command({ type: 'stop' });
    return this.stopped;
  }

  /** The driver's word on what has happened. */
  happened(event: SwarmEvent): void {
    if (event.type === 'completed') this.#resolveCompleted();
    if (event.type === 'stopped') this.#resolveStopped();
  }

  stats(): TorrentStats {
    const { torrent } = this.#options;
    const now = this.#options.clock();
    const { downloads, peers, torrent: context, uploads } = torrent.parts;
    const bytesHave = context.pieces.bytesOf(context.have);
    const stats = peers.ready().map((peer) => statsOf(peer, now));
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
      downBytesPerSec: stats.reduce((sum, peer) => sum + peer.downBytesPerSec, 0),
      upBytesPerSec: stats.reduce((sum, peer) => sum + peer.upBytesPerSec, 0),
      peers: stats,
    };
  }
}

function stateOf(torrent: Torrent): TorrentStats['state'] {
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
